"""Unicode normalization: NFC by default.

NFC never changes how a text reads. NFKC does (`10³` becomes `103`), so it is not the default.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

from copydesk.article import Edit, Options
from copydesk.changes.edits import LazyEdits, Replacement
from copydesk.transforms.unicode_form import Form, combining_marks, normalize

# Characters of combining class 0 that compose with the character before them. A cluster must not end before one.
COMPOSING_STARTERS = frozenset(
    "\u09be\u09d7\u0b3e\u0b56\u0b57\u0bbe\u0bd7\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dcf\u0ddf\u102e\u1b35"
    "\U00011127\U0001133e\U00011357\U000114b0\U000114ba\U000114bd\U000115af\U00011930"
    "\U000113b8\U000113bb\U000113c2\U000113c5\U000113c7\U000113c8\U000113c9\U0001611e\U0001611f\U00016120\U00016129"
    "\U00016d67" + "".join(map(chr, (*range(0x1161, 0x1176), *range(0x11A8, 0x11C3))))
)
# Code points of the characters that NFC changes, or that compose with the one before them.
_CODE_POINTS = (*range(0x300, 0x1F000), *range(0x2F800, 0x2FA20))
# In a longer text, a run of non-ASCII characters stays whole: a million clusters would cost seconds.
_MAX_CLUSTERED_CHARS = 100_000
# In NFKC any characters may compose, so a run of non-ASCII characters stays whole.
_NON_ASCII_RUN = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")


def propose_edits(text: str, options: Options) -> Sequence[Edit]:
    r"""Propose the normalized form of each cluster of characters that is not normalized.

    >>> [(e.start, e.end, e.after) for e in propose_edits("cafe\u0301 ok", Options())]
    [(3, 5, 'é')]
    """
    form = options.normalization
    if form == "none" or text.isascii() or unicodedata.is_normalized(form, text):
        return ()
    return LazyEdits(text, list(_normalize_clusters(text, form)), "unicode", (("normalize", form),))


def _normalize_clusters(text: str, form: Form) -> Iterator[Replacement]:
    normalized: dict[str, str] = {}
    has_clusters = form == "NFC" and len(text) <= _MAX_CLUSTERED_CHARS
    for run in _NON_ASCII_RUN.finditer(text):
        if unicodedata.is_normalized(form, run[0]):
            continue
        for match in _cluster_pattern().finditer(text, *run.span()) if has_clusters else [run]:
            cluster = match[0]
            after = normalized.get(cluster)
            if after is None:
                after = normalized[cluster] = normalize(form, cluster)
            if after != cluster:
                yield *match.span(), after


@cache
def _cluster_pattern() -> re.Pattern[str]:
    """Return the pattern of the clusters that NFC may change. No composition crosses the edges of a cluster."""
    characters = list(map(chr, _CODE_POINTS))
    followers = COMPOSING_STARTERS | combining_marks()
    unstable = [
        character
        for character in characters
        if character not in followers and not unicodedata.is_normalized("NFC", character)
    ]
    follower = f"[{''.join(sorted(followers))}]"
    return re.compile(f"[^{follower[1:]}?{follower}+|[{''.join(unstable)}]", re.DOTALL)
