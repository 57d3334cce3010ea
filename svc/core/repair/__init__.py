"""Repair: broken encoding, restored; clean text, left alone.

`find` looks at all texts of an article and proposes repairs. It never proposes one that it can't explain: each carries
a plan that `replay` can apply to what stood there before. A text may need several rounds (an entity that hides
mojibake, mojibake made twice): the caller asks again until there is nothing more to propose.
"""

from collections.abc import Callable, Iterable, Mapping

from svc.core.article import Edit, Options
from svc.core.repair import entities, escapes, lossy, mojibake, spelling, surrogates
from svc.core.repair.explain import explain
from svc.core.repair.mojibake import Findings, Suspicion
from svc.core.repair.replay import replay

__all__ = ["Findings", "Suspicion", "explain", "find", "replay", "warm_up"]

Pass = Callable[[str, Options], Iterable[Edit]]

# Surrogates are in no charset, and a lost byte would mislead whoever looks at those beside it. What entities hold was
# never misread with the bytes around them: they are read when those are right, and may then turn out to hold mojibake
# themselves. What was lost for good is looked at last.
_BEFORE: tuple[Pass, ...] = (surrogates.edits, lossy.closing_quotes)
_AFTER: tuple[Pass, ...] = (entities.edits, escapes.edits, lossy.edits)


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
    return findings if findings.edits else Findings(_each(_AFTER, texts, options), findings.suspicions)


def _each(passes: Iterable[Pass], texts: Mapping[str, str], options: Options) -> dict[str, list[Edit]]:
    found = {}
    for path, text in texts.items():
        edits = next((edits for propose in passes if (edits := list(propose(text, options)))), None)
        if edits:
            found[path] = edits
    return found


def warm_up() -> None:
    """Load what the judge knows of languages (0.2 s), so that no request pays for it and forked workers share it."""
    spelling.spellings()
