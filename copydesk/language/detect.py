"""Detection of the language of a text.

    text -> pieces -> word scores -> sum -> script, best language, probability -> known language? -> Language

`sampling` chooses the pieces, `ngrams` scores words, `scores` decodes their sum, and `open_set` rejects texts in
unknown languages. If pieces disagree, the text is in several languages: the best language of the whole is returned, and
its confidence is at most its share of the letters.

The scores of words are exact integers, so the result does not depend on the cache or the order. Two things are
approximations: a long text is sampled, and every second piece is enough if the result is certain.
`tests/unit/test_language.py` compares both with the scores of the whole text.
"""

from __future__ import annotations

import threading
from functools import cache
from itertools import chain

from copydesk.article import Language
from copydesk.langmodel.bigrams import bigram_models
from copydesk.langmodel.langdetect_profiles import HAN_LANGUAGES, LANGUAGES_BY_SCRIPT
from copydesk.language import open_set
from copydesk.language.ngrams import WordScores, split_words
from copydesk.language.sampling import sample_pieces
from copydesk.language.scores import LanguageScores, decode_scores

# A name or a loan word would decide a shorter text. Three Han count as nine letters.
_MIN_LETTERS = 9
_MIN_CONFIDENCE = 0.5
# If there are more pieces, every second one is scored first. The others are skipped at this confidence.
_MAX_PIECES_SCORED_AT_ONCE = 3
_CERTAIN_CONFIDENCE = 0.95
# A piece is in another language if the language of the whole has a lower probability in it.
_FOREIGN_PROBABILITY = 0.05

_BCP47_TAGS = {"zh-cn": "zh-Hans", "zh-tw": "zh-Hant"}
_lock = threading.Lock()


def detect_language(text: str) -> Language:
    """Detect the language of a text.

    Args:
        text: the repaired text. Of a long one, about 768 characters are scored, plus the words and URLs at the edges of
            the pieces.

    Returns:
        A BCP 47 tag with its confidence; `und` with 0.0 if the text is too short, its language is unknown, or no
        language has a confidence of one half.

    >>> detect_language("The ministry said on Tuesday that the talks would go on.").tag
    'en'
    >>> detect_language("Taxi!").tag
    'und'
    """
    scores, confidence = find_best_language(text)
    if scores.letters < _MIN_LETTERS or confidence < _MIN_CONFIDENCE or scores.tag is None:
        return Language()
    return Language(_BCP47_TAGS.get(scores.tag, scores.tag), round(confidence, 3))


def find_best_language(text: str) -> tuple[LanguageScores, float]:
    """Return the scores of a text and the confidence of its best language, without a minimum."""
    pieces = sample_pieces(text)
    if len(pieces) > _MAX_PIECES_SCORED_AT_ONCE:
        scores, confidence = _score_pieces(pieces[1::2])
        if confidence >= _CERTAIN_CONFIDENCE:
            return scores, confidence
    return _score_pieces(pieces)


def _score_pieces(pieces: list[str]) -> tuple[LanguageScores, float]:
    word_scores = _word_scores()
    words_by_piece = list(map(split_words, pieces))
    sums = [sum(map(word_scores.__getitem__, words)) for words in words_by_piece]
    whole = decode_scores(sum(sums))
    share = _same_language_share(whole, list(map(decode_scores, sums)))
    known = open_set.known_language_probability(whole, chain.from_iterable(words_by_piece))
    return whole, whole.probability(whole.tag) * share * known


def _same_language_share(whole: LanguageScores, pieces: list[LanguageScores]) -> float:
    """Return the share of letters in pieces that may be in the language of the whole."""
    letters = sum(piece.letters for piece in pieces)
    foreign = sum(
        piece.letters
        for piece in pieces
        if piece.tag != whole.tag and piece.probability(whole.tag) < _FOREIGN_PROBABILITY
    )
    return 1.0 - foreign / letters if letters else 0.0


@cache
def known_languages() -> frozenset[str]:
    """Return the BCP 47 tags of the languages that can be detected."""
    return frozenset(
        _BCP47_TAGS.get(tag, tag) for tags in (*LANGUAGES_BY_SCRIPT.values(), HAN_LANGUAGES) for tag in tags
    )


def clear_caches() -> None:
    """Clear the caches of words, to measure the time without them."""
    _word_scores().clear()
    open_set.clear_cache()


def warm_up() -> None:
    """Load the tables, so that no request waits for them and forked workers share them."""
    _word_scores()
    bigram_models()
    split_words("")


def _word_scores() -> WordScores:
    with _lock:
        return _load_word_scores()


@cache
def _load_word_scores() -> WordScores:
    return WordScores()
