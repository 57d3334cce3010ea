"""The fields of an article as its page states them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# The source of a date: metadata for machines, the visible text, or the URL of the page.
DateSource = Literal["metadata", "text", "url"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The fields of an article as its page states them: raw, before repair and normalization.

    Attributes:
        text: the text of the article. Of `metadata.read_metadata` it is the `articleBody` of JSON-LD, if any.
        title: the title without the name of the site, if the page has it.
        subtitle: the description.
        authors: the bylines.
        published: the date of publication, in the notation of the page.
        modified: the date of the last change, in the notation of the page.
        language: the tag of the language.
        canonical_url: the URL that the page names as its own.
        source: the name of the site.
        section: the section.
        tags: the tags.
        image: the URL of the main image.
        published_source: the source of the date of publication.
        headline: the first `<h1>`, which may differ from the title.
    """

    text: str
    title: str | None
    subtitle: str | None
    authors: tuple[str, ...]
    published: str | None
    modified: str | None
    language: str | None
    canonical_url: str | None
    source: str | None
    section: str | None
    tags: tuple[str, ...]
    image: str | None
    published_source: DateSource | None = None
    headline: str | None = None
