"""Statistics of a text: the number of paragraphs and words, and a hash of its content."""

from __future__ import annotations

import hashlib
import re

_BLANK_LINE = re.compile(r"\n\s*\n")
# Han and kana have no spaces between words: each counts as a word.
_IDEOGRAPH = "\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_IDEOGRAPHS = re.compile(f"[{_IDEOGRAPH}]+")
_PLAIN_WORD = re.compile(r"\w+(?:['’\-]\w+)*")


def count_paragraphs(text: str) -> int:
    r"""Count the blocks between blank lines, or the lines of a text without blank lines.

    >>> count_paragraphs("one\nstill one\n\ntwo"), count_paragraphs("one\ntwo"), count_paragraphs("")
    (2, 2, 0)
    """
    blocks = _BLANK_LINE.split(text) if _BLANK_LINE.search(text) else text.split("\n")
    return sum(1 for block in blocks if block.strip())


def count_words(text: str) -> int:
    """Count words: runs of letters and digits, with apostrophes and hyphens inside them, and single Han and kana.

    >>> count_words("Russia’s well-known 5G plan"), count_words("你好，世界")
    (4, 4)
    """
    if text.isascii() or not _IDEOGRAPHS.search(text):
        return len(_PLAIN_WORD.findall(text))
    return sum(map(len, _IDEOGRAPHS.findall(text))) + len(_PLAIN_WORD.findall(_IDEOGRAPHS.sub(" ", text)))


def content_hash(text: str) -> str:
    """Return the SHA-256 of the UTF-8 of a text, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
