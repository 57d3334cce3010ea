"""Dates in the paths of URLs: `/2022/02/02/`, `/2022/feb/02/`, `/20220202/`, `…-2022-02-02.html`.

An id may look like a date. So eight digits are a date only as a directory or before more words; at the end of a URL
they are often an id (`/news/world-africa-20191118`). A day after a slash must be the whole segment:
`/2022/12/10-ways-to-save` has no day. Invalid dates are ignored.
"""

from __future__ import annotations

import re
from datetime import date

_NAMES = "january february march april may june july august september october november december".split()
_MONTHS = {spelling: i for i, name in enumerate(_NAMES, 1) for spelling in (name, name[:3])} | {"sept": 9}
_MONTH_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
YEAR_IN_URL = re.compile(r"(?<!\d)(?:19|20)\d\d")
_YEAR, _MONTH, _DAY = r"(?P<y>(?:19|20)\d\d)", r"(?P<m>[01]\d)", r"(?P<d>[0-3]\d)"

# The most certain first.
_FORMS = tuple(
    re.compile(form)
    for form in (
        rf"/{_YEAR}/(?P<m>[01]?\d|{_MONTH_NAMES})/(?P<d>[0-3]?\d)(?=/|$)",
        rf"/{_YEAR}[-_]{_MONTH}[-_/]{_DAY}(?=[/_.-]|$)",
        rf"/{_YEAR}/{_MONTH}-?{_DAY}(?=/)",
        rf"/{_YEAR}{_MONTH}/{_DAY}(?=/)",
        rf"/t?{_YEAR}{_MONTH}{_DAY}(?=/|[-_][a-z\d])",
        rf"-{_YEAR}{_MONTH}{_DAY}(?=-[a-z])",
        rf"(?<!\d)[-_]{_YEAR}(?P<s>[-_]){_MONTH}(?P=s){_DAY}(?=(?:\.[a-z]{{3,5}})?/?$)",
        rf"/{_YEAR}/(?P<m>[01]\d|{_MONTH_NAMES})/",
        rf"/{_YEAR}-{_MONTH}/",
    )
)
_MAX_PATH_CHARS = 1000
_YEARS = range(1990, 2101)


def find_path_date(path: str) -> str | None:
    """Find the date in a path: `2022-02-02`, or `2022-02` if there is no day.

    >>> find_path_date("/2022/feb/02/a-title"), find_path_date("/2022/12/10-ways-to-save")
    ('2022-02-02', '2022-12')
    """
    lower = path[:_MAX_PATH_CHARS].lower()
    for form in _FORMS:
        match = form.search(lower)
        if match and (when := _format_date(match.groupdict())):
            return when
    return None


def _format_date(parts: dict[str, str | None]) -> str | None:
    """Format the parts of a date; None if it is invalid."""
    year, month, day = int(parts["y"] or 0), parts["m"] or "", parts.get("d")
    number = _MONTHS.get(month) or int(month)
    try:
        when = date(year, number, int(day or 1))
    except ValueError:
        return None
    if year not in _YEARS:
        return None
    return when.isoformat() if day else f"{when:%Y-%m}"
