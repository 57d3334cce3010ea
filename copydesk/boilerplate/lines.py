"""Lines of the page that are no part of the article: "Read more", "Advertisement", share bars, comment prompts.

One extracted text in eight holds some. The danger is that an article may say the same: a section may be headed
“Comments” or “Home”, a guide may tell its readers to subscribe. So only whole lines go, by a table in some thirty
languages; a line that opens with a quotation stays; and a word that may as well head a section goes only at the end of
the text, or among other furniture of the page. Credits and copyright lines stay: `metadata.credits` marks them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import groupby
from typing import Literal, cast

from copydesk.article import Edit
from copydesk.boilerplate.credits import credit_kind
from copydesk.boilerplate.duplicates import fold, opening, removals, spans

Role = Literal["cut", "page", "weak", "share", "number", "text"]

# A longer line is a paragraph. A star in the table stands for at most so many characters.
_LONGEST, _LONGEST_GAP = 220, 60

_CERTAIN: frozenset[Role] = frozenset({"cut", "page"})
_BETWEEN = re.compile(r"[\s|/•·,]+")
_EDGES = " \t.,:;!?…-–—−_|/\\•·●■□◆◇▪►▶▸▹▼▲◀→←↓↑⇒➡»«›‹<>*=+#~@()[]{}【】「」『』《》〈〉、。※★☆✓✔📷📸👉👇🔗📲💬\ufe0f"
_QUOTES = "\"“”„‟‚‘'«「『"
_SPOKEN = re.compile(r"[,.!?…][\"”»“’']|[\"”»][^\w\n]{0,2}\Z")
_SENTENCE = re.compile(r"[.!?。！？।][^\w\n]{0,2}\Z")
# What stands between "read more" and a headline.
_SIGN = re.compile(r"[)\]\"”]? ?[:|>»›→▶►▸➡】\]=]| [-–—] ")
_NETWORKS = (
    "facebook instagram telegram whatsapp youtube linkedin tiktok pinterest threads bluesky viber twitter google+ xing"
).split()


@dataclass(frozen=True, slots=True)
class _Row:
    """What the table holds of phrases that open alike; `starts` has what must follow after a gap, if anything."""

    whole: dict[str, Role] = field(default_factory=dict)
    waiting: set[str] = field(default_factory=set)
    leads: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    starts: dict[str, list[str]] = field(default_factory=dict)
    shares: set[str] = field(default_factory=set)


def edits(text: str) -> Iterator[Edit]:
    r"""Propose to remove the lines that are no part of the article.

    Args:
        text: the text of the article, tidied.

    Returns:
        An edit for each line, with the white space on one side of it, in order of place; none if nothing would be left.

    >>> text = "A fire broke out.\n\nRead more: Port closed\n\nNobody was hurt.\n\nShare"
    >>> [text[edit.start : edit.end].strip() for edit in edits(text)]
    ['Read more: Port closed', 'Share']
    """
    places = list(spans(text))
    lines = [text[start:end] for start, end in places]
    known = {line: role(line) for line in dict.fromkeys(lines)}
    roles = [known[line] for line in lines]
    if roles.count("text") == len(roles):
        return iter(())
    return removals(text, places, _dropped(lines, roles))


def role(line: str) -> Role:
    """Tell what a line is, as far as the line alone can tell.

    Returns:
        `cut` for an interruption of the article and `page` for furniture of the page, both certain; `weak`, `share` and
        `number` for what depends on the lines around it; `text` for all else.

    >>> role("3 min read"), role("Comments"), role("Subscribe or die: the new economics")
    ('page', 'weak', 'text')
    """
    row = _row(opening(line)) if len(line) <= _LONGEST else None
    if not row or line[0] in _QUOTES or line[0] == line[-1] == "|":
        return "text"
    plain = fold(line)
    folded = plain.strip(_EDGES)
    return "number" if folded == "0" else _whole(line, plain, folded, row) or _beginning(line, plain, row)


def _whole(line: str, plain: str, folded: str, row: _Row) -> Role | None:
    """Tell the role of a line that the table has as it stands, or that is a share bar."""
    known = row.whole.get(folded) or _bar(folded, row)
    if folded in row.waiting:
        return "page" if plain.endswith("...") else "weak"
    return "text" if known == "weak" and _SENTENCE.search(line) else known


def _beginning(line: str, plain: str, row: _Row) -> Role:
    """Tell the role of a line by how it begins."""
    plain = plain.lstrip(_EDGES)
    if any(plain.startswith(phrase) and _SIGN.match(plain, len(phrase)) for phrase in row.leads):
        return "cut"
    if any(plain.startswith(phrase + " ") and _is_headline(line, phrase) for phrase in row.links):
        return "cut"
    appeals = any(plain.startswith(start) and _follows(plain, start, row.starts[start]) for start in row.starts)
    return "page" if appeals and not _SPOKEN.search(plain) else "text"


def _is_headline(line: str, phrase: str) -> bool:
    """Whether what follows a phrase begins like a headline and does not end like a sentence."""
    rest = line.lstrip(_EDGES).split()[len(phrase.split()) :]
    return bool(rest) and not rest[0][0].islower() and not _SENTENCE.search(line)


def _follows(plain: str, start: str, wanted: Sequence[str]) -> bool:
    return any(plain.find(then, len(start), len(start) + _LONGEST_GAP + len(then)) >= 0 for then in wanted)


def _bar(folded: str, row: _Row) -> Role | None:
    """Tell a share bar, three networks or more in a row, from names that may be a list of the article."""
    if not row.shares:
        return None
    words = set(_BETWEEN.split(folded)) - {"", "0"}
    if not _sharing().issuperset(words):
        return None
    return "page" if len(words) > 2 and "," not in folded else "share"


def _dropped(lines: Sequence[str], roles: Sequence[Role]) -> set[int]:
    """Return the numbers of the lines to remove: the certain ones, and the uncertain whose neighbours tell."""
    dropped = {at for at, role in enumerate(roles) if role in _CERTAIN}
    tail = _tail(lines, roles)
    for uncertain, run in groupby(range(tail), lambda at: roles[at] not in {"text", "number"}):
        numbers = list(run)
        if uncertain and not _is_list(lines, numbers[0]) and _is_furniture([roles[at] for at in numbers], numbers[0]):
            dropped.update(numbers)
    return dropped | {at for at in range(tail, len(lines)) if roles[at] != "text"}


def _is_furniture(roles: Sequence[Role], first: int) -> bool:
    """Whether a run of lines gives itself away: by one that is certain, or by how many there are."""
    weak, share = roles.count("weak"), roles.count("share")
    if "page" in roles:
        return not share or weak + share > 1
    return weak > 0 and weak + share >= (3 if first else 2)


def _is_list(lines: Sequence[str], first: int) -> bool:
    """Whether the line before announces a list, as in `The app is on:`."""
    return first > 0 and lines[first - 1].endswith((":", "："))


def _tail(lines: Sequence[str], roles: Sequence[Role]) -> int:
    """Return where the end of the text begins that is furniture of the page and credits, nothing else.

    A number belongs to it only after something else (`Comments`, `224`): a table may end in numbers.
    """
    first = at = len(lines)
    while at and (roles[at - 1] != "text" or credit_kind(lines[at - 1])):
        at -= 1
        if roles[at] not in {"text", "number"}:
            first = at
    return len(lines) if _is_list(lines, at) else first


def _row(key: str) -> _Row | None:
    """Look up what opens like a line, or what opens with its first word alone."""
    table = _table()
    row = table.get(key)
    return table.get(key.partition(" ")[0]) if row is None and " " in key else row


@cache
def _table() -> dict[str, _Row]:
    """Read the table, by the first letters of each phrase."""
    rows: dict[str, _Row] = {"0": _Row()}
    for line in files(__package__).joinpath("data/phrases.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, phrase = line.split("\t")
            _enter(rows.setdefault(opening(phrase), _Row()), kind, fold(phrase))
    for key, row in rows.items():
        first = rows.get(key.partition(" ")[0], row)
        row.starts.update(first.starts)
        row.shares.update(first.shares)
    return rows


def _enter(row: _Row, kind: str, phrase: str) -> None:
    if kind == "start":
        for name in _NETWORKS if "{network}" in phrase else ("",):
            start, _, then = phrase.lstrip(_EDGES).replace("{network}", name).partition("*")
            row.starts.setdefault(start, []).append(then.rstrip())
    elif kind in {"lead", "link"}:
        (row.leads if kind == "lead" else row.links).append(phrase)
    elif kind in {"share", "wait"}:
        (row.shares if kind == "share" else row.waiting).add(phrase)
    else:
        row.whole[phrase.strip(_EDGES)] = cast("Role", kind)


@cache
def _sharing() -> frozenset[str]:
    return frozenset(word for row in _table().values() for word in row.shares)
