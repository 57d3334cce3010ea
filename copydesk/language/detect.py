"""Detection of the language of a text.

    text -> pieces -> costs of the main script -> probability of each language -> known language? -> Language

`sampling` chooses the pieces, `scores` adds up the costs of their letters, and `calibration` turns costs into
probabilities. If pieces disagree, the text is in several languages: the best language of the whole is returned, and its
confidence is at most its share of the letters.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from langdetect import PROFILES_DIRECTORY  # noqa: TID251
from numpy.typing import NDArray

from copydesk.article import Language
from copydesk.langmodel.model import CJK, CJK_LANGUAGES, load_model
from copydesk.language.calibration import known_features, known_probability, load_calibration, softmax
from copydesk.language.sampling import sample_pieces
from copydesk.language.scores import Scores, score_pieces

# A name or a loan word would decide a shorter text. Three Han count as nine letters.
_MIN_LETTERS = 9
_MIN_CONFIDENCE = 0.5
# A piece is in another language if the language of the whole has a lower probability in it.
_FOREIGN_PROBABILITY = 0.05
# Languages of the model that are too close to tell apart reliably, as in `copydesk.metadata.languages`.
_TAGS = {"nb": "no", "nn": "no", "ms": "id"}
# The prior cost of languages without a profile in langdetect: less is written in them. Without it, short texts in
# Spanish or Portuguese are taken for Galician or Asturian. `test_language.py` tests the sensitivity.
RARE_LANGUAGE_BITS = 3.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """The best language of a text.

    Attributes:
        tag: the BCP 47 tag; `und` if the text has no letters of a known script.
        letters: the number of letters that were scored.
        probability: the probability of the language, given that it is a known one.
        share: the share of the letters that may be in the language.
        known: the probability that the text is in a known language.
    """

    tag: str = "und"
    letters: int = 0
    probability: float = 0.0
    share: float = 0.0
    known: float = 0.0

    @property
    def confidence(self) -> float:
        """The confidence of the language."""
        return round(self.probability * self.share * self.known, 3)


def detect_language(text: str) -> Language:
    """Detect the language of a text.

    Args:
        text: the repaired text. Of a long one, about 576 characters are scored, plus the words and URLs at the edges of
            the pieces.

    Returns:
        A BCP 47 tag with its confidence; `und` with 0.0 if the text is too short, its language is unknown, or no
        language has a confidence of one half.

    >>> detect_language("The ministry said on Tuesday that the talks would go on.").tag
    'en'
    >>> detect_language("Taxi!").tag
    'und'
    """
    best = find_best_language(text)
    if best.letters < _MIN_LETTERS or best.confidence < _MIN_CONFIDENCE:
        return Language()
    return Language(best.tag, best.confidence)


def find_best_language(text: str) -> Estimate:
    """Return the best language of a text, without a minimum of letters and confidence."""
    scores = score_pieces(sample_pieces(text))
    return _estimate(scores) if scores.languages else Estimate()


def _estimate(scores: Scores) -> Estimate:
    calibration = load_calibration()
    groups = group_languages(scores.languages)
    bits, letters = scores.bits.sum(0), int(scores.main_letters.sum())
    by_tag = np.bincount(groups.tag_indexes, softmax(bits + groups.prior_bits, letters, calibration.temperature))
    best = int(by_tag.argmax())
    has_tag = groups.tag_indexes == best
    column = int(np.where(has_tag, bits, np.inf).argmin())
    features = known_features(bits, column, letters, calibration.usual_bits.get(scores.languages[column]))
    return Estimate(
        tag=groups.tags[best],
        letters=letters,
        probability=float(by_tag[best]),
        share=_same_language_share(scores, has_tag),
        known=known_probability(features, calibration.weights),
    )


def _same_language_share(scores: Scores, has_tag: NDArray[np.bool_]) -> float:
    """Return the share of letters in pieces that may be in the language of the whole.

    Args:
        scores: the scores of the pieces.
        has_tag: which columns are of the language.
    """
    is_foreign = 2 * scores.main_letters < scores.letters
    if len(scores.bits) > 1:
        probabilities = softmax(scores.bits, scores.main_letters, load_calibration().temperature)
        is_foreign |= probabilities[:, has_tag].sum(1) < _FOREIGN_PROBABILITY
    return 1.0 - float(scores.letters[is_foreign].sum() / scores.letters.sum())


@dataclass(frozen=True, eq=False, slots=True)
class Groups:
    """The languages of a script by tag.

    Attributes:
        tags: the tags.
        tag_indexes: the index of the tag of each language.
        prior_bits: the prior cost of each language.
    """

    tags: tuple[str, ...]
    tag_indexes: NDArray[np.intp]
    prior_bits: NDArray[np.float64]


@cache
def group_languages(languages: tuple[str, ...]) -> Groups:
    """Return the languages of a script by tag."""
    tag_of = [_TAGS.get(language, language) for language in languages]
    tags = tuple(dict.fromkeys(tag_of))
    tag_indexes = np.array([tags.index(tag) for tag in tag_of])
    prior_bits = np.where([tag in _common_languages() for tag in tag_of], 0.0, RARE_LANGUAGE_BITS)
    return Groups(tags, tag_indexes, prior_bits)


@cache
def _common_languages() -> frozenset[str]:
    """Return the languages that langdetect has a profile of. Its detector is randomized and is not used."""
    return frozenset({*CJK_LANGUAGES, *(profile.name for profile in Path(PROFILES_DIRECTORY).iterdir())})


@cache
def known_languages() -> frozenset[str]:
    """Return the BCP 47 tags of the languages that can be detected."""
    model = load_model()
    scripts = (CJK, *(script.id for script in model.scripts))
    return frozenset(tag for script in scripts for tag in group_languages(model.languages(script)).tags)


def warm_up() -> None:
    """Load the tables, so that no request waits for them and forked workers share them."""
    detect_language("This sentence loads the tables.")
