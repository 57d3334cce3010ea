"""Boilerplate lines: "Read more", "Advertisement", share bars, comment prompts.

The danger is that an article may say the same: a section may have the heading “Comments” or “Home”, and a guide may
advise its readers to subscribe. Therefore:

* only whole lines are removed, by a table in some thirty languages,
* lines that start with a quotation stay,
* words that may be the heading of a section are only removed at the end of the text or among other boilerplate,
* credits and copyright lines stay; `credits` marks them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Literal, cast

from copydesk.article import Edit
from copydesk.boilerplate.blocks import line_spans, propose_removals
from copydesk.boilerplate.credits import credit_kind
from copydesk.boilerplate.phrases import SENTENCE_END, GapPhrase, find_row, fold_line, phrase_key
from copydesk.tables import read_rows

Role = Literal["cut", "page", "weak", "share", "number", "text"]

# A longer line is a paragraph.
_MAX_LINE_CHARS = 220
_MIN_NETWORKS_OF_SHARE_BAR = 3
# The number of uncertain lines in a row that are boilerplate together: at the top of the text, and elsewhere.
_MIN_RUN_AT_TOP = 2
_MIN_RUN = 3

_CERTAIN_ROLES: frozenset[Role] = frozenset({"cut", "page"})
_SHARE_BAR_SEPARATORS = re.compile(r"[\s|/•·,]+")
# Characters around a phrase that are ignored.
_EDGE_CHARS = (
    " \t.,:;!?…-–—−_|/\\•·●■□◆◇▪►▶▸▹▼▲◀→←↓↑⇒➡»«›‹<>*=+#~@()[]{}【】「」『』《》〈〉、。※★☆✓✔📷📸👉👇🔗📲💬\ufe0f"
)
_QUOTES = "\"“”„‟‚‘'«「『"
_SPOKEN = re.compile(r"[,.!?…][\"”»“’']|[\"”»][^\w\n]{0,2}\Z")
# The sign between "read more" and a headline.
_HEADLINE_SIGN = re.compile(r"[)\]\"”]? ?[:|>»›→▶►▸➡】\]=]| [-–—] ")
_NETWORKS = (
    "facebook instagram telegram whatsapp youtube linkedin tiktok pinterest threads bluesky viber twitter google+ xing"
).split()


@dataclass(frozen=True, slots=True)
class _Row:
    """The phrases with one key, by the classes that the table documents.

    Attributes:
        whole: the role of a whole line.
        unfinished: whole lines that are certain with an ellipsis.
        leads: phrases before a sign and a headline.
        links: phrases before a headline.
        appeals: the start of an appeal to the reader.
        shares: words of share bars.
    """

    whole: dict[str, Role] = field(default_factory=dict)
    unfinished: set[str] = field(default_factory=set)
    leads: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    appeals: list[GapPhrase] = field(default_factory=list)
    shares: set[str] = field(default_factory=set)


def propose_edits(text: str) -> Iterator[Edit]:
    r"""Propose to remove the boilerplate lines of an article.

    Args:
        text: the normalized text of the article.

    Returns:
        An edit for each line, with the white space on one side of it, in order; none if nothing would be left.

    >>> text = "A fire broke out.\n\nRead more: Port closed\n\nNobody was hurt.\n\nShare"
    >>> [text[edit.start : edit.end].strip() for edit in propose_edits(text)]
    ['Read more: Port closed', 'Share']
    """
    spans = list(line_spans(text))
    lines = [text[start:end] for start, end in spans]
    role_by_line = {line: classify_line(line) for line in dict.fromkeys(lines)}
    roles = [role_by_line[line] for line in lines]
    if roles.count("text") == len(roles):
        return iter(())
    return propose_removals(text, spans, _find_boilerplate(lines, roles))


def classify_line(line: str) -> Role:
    """Return the role of a line, as far as the line alone decides it.

    Returns:
        `cut` for an interruption of the article and `page` for a part of the page around it, both certain; `weak`,
        `share` and `number` if it depends on the lines around it; `text` for all others.

    >>> classify_line("3 min read"), classify_line("Comments"), classify_line("Subscribe or die: the new economics")
    ('page', 'weak', 'text')
    """
    row = find_row(_read_table(), line) if len(line) <= _MAX_LINE_CHARS else None
    if row is None or line[0] in _QUOTES or line[0] == line[-1] == "|":
        return "text"
    folded = fold_line(line)
    core = folded.strip(_EDGE_CHARS)
    if core == "0":
        return "number"
    return _classify_whole_line(line, folded, core, row) or _classify_start(line, folded, row)


def _classify_whole_line(line: str, folded: str, core: str, row: _Row) -> Role | None:
    """Return the role of a line that is an entry of the table, or a share bar."""
    if core in row.unfinished:
        return "page" if folded.endswith("...") else "weak"
    role = row.whole.get(core) or _classify_share_bar(core, row)
    return "text" if role == "weak" and SENTENCE_END.search(line) else role


def _classify_start(line: str, folded: str, row: _Row) -> Role:
    """Return the role of a line by its start."""
    folded = folded.lstrip(_EDGE_CHARS)
    if any(folded.startswith(phrase) and _HEADLINE_SIGN.match(folded, len(phrase)) for phrase in row.leads):
        return "cut"
    if any(folded.startswith(phrase + " ") and _is_before_headline(line, phrase) for phrase in row.links):
        return "cut"
    is_appeal = any(phrase.starts(folded) for phrase in row.appeals)
    return "page" if is_appeal and not _SPOKEN.search(folded) else "text"


def _is_before_headline(line: str, phrase: str) -> bool:
    """Return whether the rest of a line starts like a headline and does not end like a sentence."""
    rest = line.lstrip(_EDGE_CHARS).split()[len(phrase.split()) :]
    return bool(rest) and not rest[0][0].islower() and not SENTENCE_END.search(line)


def _classify_share_bar(core: str, row: _Row) -> Role | None:
    """Return the role of a list of networks: a share bar is certain, but two names may be a list of the article."""
    if not row.shares:
        return None
    words = set(_SHARE_BAR_SEPARATORS.split(core)) - {"", "0"}
    if not _share_words().issuperset(words):
        return None
    return "page" if len(words) >= _MIN_NETWORKS_OF_SHARE_BAR and "," not in core else "share"


def _find_boilerplate(lines: Sequence[str], roles: Sequence[Role]) -> set[int]:
    """Return the indices of the lines to remove: the certain ones, and uncertain ones with evidence around them."""
    removed = {i for i, role in enumerate(roles) if role in _CERTAIN_ROLES}
    tail = _tail_start(lines, roles)
    for is_uncertain, run in groupby(range(tail), lambda i: roles[i] not in {"text", "number"}):
        indices = list(run)
        first = indices[0]
        if not is_uncertain or _is_after_colon(lines, first):
            continue
        if _is_boilerplate_run([roles[i] for i in indices], first):
            removed.update(indices)
    return removed | {i for i in range(tail, len(lines)) if roles[i] != "text"}


def _is_boilerplate_run(roles: Sequence[Role], first: int) -> bool:
    """Return whether a run of lines is boilerplate: it has a certain line, or enough uncertain ones."""
    weak, share = roles.count("weak"), roles.count("share")
    if "page" in roles:
        return not share or weak + share > 1
    return weak > 0 and weak + share >= (_MIN_RUN if first else _MIN_RUN_AT_TOP)


def _is_after_colon(lines: Sequence[str], i: int) -> bool:
    """Return whether the previous line announces a list, as in `The app is on:`."""
    return i > 0 and lines[i - 1].endswith((":", "："))


def _tail_start(lines: Sequence[str], roles: Sequence[Role]) -> int:
    """Return the index from which on all lines are boilerplate or credits.

    A number belongs to the tail only after another line of it (`Comments`, `224`): a table may end in numbers.
    """
    tail = i = len(lines)
    while i and (roles[i - 1] != "text" or credit_kind(lines[i - 1])):
        i -= 1
        if roles[i] not in {"text", "number"}:
            tail = i
    return len(lines) if _is_after_colon(lines, i) else tail


@cache
def _read_table() -> dict[str, _Row]:
    """Read the table, by the key of each phrase."""
    rows: dict[str, _Row] = {"0": _Row()}
    for phrase_class, phrase in read_rows("copydesk.boilerplate", "data/phrases.txt"):
        _add_phrase(rows.setdefault(phrase_key(phrase), _Row()), phrase_class, fold_line(phrase))
    for key, row in rows.items():
        first_word_row = rows.get(key.partition(" ")[0], row)
        if first_word_row is not row:
            row.appeals.extend(first_word_row.appeals)
            row.shares.update(first_word_row.shares)
    return rows


def _add_phrase(row: _Row, phrase_class: str, phrase: str) -> None:
    if phrase_class == "start":
        for network in _NETWORKS if "{network}" in phrase else ("",):
            row.appeals.append(GapPhrase.parse(phrase.lstrip(_EDGE_CHARS).replace("{network}", network)))
    elif phrase_class in {"lead", "link"}:
        (row.leads if phrase_class == "lead" else row.links).append(phrase)
    elif phrase_class in {"share", "wait"}:
        (row.shares if phrase_class == "share" else row.unfinished).add(phrase)
    else:
        row.whole[phrase.strip(_EDGE_CHARS)] = cast("Role", phrase_class)


@cache
def _share_words() -> frozenset[str]:
    return frozenset(word for row in _read_table().values() for word in row.shares)
