from __future__ import annotations

import pytest

from svc.core.article import Plan
from svc.core.repair import explain
from svc.core.repair.charsets import CODECS


def test_every_charset_can_be_told() -> None:
    for charset in CODECS:
        assert explain((("encode", "windows-1252"), ("decode", charset))).startswith("Text in ")


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (
            (("encode", "windows-1252"), ("restore-nbsp",), ("decode", "utf-8")),
            (
                "A no-break space had become a plain space; then "
                "text in UTF-8 had been read as if it were in Windows-1252."
            ),
        ),
        (
            (("unescape-html",), ("encode", "windows-1252"), ("decode", "utf-8")),
            "HTML character references were read; then text in UTF-8 had been read as if it were in Windows-1252.",
        ),
        ((("replace", "\ufffd", "’"),), "'�' was replaced by '’'."),
        ((("replace", "\u200b", ""),), "'\\u200b' was removed."),
        ((("normalize", "NFC"),), "Characters were composed as Unicode form NFC has them."),
        ((), "Nothing was done."),
    ],
)
def test_a_plan_is_told_in_a_sentence(plan: Plan, told: str) -> None:
    assert explain(plan) == told
