"""The Unicode normalisation form: NFC unless the caller asks otherwise.

NFC never changes how a text reads. NFKC does (`10³` becomes `103`), so it is never the default.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from svc.core.article import Edit, Options

# The characters of combining class 0 that compose with the one before them: no cut may be made in front of these.
JOINS_BEFORE = frozenset(
    "\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dcf\u0ddf\u102e\u1b35"
    "\U00011127\U0001133e\U00011357\U000114b0\U000114ba\U000114bd\U000115af\U00011930"
    "\U000113b8\U000113bb\U000113c2\U000113c5\U000113c7\U000113c8\U000113c9\U0001611e\U0001611f\U00016120\U00016129"
    "\U00016d67" + "".join(map(chr, (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))))
)
_RUN = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")


def edits(text: str, options: Options) -> Iterator[Edit]:
    r"""Propose the normalised form of each cluster of characters that isn't.

    >>> [(e.start, e.end, e.after) for e in edits("cafe\u0301 ok", Options())]
    [(3, 5, 'é')]
    """
    form = options.normalization
    if form == "none" or text.isascii() or unicodedata.is_normalized(form, text):
        return
    plan = (("normalize", form),)
    for run in _RUN.finditer(text):
        if not unicodedata.is_normalized(form, run[0]):
            for start, end in _clusters(text, run.start(), run.end(), whole=form == "NFKC"):
                after = unicodedata.normalize(form, text[start:end])
                if after != text[start:end]:
                    yield Edit(start, end, after, "unicode", plan)


def _clusters(text: str, start: int, end: int, *, whole: bool) -> Iterator[tuple[int, int]]:
    """Cut a run where normalisation can't reach across (in NFKC anything may join, so the run stays whole)."""
    for at in range(start + 1, end):
        if not whole and unicodedata.combining(text[at]) == 0 and text[at] not in JOINS_BEFORE:
            yield start, at
            start = at
    yield start, end
