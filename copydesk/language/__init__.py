"""The language of a text: naive Bayes over langdetect's n-grams, the same answer every time.

    text -> pieces -> words -> one sum -> script, likeliest language, how sure -> no stranger? -> Language

`sample` picks the pieces, `words` knows what each word says, `reading` what their sum says, `strangers` whether the
text is in a language that nobody here knows. Where pieces disagree the text is in several languages: the likeliest of
the whole is named, with no more confidence than its share of the letters.

A word's integer is exact: remembered or worked out anew it is the same, and so is the sum in any order. Two things are
approximations: a long text is sampled, and where every second piece is enough to be sure, the others are not read.
`tests/core/test_language.py` holds both against the whole text, word by word.
"""

from __future__ import annotations

import threading
from functools import cache
from itertools import chain

from copydesk.article import Language
from copydesk.langmodel.bigrams import spellings
from copydesk.langmodel.langdetect_profiles import BY_SCRIPT, HAN
from copydesk.language import open_set as strangers
from copydesk.language.ngrams import Words, split
from copydesk.language.sampling import pieces
from copydesk.language.scores import Reading, read

# Below these a name or a loan word decides; three Han count as nine letters.
_FEWEST_LETTERS = 9
_LEAST_CONFIDENCE = 0.5
# Of more pieces than this every second is read first. That is enough if they are so sure together; of all that are read
# none makes the language of the whole less likely than this, or it is in another.
_FEW = 3
_SURE = 0.95
_FOREIGN = 0.05

_TAGS = {"zh-cn": "zh-Hans", "zh-tw": "zh-Hant"}
_lock = threading.Lock()


def detect(text: str) -> Language:
    """Name the language of a text.

    Args:
        text: the text, repaired; up to 768 characters of it are looked at.

    Returns:
        A BCP 47 tag with how likely it is right; `und` with 0.0 when the text is too short to tell, or in a language
        that nobody here knows, or no language is likelier than not.

    >>> detect("The ministry said on Tuesday that the talks would go on.").tag
    'en'
    >>> detect("Taxi!").tag
    'und'
    """
    found, confidence = best_language(text)
    if found.letters < _FEWEST_LETTERS or confidence < _LEAST_CONFIDENCE or found.tag is None:
        return Language()
    return Language(_TAGS.get(found.tag, found.tag), round(confidence, 3))


def best_language(text: str) -> tuple[Reading, float]:
    """Return the reading of a text with its confidence, however unsure: `detect` refuses what is below a half."""
    found = pieces(text)
    if len(found) > _FEW:
        judged = _judged(found[1::2])
        if judged[1] >= _SURE:
            return judged
    return _judged(found)


def _judged(found: list[str]) -> tuple[Reading, float]:
    remembered = _words()
    listed = list(map(split, found))
    sums = [sum(map(remembered.__getitem__, piece)) for piece in listed]
    whole = read(sum(sums))
    share = _share(whole, list(map(read, sums)))
    familiar = strangers.familiar(whole, chain.from_iterable(listed))
    return whole, whole.chance(whole.tag) * share * familiar


def _share(whole: Reading, parts: list[Reading]) -> float:
    """Return the share of letters in pieces that are in the language of the whole, or may well be."""
    letters = sum(part.letters for part in parts)
    foreign = sum(part.letters for part in parts if part.tag != whole.tag and part.chance(whole.tag) < _FOREIGN)
    return 1.0 - foreign / letters if letters else 0.0


@cache
def known_languages() -> frozenset[str]:
    """Return the tags of the languages that can be named."""
    return frozenset(_TAGS.get(tag, tag) for tags in (*BY_SCRIPT.values(), HAN) for tag in tags)


def forget() -> None:
    """Forget the words that were seen, to measure what unseen ones cost."""
    _words().clear()
    strangers.forget()


def warm_up() -> None:
    """Load the tables now (0.2 s, and those of repair), so that no request pays and forked workers share them."""
    _words()
    spellings()
    split("")


def _words() -> Words:
    with _lock:
        return _loaded()


@cache
def _loaded() -> Words:
    return Words()
