"""The profiles of langdetect: counts of letters, pairs and triples of letters by language.

langdetect (Apache-2.0) counted them in Wikipedia, for 55 languages. Its detector is randomized and is not used. A
profile is read on each call and not cached: callers keep the part that they need.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from langdetect import detector_factory  # noqa: TID251
from langdetect.utils.ngram import NGram  # noqa: TID251

LANGUAGES_BY_SCRIPT = {
    "Latn": tuple(
        "af ca cs cy da de en es et fi fr hr hu id it lt lv nl no pl pt ro sk sl so sq sv sw tl tr vi".split()
    ),
    "Cyrl": ("ru", "uk", "bg", "mk"),
    "Grek": ("el",),
    "Hebr": ("he",),
    "Arab": ("ar", "fa", "ur"),
    "Thai": ("th",),
    "Deva": ("hi", "mr", "ne"),
    "Beng": ("bn",),
    "Gujr": ("gu",),
    "Guru": ("pa",),
    "Taml": ("ta",),
    "Telu": ("te",),
    "Knda": ("kn",),
    "Mlym": ("ml",),
    "Hang": ("ko",),
}
HAN_LANGUAGES = ("zh-cn", "zh-tw", "ja")
# Han are counted by frequency class. A class is named after one of its characters.
HAN_CLASSES: dict[str, str] = NGram.CJK_MAP
# langdetect merges letters: one ể for all Vietnamese vowels with two marks, the cedillas ş and ţ for ș and ț, and the
# Arabic yeh for the Persian one.
MERGED_LETTERS = {0x219: 0x15F, 0x21B: 0x163, 0x6CC: 0x64A, **dict.fromkeys(range(0x1EA0, 0x1F00), 0x1EC3)}


@dataclass(frozen=True, slots=True)
class Profile:
    """The n-gram counts of a language.

    Attributes:
        counts: the count of each n-gram. A blank in an n-gram is the edge of a word.
        totals: the number of all n-grams of one, two and three characters.
    """

    counts: dict[str, int]
    totals: tuple[int, int, int]


def read_profile(language: str) -> Profile:
    """Read the profile of a language, named by langdetect's tag."""
    path = Path(detector_factory.PROFILES_DIRECTORY) / language
    document = json.loads(path.read_text(encoding="utf-8"))
    return Profile(document["freq"], tuple(document["n_words"]))
