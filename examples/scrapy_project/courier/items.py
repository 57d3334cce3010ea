"""The items of the crawl."""

from dataclasses import dataclass


@dataclass
class Story:
    """A story: the project's own fields, and one for errors of Copydesk."""

    link: str
    headline: str | None = None
    body: str | None = None
    date: str | None = None
    site: str | None = None
    copydesk_error: str | None = None
