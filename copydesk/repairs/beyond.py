"""Detection of damage that cannot be repaired, because no charset explains it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from copydesk.repairs.engine import Suspicion


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of damage.

    Attributes:
        pattern: the pattern of a damaged place.
        signs: a text with the damage has one of these, which are fast to find: strings, and patterns that start with
            a fixed character.
        minimum: how many places a text must have.
        excluded: the pattern of text that has such places on purpose.
        cause: what the damage looks like.
    """

    pattern: re.Pattern[str]
    signs: tuple[str | re.Pattern[str], ...]
    minimum: int
    excluded: re.Pattern[str] | None
    cause: str


_KINDS = (
    # Programs such as Unidecode replace â by a, € by EUR and ™ by (tm).
    _Kind(
        re.compile(
            r"a(?:EUR(?:\([tT][mM]\)|oe|[\"“”˜])|€[˜™œ])|[a-z]A[¡-±´-¶¸-¿](?<!®)(?![A-Z])|\bA[¡-±´-¶¸-¿][a-z]|(?<=[A-Z])A[¡-±´-¶¸-¿][a-z]|[a-z]A\(c\)"
        ),
        ("aEUR", "a€", "A(c)", re.compile("A[¡-¿]")),
        1,
        None,
        "looks like mojibake whose letters were replaced by ASCII",
    ),
    # In the seven-bit charset of Sweden and Finland, { | } are ä ö å.
    _Kind(
        re.compile(r"(?<![\\\w])[a-z]*[a-z]\{[a-z]+|(?<![\\\w|])[a-z]*[a-z][|}][a-z]+(?![\w|])"),
        ("{",),
        2,
        re.compile(r"[;=()<>$\\]|[{}]\s*$|\[\["),
        "looks like text in a seven-bit national charset (ISO 646)",
    ),
)
_WORD = re.compile(r"\S+")


def find(texts: Mapping[str, str]) -> Iterator[Suspicion]:
    """Yield the first example of each kind of damage in each text.

    >>> [one.example for one in find({"text": "BacheloraEUR(tm)s Degree"})]
    ['BacheloraEUR(tm)s']
    """
    for path, text in texts.items():
        for kind in _KINDS:
            if any(_has_sign(text, sign) for sign in kind.signs) and _has(text, kind):
                yield Suspicion(path, None, next(filter(kind.pattern.search, _WORD.findall(text))), kind.cause)


def _has_sign(text: str, sign: str | re.Pattern[str]) -> bool:
    return sign in text if isinstance(sign, str) else bool(sign.search(text))


def _has(text: str, kind: _Kind) -> bool:
    if kind.excluded and kind.excluded.search(text):
        return False
    return len(list(islice(kind.pattern.finditer(text), kind.minimum))) == kind.minimum
