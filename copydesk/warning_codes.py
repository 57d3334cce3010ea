"""The codes of warnings. They are stable."""

from collections.abc import Mapping
from typing import Final

MEANINGS: Final[Mapping[str, str]] = {
    "url-invalid": "no http or https URL, or too long; the field is null, and the warning has the start of the value",
    "url-scheme-assumed": "the URL had no scheme; `https://` was added",
    "canonical-disagrees": "`canonical_url` is on another site, or is the home page of this site",
    "language-unknown": "the declared language is unknown",
    "language-disagrees": "the detected language differs from the declared one, with a confidence of at least 0.9",
    "date-unparsed": "the date cannot be parsed, or is after `fetched_at`",
    "date-ambiguous": "day and month may be swapped, or the name of the month has two meanings",
    "date-from-text": "`published` is from the visible text, not from the metadata of the page",
    "date-from-url": "`published` is from the URL, not from the metadata of the page",
    "page-disagrees": "the page has another value than you sent; yours is kept",
    "page-not-article": "an error page, a browser check, a consent request or an empty shell",
    "html-in-text": "the text was HTML, perhaps escaped, and was parsed as HTML",
    "list-cut": "more than 1,000 authors or tags; the first are kept",
    "page-value-cut": "a value of the page was longer than the limit and was dropped",
    "charset-overruled": "the bytes are in another charset than declared",
    "charset-uncertain": "no charset is declared, and the detected one has a confidence below 0.5",
    "bytes-lost": "invalid bytes became U+FFFD",
    "charset-unknown": "`declared_charset` is unknown",
    "repair-suspected": "probable damage, but too little evidence for a repair, or an example of damage in a text",
    "text-binary": "at least 1,000 characters, more than 4 % of them control characters; the text was not repaired",
    "characters-missing": "the text contains U+FFFD in place of lost characters",
    "text-empty": "the text is empty",
}
"""The meaning of each code."""
