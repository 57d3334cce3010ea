from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from copydesk.metadata.titles import Site, remove_site_name, suffix
from copydesk.metadata.titles.site_names import find_site_names, load_section_words
from copydesk.transforms.folding import fold_to_letters
from tests.helpers.cases import cases

PIECES = st.sampled_from(
    [
        *(
            " - ",
            " | ",
            "|",
            " – ",
            ": ",
            " : ",
            " » ",
            " « ",
            "_",
            "-",
            "｜",
            "：",
            "（",
            "）",
            "“",
            "”",
            '"',
            "'",
            " ",
            "\u00a0",
        ),
        *(
            "BBC",
            "BBC News",
            "News",
            "Politik",
            "新闻",
            "新浪网",
            "The",
            "Council approves",
            "budget",
            "市议会通过",
            "a",
            "\u0301",
        ),
    ]
)
TITLES = st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=60)
SITES = st.sampled_from(
    [
        Site(None, None),
        Site("BBC News", "https://www.bbc.co.uk/news/a"),
        Site("新浪网", "https://news.sina.com.cn/a"),
        Site("The", "nonsense"),
    ]
)


@pytest.mark.parametrize("case", cases("titles"))
def test_a_piece_goes_only_when_something_vouches_for_it(case: dict[str, Any]) -> None:
    site = Site(case["name"], case["url"])
    assert remove_site_name(case["title"], site, frozenset(case.get("shared", ()))) == case["expect"]


@given(TITLES, SITES, st.frozensets(st.sampled_from(["bbc", "budget", "a", "news"])))
def test_removing_site_names_is_idempotent(title: str, site: Site, shared: frozenset[str]) -> None:
    """A part of the title always remains."""
    once = remove_site_name(title, site, shared)
    assert once in title
    assert bool(once.strip()) == bool(title.strip())
    assert remove_site_name(once, site, shared) == once


@given(TITLES)
def test_the_tail_is_what_shared_pieces_are_compared_by(title: str) -> None:
    last = suffix(title)
    if last is not None:
        assert fold_to_letters(last) == last
        assert fold_to_letters(title).endswith(last) or title.strip()[-1] in "-|_–:»«/｜"


def test_the_shared_tail_of_a_batch_can_be_cut() -> None:
    titles = [
        "Council approves budget - Example Town",
        "Fire at the harbour - Example Town",
        "Snow is expected - Example Town",
    ]
    (shared,) = {suffix(title) for title in titles}
    assert shared is not None
    assert remove_site_name(titles[0], Site(None, None), frozenset({shared})) == "Council approves budget"


def test_a_title_without_a_separator_has_no_tail() -> None:
    assert suffix("Council approves budget") is None
    assert suffix("") is None


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_name_and_address_may_come(name: str, url: str) -> None:
    find_site_names(name, url)


def test_the_table_has_no_empty_words() -> None:
    table = load_section_words()
    assert "" not in table.sections | table.affixes
    assert table.news <= table.sections


def test_hostile_titles_end() -> None:
    site = Site("News | " * 100_000, "https://example.org/" + "a/" * 500_000)
    for middle in (" | News", " - ", "|", "(", "（a）", "“", ": ", "\u0301", "a", " ", "\u00a0-", "新_"):
        for length in (1000, 1_000_000):
            title = "Council approves budget" + middle * ((length - 23) // len(middle))
            remove_site_name(title, site), remove_site_name(title, Site("News", None)), suffix(title)
