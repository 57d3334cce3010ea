r"""Misread characters that need little evidence, as they are rarely there on purpose.

* U+FFFD in a word that was encoded in UTF-8 and decoded as another charset (`Forlï¿½n`), and a byte order mark at the
  start of a text or line (`п»ї`), which is removed. So is one that was decoded correctly.
* Ligatures of TeX fonts, whose numbers are those of controls: `de\x0cned`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice

from copydesk.article import Edit, Options, Plan
from copydesk.changes.plan import replay
from copydesk.encoding.charsets import CODECS, MULTIBYTE, ONLY_ACTUAL
from copydesk.langmodel.model import LATIN, load_model
from copydesk.repairs.readings import Tokens

_REPLACEMENT, _BYTE_ORDER_MARK = "\ufffd", "\ufeff"
# Two of U+FFFD are three characters in GBK. Texts about encodings quote them once.
_REPLACEMENTS_IN_GBK = "(?:锟斤拷){2,}"
_UTF16_MARK = re.compile("\\A(?:þÿ|ÿþ)(?=[^\\W\\d_])")
_TEX_LIGATURES = {"\x0b": "ff", "\x0c": "fi", "\x0e": "ffi", "\x0f": "ffl"}
_LIGATURE = re.compile(f"[{''.join(_TEX_LIGATURES)}](?<=[A-Za-z].)[a-z]")
_WITHIN_WORD = re.compile(f"(?<![A-Za-z])([A-Za-z]++)([{''.join(_TEX_LIGATURES)}])([a-z]+)")
_BEFORE_LETTER = re.compile(f"[{''.join(_TEX_LIGATURES)}](?=[a-z])")
_WITHOUT_MARK: Plan = (("replace", _BYTE_ORDER_MARK, ""),)
_MAX_TRIED = 20
_CONFIDENCE = 0.99


def edits(text: str, options: Options) -> Sequence[Edit]:
    """Propose to decode misread markers and ligatures.

    >>> [(e.start, e.end, e.after) for e in edits("Forlï¿½n", Options())]
    [(4, 7, '\ufffd')]
    """
    if options.repair == "off":
        return ()
    found = [] if text.isascii() else list(_misread(text))
    if options.repair != "safe":
        found += _ligatures(text)
        mark = _UTF16_MARK.match(text)
        if mark:
            found.append(Edit(0, mark.end(), "", "charset", (("replace", mark[0], ""),), _CONFIDENCE))
    return sorted(found, key=lambda edit: edit.start)


def _misread(text: str) -> Iterator[Edit]:
    pattern, plans = _pattern()
    for match in pattern.finditer(text):
        if match[0] == _BYTE_ORDER_MARK:
            yield Edit(match.start(), match.end(), "", "invisible", _WITHOUT_MARK)
            continue
        plan = plans.get(match[0], _plan("gbk"))
        yield Edit(match.start(), match.end(), replay(plan, match[0]), "mojibake", plan, _CONFIDENCE)


def _ligatures(text: str) -> Iterator[Edit]:
    """Yield the ligatures of a text that has one within a word. Elsewhere, such a control may end a line or a page."""
    if _LIGATURE.search(text) and any(map(_is_one_word, islice(_WITHIN_WORD.finditer(text), _MAX_TRIED))):
        for match in _BEFORE_LETTER.finditer(text):
            after = _TEX_LIGATURES[match[0]]
            plan: Plan = (("replace", match[0], after),)
            yield Edit(match.start(), match.end(), after, "charset", plan, _CONFIDENCE)


def _is_one_word(match: re.Match[str]) -> bool:
    """Return whether a ligature between two parts gives a likelier text than two words."""
    model = load_model()
    tokens = Tokens.of([match[1] + _TEX_LIGATURES[match[2]] + match[3], match[1], match[3]])
    joined, before, after = model.token_costs(tokens.codes, tokens.starts).by_script[LATIN]
    return int(joined.min()) < int((before + after).min())


@cache
def _pattern() -> tuple[re.Pattern[str], dict[str, Plan]]:
    """Return the pattern of misread markers, and the plans of those in single-byte charsets."""
    replacements, marks = _shown(_REPLACEMENT), _shown(_BYTE_ORDER_MARK)
    lost = f"(?<=[^\\W\\d_])(?:{'|'.join(replacements)})|(?:{'|'.join(replacements)})(?=[^\\W\\d_])"
    sequences = f"{lost}|(?:\\A|(?<=\\n))(?:{_BYTE_ORDER_MARK}|{'|'.join(marks)})|{_REPLACEMENTS_IN_GBK}"
    # The first characters are tested together, which is faster.
    first = "".join(sorted({sequence[0] for sequence in (*replacements, *marks)})) + f"{_BYTE_ORDER_MARK}锟"
    removals = {shown: (*plan, *_WITHOUT_MARK) for shown, plan in marks.items()}
    return re.compile(f"(?=[{first}])(?:{sequences})"), replacements | removals


def _shown(character: str) -> dict[str, Plan]:
    """Return what each single-byte charset shows for the bytes of a character, with the plan that undoes it."""
    shown: dict[str, Plan] = {}
    for name, codec in CODECS.items():
        if name in ("utf-8", "cesu-8", *MULTIBYTE, *ONLY_ACTUAL):
            continue
        try:
            text = character.encode().decode(codec)
        except UnicodeDecodeError:
            continue
        if text.isprintable() and not any(map(str.isascii, text)):
            shown.setdefault(text, _plan(name))
    return shown


def _plan(charset: str) -> Plan:
    return (("encode", charset), ("decode", "utf-8"))
