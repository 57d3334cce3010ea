"""Repair: broken encoding, restored; clean text, left alone.

`find` looks at all texts of an article and proposes repairs. It never proposes one that it can't explain: each carries
a plan that `replay` can apply to what stood there before. A text may need several rounds (an entity that hides
mojibake, mojibake made twice): the caller asks again until there is nothing more to propose.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from copydesk.article import Edit, Options
from copydesk.langmodel import bigrams as spelling
from copydesk.repairs import entities, escapes, lossy, mojibake, outlook, surrogates
from copydesk.repairs.mojibake import Findings, Suspicion

__all__ = ["Findings", "Suspicion", "find", "is_binary", "warm_up"]

Pass = Callable[[str, Options], Sequence[Edit]]

# Controls that text may have are not counted: those in logs of terminals, and the zeros of UTF-16 that was read byte by
# byte. Random bytes have one in ten of the others.
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_NOISE, _LEAST_NOISE = 0.04, 1_000

# Surrogates are in no charset, and a lost byte would mislead whoever looks at those beside it. What entities hold was
# never misread with the bytes around them: they are read when those are right, and may then turn out to hold mojibake
# themselves. What was lost for good is looked at last.
_BEFORE: tuple[Pass, ...] = (surrogates.edits, lossy.closing_quotes)
_AFTER: tuple[Pass, ...] = (entities.edits, escapes.edits)


def find(texts: Mapping[str, str], options: Options, declared: str | None = None) -> Findings:
    """Return the repairs that the first pass with anything to say proposes, and what is only suspected.

    Args:
        texts: the texts of an article by path.
        options: what may be repaired, and how sure it must be.
        declared: the name of the charset that somebody says to have decoded the text with.

    Surrogates are always dealt with, whatever the options say: no valid answer can hold them.

    >>> [(e.start, e.after, e.plan) for e in find({"text": "Russiaâ€™s"}, Options()).edits["text"]]
    [(6, '’', (('encode', 'windows-1252'), ('decode', 'utf-8')))]
    """
    found = _each(_BEFORE, texts, options)
    if found:
        return Findings(found)
    findings = mojibake.find(texts, options, declared)
    if findings.edits:
        return findings
    return Findings(_each(_AFTER, texts, options) or _lost(texts, options), findings.suspicions)


def is_binary(text: str) -> bool:
    r"""Return whether a text is binary data: it has more control characters than any text.

    Every charset finds letters in binary data; repairs would cost much and restore nothing.

    >>> is_binary("\x01\x02\x03\x04" * 300), is_binary("A line.\n" * 300)
    (True, False)
    """
    return len(text) >= _LEAST_NOISE and len(_CONTROL.findall(text)) > _NOISE * len(text)


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
    found = {path: lossy.edits(text, options, main) for path, text in texts.items()}
    return {path: edits for path, edits in found.items() if edits}


def warm_up() -> None:
    """Load what the judge knows (0.4 s), so that no request pays for it and forked workers share it."""
    spelling.spellings()
    outlook.warm_up()
