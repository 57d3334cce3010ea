"""Articles in UTF-8 that were decoded entirely as one other charset.

If all characters beyond ASCII of an article are valid UTF-8 in one charset, and there are many words with them, nobody
wrote them on purpose. So these articles, which are the most frequent damaged ones, need no search.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from copydesk.article import Edit, Options, Plan
from copydesk.encoding.charsets import CODECS
from copydesk.repairs.byte_tables import SINGLE_BYTE
from copydesk.repairs.readings import UTF8
from copydesk.repairs.screen import split_words

# An article needs this number of different damaged words. Text about encodings shows single damaged characters: this
# share of the words must have more than one letter.
_MIN_WORDS, _MIN_WORD_SHARE = 12, 0.8
# A charset is tried with this number of words first.
_SAMPLE_WORDS = 4
_CHARSETS = (SINGLE_BYTE[0], "iso-8859-1", *SINGLE_BYTE[1:])
_RUN = re.compile(r"[^\x00-\x7f]+")
# A character in UTF-8 has two bytes or more.
_LONE = re.compile(r"[^\x00-\x7f](?<![^\x00-\x7f]{2})(?![^\x00-\x7f])")
_CONTROL = re.compile("[\x7f-\x9f\ufffd]")
_CONFIDENCE = 0.999


def edits(texts: Mapping[str, str], options: Options) -> dict[str, Sequence[Edit]]:
    """Propose to decode all characters beyond ASCII of an article, by path.

    >>> lines = [f"{word}Ã©e et {word}Ã¨re" for word in ("ann", "entr", "lev", "journ", "soir", "mati")]
    >>> [edit.after for edit in edits({"text": ", ".join(lines)}, Options())["text"]][:4]
    ['é', 'è', 'é', 'è']
    """
    joined = "\n".join(texts.values())
    if options.repair == "off" or joined.isascii() or _LONE.search(joined):
        return {}
    words = list(dict.fromkeys(word for word in split_words(joined) if not word.isascii()))
    if len(words) < _MIN_WORDS:
        return {}
    sample = " ".join(words[:_SAMPLE_WORDS])
    for charset in _CHARSETS:
        codec = CODECS[charset]
        if _decode(sample, codec) and (decoded := _decode(joined, codec)):
            return _decode_runs(texts, charset) if _is_text(decoded) else {}
    return {}


def _decode(text: str, codec: str) -> str | None:
    try:
        return text.encode(codec).decode()
    except UnicodeError:
        return None


def _is_text(decoded: str) -> bool:
    """Return whether a decoded article needs no further repair, and most of its words have several letters."""
    if _CONTROL.search(decoded) or not unicodedata.is_normalized("NFC", decoded):
        return False
    words = {word for word in split_words(decoded) if not word.isascii()}
    long_words = sum(sum(map(str.isalpha, word)) > 1 for word in words)
    return long_words >= _MIN_WORD_SHARE * len(words)


def _decode_runs(texts: Mapping[str, str], charset: str) -> dict[str, Sequence[Edit]]:
    codec = CODECS[charset]
    plan: Plan = (("encode", charset), ("decode", UTF8))
    found: dict[str, Sequence[Edit]] = {}
    for path, text in texts.items():
        matches = list(_RUN.finditer(text))
        if matches:
            found[path] = [
                Edit(*match.span(), match[0].encode(codec).decode(), "mojibake", plan, _CONFIDENCE) for match in matches
            ]
    return found
