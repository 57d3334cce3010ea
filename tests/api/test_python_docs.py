"""The examples of the Python API in the documentation."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

import copydesk

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "how-to" / "python.md"


@pytest.mark.parametrize("page", [PAGE, ROOT / "README.md"], ids=lambda page: page.name)
def test_the_examples_print_what_the_page_says(page: Path) -> None:
    blocks = re.findall(r"```pycon\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page.name, str(page), 0)
    output: list[str] = []
    doctest.DocTestRunner().run(test, out=output.append)
    assert not output, "".join(output)


def test_every_error_and_function_is_documented() -> None:
    text = PAGE.read_text(encoding="utf-8")
    names = [name for name in copydesk.__all__ if name[0].islower() or name.endswith(("Error", "Failed", "Timeout"))]
    assert [name for name in names if name not in text] == []
