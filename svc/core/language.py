"""The language of a text: langdetect behind one function, made steady.

langdetect draws lots (each call may answer differently), loads its profiles lazily (sixteen threads at first call were
seen to get errors and wrong languages), and orders them as the file system does. Here its profiles are loaded once,
under a lock, in alphabetical order, and every detection starts from the same seed.
"""

from __future__ import annotations

import re
import threading
from functools import cache
from pathlib import Path

from langdetect import DetectorFactory, detector_factory  # noqa: TID251
from langdetect.lang_detect_exception import LangDetectException  # noqa: TID251

from svc.core.article import Language

# langdetect costs about 4 µs a character; beyond a thousand it hardly ever changes its mind.
SAMPLE = 1_000

# Below these a name or a loan word decides. A character of a script without letters says as much as a short word.
_FEWEST_LETTERS = 20
_FEWEST_SYLLABLES = 6
_LEAST_CONFIDENCE = 0.5

_LETTER = re.compile(r"[^\W\d_]")
_SYLLABLE = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_KANA_OR_HANGUL = re.compile("[\u3041-\u30ff\uac00-\ud7af]")
# langdetect takes much of traditional Chinese for Korean, whose profile has Han in it.
_CHINESE = {"zh-cn": 0.5, "zh-tw": 0.5}
_TAGS = {"zh-cn": "zh-Hans", "zh-tw": "zh-Hant"}
_lock = threading.Lock()


def detect(text: str) -> Language:
    """Name the language of a text.

    Args:
        text: the text, repaired; its first 1,000 characters are looked at.

    Returns:
        A BCP 47 tag with langdetect's probability for it; `und` with 0.0 when the text is too short to tell or no
        language is likelier than not.

    >>> detect("The ministry said on Tuesday that the talks would go on.").tag
    'en'
    >>> detect("Taxi!").tag
    'und'
    """
    sample = text[:SAMPLE]
    if not _enough(sample):
        return Language()
    detector = _profiles().create()
    if _in_han_alone(sample):
        detector.set_prior_map(_CHINESE)
    detector.append(sample)
    try:
        best, *_ = detector.get_probabilities() or [None]
    except LangDetectException:  # nothing in the text that any profile knows
        best = None
    if best is None or best.prob < _LEAST_CONFIDENCE:
        return Language()
    return Language(_TAGS.get(best.lang, best.lang), round(best.prob, 3))


@cache
def known() -> frozenset[str]:
    """Return the tags of the languages that can be named."""
    return frozenset(_TAGS.get(tag, tag) for tag in _profiles().get_lang_list())


def warm_up() -> None:
    """Load the profiles now (half a second), so that no request pays for it and forked workers share them."""
    _profiles()


def _enough(sample: str) -> bool:
    return len(_LETTER.findall(sample)) >= _FEWEST_LETTERS or len(_SYLLABLE.findall(sample)) >= _FEWEST_SYLLABLES


def _in_han_alone(sample: str) -> bool:
    """Tell whether most letters are Han and none is kana or Hangul: then no language but Chinese is left."""
    return not _KANA_OR_HANGUL.search(sample) and 2 * len(_HAN.findall(sample)) > len(_LETTER.findall(sample))


def _profiles() -> DetectorFactory:
    with _lock:
        return _load()


@cache
def _load() -> DetectorFactory:
    directory = Path(detector_factory.PROFILES_DIRECTORY)
    factory = DetectorFactory()
    factory.load_json_profile([path.read_text(encoding="utf-8") for path in sorted(directory.iterdir())])
    factory.set_seed(0)
    return factory
