"""What the spider brings home."""

from dataclasses import dataclass


@dataclass
class Story:
    """A story, with the fields that this project has always had, and one for what Copydesk has to say."""

    link: str
    headline: str | None = None
    body: str | None = None
    date: str | None = None
    site: str | None = None
    copydesk_error: str | None = None
