"""The profiles of langdetect: how often each language has each letter, pair and triple of letters.

langdetect (Apache-2.0) counted them in Wikipedia, for 55 languages; they are the best free counts there are. Its own
detection draws lots and is not used. Each profile is read when it is asked for and not kept: who reads it, keeps of it
what is needed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from langdetect import detector_factory  # noqa: TID251
from langdetect.utils.ngram import NGram  # noqa: TID251

BY_SCRIPT = {
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
HAN = ("zh-cn", "zh-tw", "ja")
# Han are counted by class: a class is known by one of its characters.
HAN_CLASSES: dict[str, str] = NGram.CJK_MAP


@dataclass(frozen=True, slots=True)
class Profile:
    """The counts of a language: of each gram, and of all grams of one, two and three characters.

    A blank in a gram is the edge of a word.
    """

    counts: dict[str, int]
    totals: tuple[int, int, int]


def read(language: str) -> Profile:
    """Read the profile of a language, by langdetect's own name of it."""
    path = Path(detector_factory.PROFILES_DIRECTORY) / language
    told = json.loads(path.read_text(encoding="utf-8"))
    return Profile(told["freq"], tuple(told["n_words"]))
