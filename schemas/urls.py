"""URLs from scrapers: absolute http and https URLs, and those of images.

Without a scheme, a host must have a dot (`www.example.com/a`). Then https is assumed later, with a warning. Quotes and
brackets around a URL are removed later. As in browsers, spaces after the host are allowed and percent-encoded later.
Control characters are errors, and so is a missing host.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError

from .fields import SURROGATE, StrictString

MAX_URL_CHARS = 8_192  # longer than any URL that servers accept
MAX_QUERY_URL_CHARS = 2_000  # a request line has at most 4,094 bytes (svc/server/gunicorn_conf.py)

# An absolute URL with a host, or a blank string. Slashes may be escaped or backslashes, and the scheme may be repeated.
BLANKS = "\t\n\r "
_REST = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*"
_USER = r"[^\x00-\x20\x7f-\xa0/?#\\]*@"
_HOST = r"[^\x00-\x20\x7f-\xa0/?#@\\:\[\]]+|\[[0-9A-Fa-f:.]+\]"
_LABEL = r"[^\x00-\x20\x7f-\xa0/?#@\\:\[\].]+"
_SCHEME_AND_SLASHES = r"[Hh][Tt][Tt][Pp][Ss]?:(?:\\?/|\\){2}"
URL = (
    # A quotation mark as \x22: generators of clients write the pattern into a string.
    r"^\s*$|^[\t\n\r ]*(?:<!\[CDATA\[|[\x22'<“‘«`(])?"
    rf"(?:(?:{_SCHEME_AND_SLASHES})+(?:{_USER})?(?:{_HOST})|(?://)?{_LABEL}(?:\.{_LABEL})+\.?)"
    rf"(?::[0-9]{{1,5}})?(?:[/?#\\]{_REST}|[\]>\t\n\r ]*)$"
)
ANY_URL = rf"^\s*$|^{_REST}$"
_SCHEME = re.compile(_SCHEME_AND_SLASHES)


class AnyUrl(StrictString):
    """A URL, absolute or relative. Spaces around it are removed."""

    pattern: ClassVar[str] = ANY_URL

    def __init__(self, description: str, *, max_length: int = MAX_URL_CHARS) -> None:
        """Create the field. Validation and documentation use the same pattern."""
        super().__init__(description, max_length=max_length, metadata={"pattern": self.pattern})
        self._max_length, self._pattern = max_length, re.compile(self.pattern)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        # The length limit includes the spaces.
        plain = value.strip(BLANKS) if isinstance(value, str) and len(value) <= self._max_length else value
        url: str = super()._deserialize(plain, attr, data, **more)
        if SURROGATE.search(url):
            raise ValidationError("Send a URL without lone surrogates.")
        return url

    def _validate(self, value: Any) -> None:
        super()._validate(value)
        if not self._pattern.match(value):
            raise ValidationError(self._error_message(value))

    def _error_message(self, url: str) -> str:
        del url
        return "Send a URL without control characters."


class HttpUrl(AnyUrl):
    """An absolute http or https URL, including internationalized ones."""

    pattern = URL

    def _error_message(self, url: str) -> str:
        if not _SCHEME.match(url):
            return "Send an absolute URL of http or https, or a host with a dot."
        if not re.match(ANY_URL, url):
            return super()._error_message(url)
        return "Send a URL with a host, and with a number as its port if it has one."
