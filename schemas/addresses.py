"""Addresses, as scrapers find them: absolute ones of http or https, and those of pictures.

What stands behind the host is the scraper's business. Browsers take blanks in it, and so is it here: they are written
as the standard writes them later. Control characters are refused, and what has no host.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError

from schemas.fields import SURROGATE, Line

LONG = 8_192  # characters: longer than any address that servers take
LONG_IN_QUERY = 2_000  # characters: a request line has 4,094 bytes at most (svc/gunicorn_conf.py)

# An absolute address with a host, or nothing.
_BLANKS = "\t\n\r "
_REST = r"[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]*"
URL = (
    r"^\s*$|^[\t\n\r ]*[Hh][Tt][Tt][Pp][Ss]?://(?:[^\x00-\x20\x7f-\xa0/?#\\]*@)?"
    r"(?:[^\x00-\x20\x7f-\xa0/?#@\\:\[\]]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
    rf"(?:[/?#]{_REST}|[\t\n\r ]*)$"
)
ADDRESS = rf"^\s*$|^{_REST}$"
_SCHEME = re.compile("https?://", re.IGNORECASE)


class Address(Line):
    """An address, relative ones included; blanks around it are cut off."""

    pattern: ClassVar[str] = ADDRESS

    def __init__(self, description: str, *, longest: int = LONG) -> None:
        """Check and describe by one and the same pattern."""
        super().__init__(description, longest=longest, metadata={"pattern": self.pattern})
        self._longest, self._fits = longest, re.compile(self.pattern)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **more: Any) -> Any:
        # What is too long with its blanks is refused for that, as the contract says.
        plain = value.strip(_BLANKS) if isinstance(value, str) and len(value) <= self._longest else value
        found: str = super()._deserialize(plain, attr, data, **more)
        if SURROGATE.search(found):
            raise ValidationError("Send an address without lone surrogates.")
        return found

    def _validate(self, value: Any) -> None:
        super()._validate(value)
        if not self._fits.match(value):
            raise ValidationError(self._refusal(value))

    def _refusal(self, address: str) -> str:
        del address
        return "Send an address without control characters."


class HttpUrl(Address):
    """An absolute http or https address, international ones included."""

    pattern = URL

    def _refusal(self, address: str) -> str:
        if not _SCHEME.match(address):
            return "Send an absolute address that starts with http:// or https://."
        if not re.match(ADDRESS, address):
            return super()._refusal(address)
        return "Send an address with a host after http:// or https://, and a number as its port if there is one."
