"""Datelines: the place, date and agency at the start of a story (`NEW YORK, February 2. /TASS/.`).

The forms:

* an agency in brackets or slashes after a place and a day (`LONDON, Feb 2 (Reuters) -`), before them
  (`(ANSA) - ROMA, 28 LUG -`), or next to them (`МОСКВА, 2 фев — РИА Новости.`);
* fixed forms of Chinese, Japanese and Korean agencies (`新华社北京8月12日电`);
* only a place in capitals, in some papers.

The first 200 characters of the first three paragraphs are searched. The risk is an ordinary start that looks like a
dateline: `Associated Press (AP) said`, `MIGRATION – Le gouvernement`, `Lancaster, PA – The`. So an agency must be
known, or the rest of the form must be certain. An agency with an ordinary abbreviation needs a day or capitals. A place
without an agency counts only in the first paragraph.

A date without a year gets the year that is nearest to the publication.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

import regex

from copydesk.article import Dateline
from copydesk.metadata.datelines.names import agency_certainty
from copydesk.metadata.datelines.parts import (
    CONFIDENCE_FIXED_FORM,
    CONFIDENCE_KNOWN_AGENCY,
    DASH,
    Day,
    ParsedDateline,
)
from copydesk.metadata.datelines.with_agency import parse_with_agency
from copydesk.metadata.datelines.without_agency import parse_without_agency
from copydesk.metadata.dates.visible import build_date

# The option `strip_dateline` removes datelines with at least this confidence.
MIN_STRIP_CONFIDENCE = CONFIDENCE_FIXED_FORM

_MAX_HEAD_CHARS = 200
_MAX_MARK_OFFSET = 120
_MAX_PARAGRAPHS = 3
# Without a month, the publication is in the middle of the year; without a day, in the middle of the month.
_MIDDLE_MONTH, _MIDDLE_DAY = 7, 15
_PARAGRAPH = regex.compile(r"\S[^\n]*+")
_INDENT = regex.compile(r"[\s|*•\u200b\ufeff]*+")
# A dateline has one of these.
_MARK = regex.compile(r"[(\[（/|\ufffd–—―：:─\x96\x97\d]|-[-\s]|(?<=[\s\p{Lo}])-|â€")
_PUBLICATION_DATE = regex.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")

_BUREAUS = (
    "ワシントン|ニューヨーク|ロンドン|パリ|ベルリン|モスクワ|北京|上海|香港|台北|ソウル|平壌|バンコク|ジャカルタ|ハノイ|マニラ|シンガポール|"
    "クアラルンプール|ニューデリー|イスラマバード|カブール|テヘラン|エルサレム|カイロ|イスタンブール|アンカラ|ドバイ|アブダビ|ベイルート|"
    "ヨハネスブルク|ナイロビ|シドニー|ロサンゼルス|サンフランシスコ|シカゴ|ボストン|ヒューストン|サンパウロ|リオデジャネイロ|メキシコ市|ローマ|"
    "ウィーン|ブリュッセル|ジュネーブ|マドリード|キーウ|キエフ|ワルシャワ|広州|瀋陽|東京|大阪"
)
_HAN, _KATAKANA_OR_HAN, _HANGUL = r"\p{Han}", r"[\p{Katakana}ー・\p{Han}]", r"\p{Hangul}"
_MONTH, _DAY = r"(?P<n>\d{1,2})月", r"(?P<d>\d{1,2})日"
_OPEN, _CLOSE = r"[（(〔【［\[]", r"[）)〕】］\]]"
_ZH_REPORTER = rf"(?:\s?[（(]\s?(?:{_HAN}{{2,6}})??[记記]者[\s:：]*(?P<byline>[^（()）]{{1,40}}?)\s*[）)])?+\s*"
_EAST_ASIAN_START = regex.compile(r"[【〔［\[(（《\p{Han}]")
# A form with a group `sure` needs no known agency and no reporter.
_EAST_ASIAN_FORMS = (
    # 新华社北京8月12日电（记者罗沙）, 中新网2月2日电, 路透北京2月2日 -
    regex.compile(
        rf"据?(?P<agency>路透社?|{_HAN}{{2,6}}?[社网網经經联聯])(?P<place>{_HAN}{{2,10}}?(?:[／/、]{_HAN}{{2,6}})?)??\s?"
        rf"(?:(?P<y>\d{{4}})年)?{_MONTH}{_DAY}(?:\s?[电電讯訊](?:\s?题[:：])?|(?=[（(])|\s?{DASH}+){_ZH_REPORTER}"
    ),
    regex.compile(
        rf"(?P<agency>新[华華]社|中新社|法新社|路透社|美联社|中通社)(?P<place>{_HAN}{{2,8}}?)?"
        rf"(?P<sure>[电電](?=[\s（(:：题])(?:\s?题[:：])?){_ZH_REPORTER}"
    ),
    # 本报北京8月12日电: the paper itself
    regex.compile(
        rf"本[报報台](?P<place>{_HAN}{{2,8}}?)?(?:{_MONTH}{_DAY})?\s?(?P<sure>[电電讯訊](?=[\s（(])){_ZH_REPORTER}"
    ),
    # 【大纪元2022年02月02日讯】
    regex.compile(
        rf"【(?P<agency>大[纪紀]元|新唐人)(?:{_HAN}{{2}}时间)?(?P<y>\d{{4}})年{_MONTH}{_DAY}(?P<sure>[讯訊])】{_ZH_REPORTER}"
    ),
    # （中央社記者王小明台北5日電）, (中央社倫敦5日路透電)
    regex.compile(
        rf"{_OPEN}(?P<agency>中央社)(?:記者(?P<byline>(?:{_HAN}{{3}}、)*(?:{_HAN}{{3}}|{_HAN}{{2}})))?(?P<place>{_HAN}{{2,6}}?)"
        rf"(?P<d>\d{{1,2}})日{_HAN}{{0,8}}[電導訊]{_CLOSE}\s*"
    ),
    # 〔記者王小明／台北報導〕, 記者王小明／台北報導
    regex.compile(
        rf"{_OPEN}?記者(?P<byline>{_HAN}{{2,4}}(?:、{_HAN}{{2,4}})*)\s?[／/╱]\s?(?:綜合|(?P<place>{_HAN}{{2,6}}?))"
        rf"(?:即時)?報導{_CLOSE}?\s*"
    ),
    # 【ワシントン共同】, 【AFP=時事】, 【北京=時事】
    regex.compile(
        rf"[【［（(](?:(?P<place>{_KATAKANA_OR_HAN}{{2,14}}?)\s?[=＝]?|(?=ＡＦＰ|AFP|ＡＰ|AP))(?P<agency>(?:(?:AFP|ＡＦＰ|AP|ＡＰ)\s?[=＝]?\s?)?"
        r"(?:共同|時事|ロイター|聯合ニュース|ＡＦＰ|AFP))(?:[=＝・](?P<byline>[^】］]{2,20}))?[】］）)]\s*"
    ),
    # 【ワシントン＝海谷道隆】, 【北京・河津啓介】
    regex.compile(
        rf"[【［](?P<place>(?:(?:{_BUREAUS})(?:郊外)?(?=[=＝・\p{{Han}}])|{_KATAKANA_OR_HAN}{{3,12}}?(?=[=＝])))[=＝・]?"
        rf"(?P<byline>{_HAN}{{3,5}}(?:、[^】]{{2,40}})?)[】］]\s*"
    ),
    # 【2月2日 AFP】
    regex.compile(rf"【{_MONTH}{_DAY}\s?(?P<agency>[^】]{{2,20}})】\s*"),
    # [東京 2日 ロイター] -
    regex.compile(
        rf"[［\[](?:(?P<place>[\p{{Katakana}}\p{{Han}}ー・／/]{{2,24}})\s)?{_DAY}\s"
        rf"(?P<agency>ロイター|ＡＦＰ|AFP|ブルームバーグ)[］\]]\s*{DASH}*+\s*"
    ),
    # (서울=연합뉴스) 김병규 기자 =
    regex.compile(
        rf"[(\[【](?P<place>[{_HANGUL}·‧・, ]{{2,30}}?)\s?=\s?(?P<agency>[{_HANGUL}A-Za-z0-9]{{2,12}})[)\]】]\s?"
        rf"(?:(?P<byline>[{_HANGUL} ·,‧・]{{2,40}}?)\s?(?:기자|특파원|통신원|인턴기자|PD)\s?(?==))?+(?:=\s*)?"
    ),
    # (베이징=홍길동 특파원): correspondents sign with a place, others with their paper
    regex.compile(
        rf"[(\[【](?P<place>{_HANGUL}{{2,12}})\s?=\s?(?P<byline>[{_HANGUL}·, ]{{2,30}}?)\s?특파원[)\]】]\s?(?:=\s*)?"
    ),
    # [헤럴드경제=홍길동 기자], [이데일리 홍길동 기자]
    regex.compile(
        rf"[(\[【](?P<agency>[{_HANGUL}A-Za-z0-9 ]{{2,14}}?)(?:\s?[=|]\s?|\s)"
        rf"(?P<byline>{_HANGUL}{{2,4}}(?:[·,]\s?{_HANGUL}{{2,4}})*+)"
        r"\s?(?:인턴|전문|선임|수습)?\s?기자[)\]】]\s?(?:=\s*)?"
    ),
)


def find(text: str, published: str | None = None) -> Dateline | None:
    """Find the dateline of an article.

    Args:
        text: the body, repaired and normalized.
        published: the date of publication, or else of fetching, in RFC 3339; the day and month are optional. It decides
            the year of the dateline.

    >>> dateline = find("NEW YORK, February 2. /TASS/. Russian President Vladimir Putin will decide.", "2022-02-03")
    >>> dateline.place, dateline.date, dateline.agency, dateline.raw
    ('NEW YORK', '2022-02-02', 'TASS', 'NEW YORK, February 2. /TASS/.')
    """
    for i, paragraph in enumerate(islice(_PARAGRAPH.finditer(text), _MAX_PARAGRAPHS)):
        start = _skip_indent(text, paragraph.start())
        parsed = _parse(text[start : min(paragraph.end(), start + _MAX_HEAD_CHARS)], is_first=i == 0)
        if parsed:
            raw = text[start : start + parsed.end].strip()
            return Dateline(
                place=parsed.place or None,
                date=_format_date(parsed.day, published),
                agency=parsed.agency or None,
                byline=parsed.byline or None,
                confidence=parsed.confidence,
                raw=raw,
                start=start,
                end=_skip_indent(text, start + len(raw)),
            )
    return None


def _skip_indent(text: str, start: int) -> int:
    match = _INDENT.match(text, start)
    return match.end() if match else start


def _parse(head: str, *, is_first: bool) -> ParsedDateline | None:
    """Parse the start of a paragraph."""
    if _EAST_ASIAN_START.match(head) and (dateline := _parse_east_asian(head)):
        return dateline
    if not _MARK.search(head, 0, _MAX_MARK_OFFSET):
        return None
    return parse_with_agency(head) or (parse_without_agency(head) if is_first else None)


def _parse_east_asian(head: str) -> ParsedDateline | None:
    for form in _EAST_ASIAN_FORMS:
        if (match := form.match(head)) and (dateline := _read_fixed_form(match, match.groupdict())):
            return dateline
    return None


def _read_fixed_form(match: regex.Match[str], groups: dict[str, str | None]) -> ParsedDateline | None:
    agency, byline = (groups.get("agency") or "").strip(), (groups.get("byline") or "").strip(" 　/／")
    is_known = agency_certainty(agency) is not None
    if not is_known and not byline and "sure" not in groups:
        return None
    year, month, number = (int(groups.get(part) or 0) or None for part in ("y", "n", "d"))
    day = Day(year, month, number) if number else None
    confidence = CONFIDENCE_KNOWN_AGENCY if is_known else CONFIDENCE_FIXED_FORM
    return ParsedDateline(confidence, match.end(), (groups.get("place") or "").strip(), day, agency, byline)


def _format_date(day: Day | None, published: str | None) -> str | None:
    """Format a day with the known parts, in the year that is nearest to the publication."""
    if day is None:
        return None
    anchor = _parse_publication_date(published)
    if day.year is None and anchor is None:
        # The year 2000 had a 29 February.
        return f"--{day.month:02}-{day.day:02}" if day.month and build_date(2000, day.month, day.day) else None
    dates = list(_possible_dates(day, anchor))
    if not dates:
        return None
    return min(dates, key=lambda when: abs(when - anchor) if anchor else when).isoformat()


def _possible_dates(day: Day, anchor: date | None) -> Iterator[date]:
    years = [day.year] if day.year or not anchor else [anchor.year - 1, anchor.year, anchor.year + 1]
    for year in years:
        for month in [day.month] if day.month else range(1, 13):
            if year and (when := build_date(year, month, day.day)):
                yield when


def _parse_publication_date(published: str | None) -> date | None:
    match = _PUBLICATION_DATE.match(published or "")
    if not match:
        return None
    month, day = int(match[2] or _MIDDLE_MONTH), int(match[3] or (_MIDDLE_DAY if match[2] else 1))
    return build_date(int(match[1]), month, day)
