from __future__ import annotations

import pytest

from copydesk.article import Plan
from copydesk.changes.explain import explain_plan
from copydesk.encoding.charsets import CODECS
from copydesk.transforms.escapes import NOTATIONS


def test_every_charset_has_an_explanation() -> None:
    for charset in CODECS:
        assert explain_plan((("encode", "windows-1252"), ("decode", charset)), "A").startswith("The ")


def test_every_notation_of_escapes_has_an_explanation() -> None:
    for notation in NOTATIONS:
        assert explain_plan((("unescape", notation),), "A").endswith(" were decoded.")


@pytest.mark.parametrize(
    ("plan", "before", "explanation"),
    [
        (
            (("restore-bytes", "windows-1252", "1-1:ad"), ("decode", "utf-8")),
            "Ã",
            (
                "The lost byte AD was put back; then the UTF-8 bytes C3 AD had been read as Windows-1252; "
                "read as UTF-8 they are í."
            ),
        ),
        (
            (("encode", "windows-1252"), ("restore-nbsp",), ("decode", "utf-8")),
            "Ã ",
            (
                "A no-break space had become a plain space; then the UTF-8 bytes C3 A0 20 had been read as "
                "Windows-1252; read as UTF-8 they are “à ”."
            ),
        ),
        (
            (("unescape-html",), ("encode", "windows-1252"), ("decode", "utf-8")),
            "&acirc;&euro;&trade;",
            (
                "HTML character references were decoded; then the UTF-8 bytes E2 80 99 had been read as Windows-1252; "
                "read as UTF-8 they are ’."
            ),
        ),
        (
            (("encode", "windows-1252"), ("decode", "utf-8")) * 2,
            "ÃƒÂ©",
            (
                "The UTF-8 bytes C3 83 C2 A9 had been read as Windows-1252; read as UTF-8 they are “Ã©”; then "
                "the UTF-8 bytes C3 A9 had been read as Windows-1252; read as UTF-8 they are é."
            ),
        ),
        (
            (("encode", "iso-8859-1"), ("decode", "windows-1251")),
            "Ïðèâåò",
            (
                "The Windows-1251 bytes CF F0 E8 E2 E5 F2 had been read as ISO 8859-1; "
                "read as Windows-1251 they are “Привет”."
            ),
        ),
        (
            (("encode", "windows-1252"), ("decode", "utf-8")),
            "Ã©" * 40,
            (
                f"The UTF-8 bytes {'C3 A9 ' * 8}… (80 in all) had been read as Windows-1252; "
                f"read as UTF-8 they are “{'é' * 40}”."
            ),
        ),
        # For long texts, or texts that do not fit the plan, only the steps.
        ((("encode", "windows-1252"), ("decode", "utf-8")), "日", "Text in UTF-8 had been read as Windows-1252."),
        (
            (("encode", "windows-1252"), ("decode", "utf-8")),
            "Ã©" * 5000,
            "Text in UTF-8 had been read as Windows-1252.",
        ),
        ((("replace", "\ufffd", "’"),), "\ufffd", "� was replaced by ’."),
        ((("replace", "\u200b", ""),), "\u200b", "U+200B ZERO WIDTH SPACE was removed."),
        ((("replace", "a\u202eb", ""),), "a\u202eb", "“a\\u202eb” was removed."),
        ((("replace", "  ", " "),), "  ", "“  ” was replaced by a space."),
        ((("replace", "x" * 100, ""),), "x" * 100, f"“{'x' * 59}…” was removed."),
        ((("normalize", "NFC"),), "e\u0301", "Characters were normalized to NFC."),
        ((), "", "Nothing was done."),
    ],
)
def test_a_plan_is_explained_in_a_sentence(plan: Plan, before: str, explanation: str) -> None:
    assert explain_plan(plan, before) == explanation
