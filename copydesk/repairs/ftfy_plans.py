"""What ftfy proposes: UTF-8 read as a single-byte charset, C1 controls, and lines that are damaged in parts.

ftfy knows some damage that no pair of charsets replays. It is asked about suspicious lines that the judge found no
better plan for; the judge then hears its proposal like any other. What it finds is cut down to the characters that
really change, each with the plan that made them, so that a clean `é` on the same line is neither touched nor reported.
Of ftfy's own habits only those are used that restore exactly what was there: it never gets to straighten quotes, split
ligatures, change widths or put U+FFFD in the place of what it could not read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import ftfy  # noqa: TID251
from ftfy import chardata  # noqa: TID251
from ftfy.badness import is_bad  # noqa: TID251

from copydesk.article import Edit, Kind, Options, Plan, Step
from copydesk.changes.plan import replay
from copydesk.encoding.charsets import CODECS
from copydesk.langmodel.bigrams import BIT
from copydesk.repairs.hypotheses import beyond_ascii
from copydesk.repairs.judge import Context, bits
from copydesk.repairs.weight import weigh

# Passed as a config object: ftfy ignores these switches when they come as keywords to fix_text.
_STANDARD = ftfy.TextFixerConfig(unescape_html=False, replace_lossy_sequences=False)
_SAFE = _STANDARD._replace(restore_byte_a0=False, decode_inconsistent_utf8=False)

_CHARSETS = {codec: name for name, codec in CODECS.items()} | {
    "latin-1": "iso-8859-1",
    "macroman": "macintosh",
    "windows-1252": "windows-1252",
}
_STEPS: dict[str, Step] = {"restore_byte_a0": ("restore-nbsp",), "fix_c1_controls": ("decode-c1",)}

# From fine to coarse: the pieces of a line that a plan may be applied to on their own.
_PIECES = (
    re.compile(r"[^\x00-\x7f]+"),
    re.compile(r"[^\x00-\x7f](?:[^\x00-\x7f]| (?=[^\x00-\x7f])| )*"),
    re.compile(r".+", re.DOTALL),
)

# ftfy alters text only where its heuristic calls it mojibake; of 74,000 real sentences in 75 languages it changed 303,
# all looked at truly damaged. A sub-string repaired without its line has less evidence behind it.
_LINE_CONFIDENCE = 0.99
_PART_CONFIDENCE = 0.95
# Its heuristic knows things that the judge does not: it is overruled only when that is far dearer.
_SLACK = 25 * BIT
# Of so few characters it can't know better: `IRMÃ®` is a name.
_SHORT = 2


def edits(line: str, offset: int, options: Options, context: Context) -> list[Edit]:
    r"""Return ftfy's repairs of one line, unless the judge finds what comes of them much worse.

    >>> line = "clean é, broken Ã©"
    >>> [(e.start, e.end, e.after) for e in edits(line, 0, Options(), Context(line))]
    [(16, 18, 'é')]
    """
    config = _SAFE if options.repair == "safe" else _STANDARD
    proposed = list(_line_edits(line, offset, config))
    return proposed if all(_bearable(edit, line, edit.start - offset, context) for edit in proposed) else []


def _bearable(edit: Edit, line: str, start: int, context: Context) -> bool:
    was = line[start : start + edit.end - edit.start]
    if ("restore-nbsp",) in edit.plan and line[:start][-1:].isupper():
        return False  # a capital word that ends in Ã, and a plain space
    return _bits(edit.after, context) <= _bits(was, context) + (_SLACK if len(beyond_ascii(was)) > _SHORT else 0)


@lru_cache(1 << 12)
def _bits(token: str, context: Context) -> int:
    return bits([weigh(token)], context)


def _line_edits(line: str, offset: int, config: ftfy.TextFixerConfig) -> Iterable[Edit]:
    steps = _explained(line, config)
    plan = _plan(steps)
    if plan:
        return cut(line, offset, plan)
    return _embedded(line, offset, config) if steps else ()


@lru_cache(1 << 8)
def _explained(line: str, config: ftfy.TextFixerConfig) -> tuple[ftfy.ExplanationStep, ...]:
    return tuple(ftfy.fix_encoding_and_explain(line, config)[1] or ())


def _plan(steps: Iterable[ftfy.ExplanationStep]) -> Plan:
    """Turn ftfy's steps into ours, up to the first that works on parts of a line only."""
    plan: list[Step] = []
    for action, name in steps:
        if name == "decode_inconsistent_utf8":
            break
        plan.append((action, _CHARSETS[name]) if action in ("encode", "decode") else _STEPS[name])
    return tuple(plan)


def cut(line: str, offset: int, plan: Plan) -> list[Edit]:
    """Cut what a plan does to a line down to the pieces it changes, as fine as gives the same result."""
    plan, fixed = _plainest(plan, line)
    for pattern in _PIECES:
        pieces = [(match.start(), match.end(), _try(plan, match[0])) for match in pattern.finditer(line)]
        out, at = [], 0
        for start, end, after in pieces:
            out += [line[at:start], line[start:end] if after is None else after]
            at = end
        if "".join((*out, line[at:])) == fixed:
            return [
                Edit(
                    start + offset, end + offset, after, _kind(plan), _lossless(plan, line[start:end]), _LINE_CONFIDENCE
                )
                for start, end, after in pieces
                if after is not None and after != line[start:end]
            ]
    raise AssertionError("a line is a piece of itself")


def _plainest(plan: Plan, line: str) -> tuple[Plan, str]:
    """Say utf-8 where ftfy says cesu-8 but the text needs no more than UTF-8, and leave out what restores nothing."""
    fixed = replay(_lossless(plan, line), line)
    plain = tuple((step[0], "utf-8") if step[1:] == ("cesu-8",) else step for step in plan)
    shorter = tuple(step for step in plain if step != ("restore-nbsp",))
    return next((other for other in (shorter, plain) if _try(other, line) == fixed), plan), fixed


def _lossless(plan: Plan, piece: str) -> Plan:
    """Keep U+FFFD through a plan: ftfy's charsets write it as U+001A, a control that tidying would take away."""
    return (*plan, ("replace", "\x1a", "\ufffd")) if "\ufffd" in piece and "\x1a" not in piece else plan


def _try(plan: Plan, piece: str) -> str | None:
    try:
        return replay(_lossless(plan, piece), piece)
    except UnicodeError:
        return None


def _kind(plan: Plan) -> Kind:
    return "charset" if plan[-1] in (("decode", "windows-1252"), ("decode-c1",)) else "mojibake"


def _embedded(line: str, offset: int, config: ftfy.TextFixerConfig) -> Iterator[Edit]:
    """Repair the sub-strings that look like mojibake each on its own, as ftfy's decode_inconsistent_utf8 does."""
    for match in chardata.UTF8_DETECTOR_RE.finditer(line):
        if len(match[0]) < len(line) and is_bad(match[0]):
            plan = _plan(_explained(match[0], config))
            after = _try(plan, match[0]) if plan else None
            if after is not None:
                start = offset + match.start()
                exact = _lossless(plan, match[0])
                yield Edit(start, start + len(match[0]), after, _kind(plan), exact, _PART_CONFIDENCE)
