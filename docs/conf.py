"""The configuration of the documentation site, which `make docs` builds with Sphinx."""

import os
import re
import sys
from pathlib import Path

from sphinx.application import Sphinx

DOCS = Path(__file__).parent
ROOT = DOCS.parent
REPOSITORY = "https://github.com/copydesk/copydesk/blob/main"
_LINK = re.compile(r"\]\((\.\.?/[^)\s#]+)")

sys.path.insert(0, str(ROOT))

project = "Copydesk"
author = "The Copydesk developers"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinxcontrib.mermaid"]
exclude_patterns = ["README.md"]  # index.rst includes it

html_theme = "furo"
html_title = "Copydesk"

myst_heading_anchors = 4
myst_fence_as_directive = ["mermaid"]
suppress_warnings = ["misc.highlighting_failure"]  # some examples shorten JSON with `…`

napoleon_use_ivar = True  # else, a property that the docstring of its class lists has two descriptions
autodoc_typehints = "description"
autodoc_member_order = "bysource"


def setup(app: Sphinx) -> None:
    """Resolve links before a page is parsed."""
    app.connect("source-read", _resolve_page)


def _resolve_page(app: Sphinx, page: str, content: list[str]) -> None:
    content[0] = resolve_links(content[0], Path(app.env.doc2path(page)).parent)


def resolve_links(text: str, folder: Path) -> str:
    """Replace relative links to files outside `docs/` with links to the repository."""

    def resolve(match: re.Match[str]) -> str:
        path = Path(os.path.normpath(folder / match[1]))
        return match[0] if path.is_relative_to(DOCS) else f"]({REPOSITORY}/{path.relative_to(ROOT).as_posix()}"

    return _LINK.sub(resolve, text)
