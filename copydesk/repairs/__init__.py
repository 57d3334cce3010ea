"""Repair of broken encoding. Clean text is not changed.

`find` proposes edits for all texts of an article. Each has a plan that replays. A text may need several rounds, such as
for mojibake made twice, so the caller repeats `find` until it proposes nothing.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from copydesk.article import Edit, Options
from copydesk.repairs import (
    beyond,
    controls,
    engine,
    entities,
    escapes,
    lossy,
    markers,
    misread_utf8,
    surrogates,
    whole_texts,
)
from copydesk.repairs.engine import Findings, Suspicion, warm_up

__all__ = ["Findings", "Suspicion", "find", "is_binary", "warm_up"]

Pass = Callable[[str, Options], Sequence[Edit]]

# Control characters of terminal logs, and the zero bytes of UTF-16 decoded byte by byte, are not counted. One in ten
# random bytes is one of the others.
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MIN_CONTROL_SHARE, _MIN_BINARY_CHARS = 0.04, 1_000

# The order of the passes: no charset has surrogates, and a lost byte makes its neighbours look wrong. Entities were not
# decoded with the bytes around them: they are decoded later, and may then contain mojibake. Lossy repairs are last.
_BEFORE: tuple[Pass, ...] = (surrogates.edits, markers.edits, whole_texts.edits)
_AFTER: tuple[Pass, ...] = (controls.edits, entities.edits, escapes.edits)


def find(
    texts: Mapping[str, str],
    options: Options,
    declared: str | None = None,
    *,
    search: bool = True,
    decode_entities: bool = True,
) -> Findings:
    """Return the edits of the first pass that proposes any, and suspected damage.

    Args:
        texts: the texts of an article by path.
        options: the options.
        declared: the charset that the text was decoded with, if known.
        search: whether to search for charsets and suspected damage, which costs most.
        decode_entities: whether to decode character references of HTML.

    Surrogates are always repaired: valid JSON cannot contain them.

    >>> [(e.start, e.after, e.plan) for e in find({"text": "Russiaâ€™s"}, Options()).edits["text"]]
    [(6, '’', (('encode', 'windows-1252'), ('decode', 'utf-8')))]
    """
    found = _each(_BEFORE, texts, options)
    if found:
        return Findings(found)
    if decoded := misread_utf8.edits(texts, options):
        return Findings(decoded)
    findings = engine.find(texts, options, declared) if search else Findings()
    if findings.edits:
        return findings
    after = _AFTER if decode_entities else tuple(each for each in _AFTER if each is not entities.edits)
    findings.edits = _each(after, texts, options) or _lost(texts, options)
    if search and not findings.suspicions and options.repair != "off":
        findings.suspicions += beyond.find(texts)
    return findings


def is_binary(text: str) -> bool:
    r"""Return whether a text is binary data: it has more control characters than any text.

    Every charset finds letters in binary data; repairs would cost much and restore nothing.

    >>> is_binary("\x01\x02\x03\x04" * 300), is_binary("A line.\n" * 300)
    (True, False)
    """
    return len(text) >= _MIN_BINARY_CHARS and len(_CONTROL.findall(text)) > _MIN_CONTROL_SHARE * len(text)


def _each(passes: Iterable[Pass], texts: Mapping[str, str], options: Options) -> dict[str, Sequence[Edit]]:
    found: dict[str, Sequence[Edit]] = {}
    for path, text in texts.items():
        for propose in passes:
            edits = propose(text, options)
            if edits:
                found[path] = edits
                break
    return found


def _lost(texts: Mapping[str, str], options: Options) -> dict[str, Sequence[Edit]]:
    main = max(texts.values(), key=len, default="")
    found = {
        path: lossy.closing_quotes(text, options) or lossy.edits(text, options, main) for path, text in texts.items()
    }
    return {path: edits for path, edits in found.items() if edits}
