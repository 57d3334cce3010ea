"""Dates in the paths of addresses: `/2022/02/02/`, `/2022/feb/02/`, `/20220202/`, `…-2022-02-02.html`.

The danger is an id that looks like a date. Eight digits are one only as a directory or before more words: at the end of
an address they are as often an id (`/news/world-africa-20191118`). A day after a slash must be all of its piece, or
`/2022/12/10-ways-to-save` would be the tenth. The calendar must have the day.
"""

from __future__ import annotations

import re
from datetime import date

_NAMES = "january february march april may june july august september october november december".split()
_MONTHS = {spelt: at for at, name in enumerate(_NAMES, 1) for spelt in (name, name[:3])} | {"sept": 9}
_NAMED = "|".join(sorted(_MONTHS, key=len, reverse=True))
MAYBE_DATED = re.compile(r"(?<!\d)(?:19|20)\d\d")
_YEAR, _MONTH, _DAY = r"(?P<y>(?:19|20)\d\d)", r"(?P<m>[01]\d)", r"(?P<d>[0-3]\d)"

# In the order of trust.
_DATED = tuple(
    re.compile(form)
    for form in (
        rf"/{_YEAR}/(?P<m>[01]?\d|{_NAMED})/(?P<d>[0-3]?\d)(?=/|$)",
        rf"/{_YEAR}[-_]{_MONTH}[-_/]{_DAY}(?=[/_.-]|$)",
        rf"/{_YEAR}/{_MONTH}-?{_DAY}(?=/)",
        rf"/{_YEAR}{_MONTH}/{_DAY}(?=/)",
        rf"/t?{_YEAR}{_MONTH}{_DAY}(?=/|[-_][a-z\d])",
        rf"-{_YEAR}{_MONTH}{_DAY}(?=-[a-z])",
        rf"(?<!\d)[-_]{_YEAR}(?P<s>[-_]){_MONTH}(?P=s){_DAY}(?=(?:\.[a-z]{{3,5}})?/?$)",
        rf"/{_YEAR}/(?P<m>[01]\d|{_NAMED})/",
        rf"/{_YEAR}-{_MONTH}/",
    )
)


def dated(path: str) -> str | None:
    """Return the date in the first 1,000 characters of a path: `2022-02-02`, or `2022-02` where no day is told.

    >>> dated("/2022/feb/02/a-title"), dated("/2022/12/10-ways-to-save"), dated("/news/world-20191118")
    ('2022-02-02', '2022-12', None)
    """
    lower = path[:1000].lower()
    found = (form.search(lower) for form in _DATED)
    return next((told for match in found if match and (told := _date(match.groupdict()))), None)


def _date(parts: dict[str, str | None]) -> str | None:
    """Write the parts of a date, if the calendar has it."""
    year, month = int(parts["y"] or 0), parts["m"] or ""
    number = _MONTHS.get(month) or int(month)
    told = parts.get("d")
    try:
        found = date(year, number, int(told or 1))
    except ValueError:
        return None
    if not 1990 <= year <= 2100:
        return None
    return found.isoformat() if told else f"{found:%Y-%m}"
