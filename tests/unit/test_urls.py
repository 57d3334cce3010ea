from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.metadata import urls
from schemas.urls import MAX_URL_CHARS
from tests.helpers.cases import cases

PIECES = st.sampled_from(
    [
        *(
            "http://",
            "https:",
            "//",
            "/",
            "\\",
            "?",
            "&",
            "=",
            "#",
            "#!",
            "#/",
            ":~:",
            "%",
            "%2e",
            "%C3",
            "@",
            ":",
            "[",
            "]",
        ),
        *(
            "&amp;",
            "&#038;",
            "amp;",
            "utm_source",
            "fbclid",
            "from=timeline",
            "example",
            ".org",
            ".co.uk",
            "faß",
            "日本",
            ".рф",
        ),
        *(
            "2022",
            "/02/",
            "-02-02",
            "..",
            " ",
            "\t",
            "\n",
            "\u200b",
            "\u200d",
            "\ud800",
            "\x00",
            '"',
            "<",
            ">",
            "a",
            "Z",
            "ü",
            "1",
        ),
    ]
)
ADDRESSES = st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=60)
WEB = ADDRESSES.map(lambda rest: f"https://example.org/{rest}")


@pytest.mark.parametrize("case", cases("urls"))
def test_url_is_normalized_by_the_standard(case: dict[str, Any]) -> None:
    assert getattr(urls, case["ask"])(*case["args"]) == case["expect"]


@given(ADDRESSES | WEB, ADDRESSES | WEB)
def test_no_string_is_too_odd(first: str, second: str) -> None:
    urls.normalize(first), urls.domain(first), urls.country(first), urls.day(first)
    urls.resolve(first, second), urls.disagreement(first, second)


@given(ADDRESSES | WEB)
def test_normalizing_urls_is_idempotent_and_gives_ascii(address: str) -> None:
    once = urls.normalize(address)
    if once is not None:
        assert once.isascii()
        assert once.startswith(("http://", "https://"))
        assert urls.normalize(once) == once
        assert urls.domain(once) == urls.domain(address)


@given(ADDRESSES, WEB)
def test_a_resolved_address_is_normalised(address: str, page: str) -> None:
    resolved = urls.resolve(address, page)
    assert resolved is None or urls.normalize(resolved) == resolved


@given(st.lists(st.text("abz019_-.~%", min_size=1, max_size=8), max_size=6))
def test_what_is_not_on_the_list_stays_byte_for_byte(names: list[str]) -> None:
    query = "&".join(f"x{name}={name}" for name in names)
    assert urls.normalize(f"https://example.org/?utm_id=1&{query}&fbclid") == f"https://example.org/?{query}".rstrip(
        "?"
    )


@given(st.dates(date(1990, 1, 1), date(2099, 12, 31)))
def test_every_day_of_the_calendar_is_read(day: date) -> None:
    for form in ("/%Y/%m/%d/a", "/%Y-%m-%d-a", "/%Y%m%d/a", "/a-%Y-%m-%d.html", "/a-%Y%m%d-b.html", "/%Y-%m/%d/a"):
        assert urls.day(f"https://example.org{day:{form}}") == day.isoformat()


@given(WEB)
def test_a_date_is_one_of_the_calendar_and_stands_in_the_path(address: str) -> None:
    day = urls.day(address)
    if day is not None:
        assert date.fromisoformat(day if len(day) > 7 else f"{day}-01").year in range(1990, 2101)
        assert day[:4] in urlsplit(urls.normalize(address) or "").path


def test_a_host_too_long_for_the_dns_has_no_domain() -> None:
    """The longest host has 253 characters. The time of longer ones was quadratic in the number of labels."""
    labels = "a." * 121
    assert urls.domain(f"https://{labels}example.org/") == "example.org"
    assert urls.domain(f"https://{labels}a.example.org/") is None
    assert urls.normalize(f"https://{labels}a.example.org/") == f"https://{labels}a.example.org/"
    assert urls.normalize(f"{labels}a.example.org") is None


def test_hostile_addresses_end() -> None:
    for middle in (
        "a",
        "/",
        "?",
        "&",
        "&amp;",
        "amp;",
        "%",
        ".",
        "#",
        "@",
        "ü",
        "\u0301",
        "2022/",
        "-2022",
        "\u00ad",
        " ",
        "xn--",
        "a.",
    ):
        for front in ("", "http://", "http://a.de/", "http://a.de/?", "http://a.de/#!"):
            address = front + middle * (MAX_URL_CHARS // len(middle))
            urls.normalize(address), urls.day(address), urls.domain(address), urls.country(address)
            urls.resolve(address, "https://example.org/"), urls.disagreement(address, address)
