"""Datelines: where, when and by which agency a story was filed, as its opening tells (`NEW YORK, February 2. /TASS/.`).

An agency stands in brackets or slashes behind a place and a day (`LONDON, Feb 2 (Reuters) -`), or in front of them
(`(ANSA) - ROMA, 28 LUG -`), or beside them (`МОСКВА, 2 фев — РИА Новости.`). Chinese, Japanese and Korean agencies have
fixed forms (`新华社北京8月12日电`), and some papers write a place in capitals and nothing else. Only the first 200
characters of the first three paragraphs are looked at.

The danger is the ordinary opening that looks like one: `Associated Press (AP) said`, `MIGRATION – Le gouvernement`,
`Lancaster, PA – The`. So an agency must be known, or the rest of the form must prove it; one that is known only as an
ordinary abbreviation must bring a day or capitals; and a place without an agency counts in the first paragraph alone.
Where the year is not told, it is the one that brings the day nearest to the publication.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice

import regex

from copydesk.article import Dateline
from copydesk.metadata.datelines.bare import bare
from copydesk.metadata.datelines.forms import DASH, FIXED, KNOWN, Day, Reading
from copydesk.metadata.datelines.names import certainty
from copydesk.metadata.datelines.shapes import agency_shapes

# From here on nothing was found that only looks like a dateline: what the option strip_dateline takes away.
HIGH = FIXED

_LONGEST, _PARAGRAPHS = 200, 3
_PARAGRAPH = regex.compile(r"\S[^\n]*+")
_INDENT = regex.compile(r"[\s|*•\u200b\ufeff]*+")
_MARK = regex.compile(r"[(\[（/|\ufffd–—―：:─\x96\x97]|-[-\s]|\s-|\d|â€|(?<=\p{Lo})-")
_ANCHOR = regex.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")

_BUREAUS = (
    "ワシントン|ニューヨーク|ロンドン|パリ|ベルリン|モスクワ|北京|上海|香港|台北|ソウル|平壌|バンコク|ジャカルタ|ハノイ|マニラ|シンガポール|"
    "クアラルンプール|ニューデリー|イスラマバード|カブール|テヘラン|エルサレム|カイロ|イスタンブール|アンカラ|ドバイ|アブダビ|ベイルート|"
    "ヨハネスブルク|ナイロビ|シドニー|ロサンゼルス|サンフランシスコ|シカゴ|ボストン|ヒューストン|サンパウロ|リオデジャネイロ|メキシコ市|ローマ|"
    "ウィーン|ブリュッセル|ジュネーブ|マドリード|キーウ|キエフ|ワルシャワ|広州|瀋陽|東京|大阪"
)
_H, _K, _G = r"\p{Han}", r"[\p{Katakana}ー・\p{Han}]", r"\p{Hangul}"
_N, _D = r"(?P<n>\d{1,2})月", r"(?P<d>\d{1,2})日"
_OPEN, _CLOSE = r"[（(〔【［\[]", r"[）)〕】］\]]"
_ZH_REPORTER = rf"(?:\s?[（(]\s?(?:{_H}{{2,6}})??[记記]者[\s:：]*(?P<byline>[^（()）]{{1,40}}?)\s*[）)])?+\s*"
_EAST_ASIAN_MARK = regex.compile(r"[【〔［\[(（《\p{Han}]")
# A form with a group `sure` needs neither a known agency nor a reporter.
_EAST_ASIAN = (
    # 新华社北京8月12日电（记者罗沙）, 中新网2月2日电, 路透北京2月2日 -
    regex.compile(
        rf"据?(?P<agency>路透社?|{_H}{{2,6}}?[社网網经經联聯])(?P<place>{_H}{{2,10}}?(?:[／/、]{_H}{{2,6}})?)??\s?"
        rf"(?:(?P<y>\d{{4}})年)?{_N}{_D}(?:\s?[电電讯訊](?:\s?题[:：])?|(?=[（(])|\s?{DASH}+){_ZH_REPORTER}"
    ),
    regex.compile(
        rf"(?P<agency>新[华華]社|中新社|法新社|路透社|美联社|中通社)(?P<place>{_H}{{2,8}}?)?"
        rf"(?P<sure>[电電](?=[\s（(:：题])(?:\s?题[:：])?){_ZH_REPORTER}"
    ),
    # 本报北京8月12日电: the paper itself
    regex.compile(rf"本[报報台](?P<place>{_H}{{2,8}}?)?(?:{_N}{_D})?\s?(?P<sure>[电電讯訊](?=[\s（(])){_ZH_REPORTER}"),
    # 【大纪元2022年02月02日讯】
    regex.compile(
        rf"【(?P<agency>大[纪紀]元|新唐人)(?:{_H}{{2}}时间)?(?P<y>\d{{4}})年{_N}{_D}(?P<sure>[讯訊])】{_ZH_REPORTER}"
    ),
    # （中央社記者王小明台北5日電）, (中央社倫敦5日路透電)
    regex.compile(
        rf"{_OPEN}(?P<agency>中央社)(?:記者(?P<byline>(?:{_H}{{3}}、)*(?:{_H}{{3}}|{_H}{{2}})))?(?P<place>{_H}{{2,6}}?)"
        rf"(?P<d>\d{{1,2}})日{_H}{{0,8}}[電導訊]{_CLOSE}\s*"
    ),
    # 〔記者王小明／台北報導〕, 記者王小明／台北報導
    regex.compile(
        rf"{_OPEN}?記者(?P<byline>{_H}{{2,4}}(?:、{_H}{{2,4}})*)\s?[／/╱]\s?(?:綜合|(?P<place>{_H}{{2,6}}?))"
        rf"(?:即時)?報導{_CLOSE}?\s*"
    ),
    # 【ワシントン共同】, 【AFP=時事】, 【北京=時事】
    regex.compile(
        rf"[【［（(](?:(?P<place>{_K}{{2,14}}?)\s?[=＝]?|(?=ＡＦＰ|AFP|ＡＰ|AP))(?P<agency>(?:(?:AFP|ＡＦＰ|AP|ＡＰ)\s?[=＝]?\s?)?"
        r"(?:共同|時事|ロイター|聯合ニュース|ＡＦＰ|AFP))(?:[=＝・](?P<byline>[^】］]{2,20}))?[】］）)]\s*"
    ),
    # 【ワシントン＝海谷道隆】, 【北京・河津啓介】
    regex.compile(
        rf"[【［](?P<place>(?:(?:{_BUREAUS})(?:郊外)?(?=[=＝・\p{{Han}}])|{_K}{{3,12}}?(?=[=＝])))[=＝・]?"
        rf"(?P<byline>{_H}{{3,5}}(?:、[^】]{{2,40}})?)[】］]\s*"
    ),
    # 【2月2日 AFP】
    regex.compile(rf"【{_N}{_D}\s?(?P<agency>[^】]{{2,20}})】\s*"),
    # [東京 2日 ロイター] -
    regex.compile(
        rf"[［\[](?:(?P<place>[\p{{Katakana}}\p{{Han}}ー・／/]{{2,24}})\s)?{_D}\s"
        rf"(?P<agency>ロイター|ＡＦＰ|AFP|ブルームバーグ)[］\]]\s*{DASH}*+\s*"
    ),
    # (서울=연합뉴스) 김병규 기자 =
    regex.compile(
        rf"[(\[【](?P<place>[{_G}·‧・, ]{{2,30}}?)\s?=\s?(?P<agency>[{_G}A-Za-z0-9]{{2,12}})[)\]】]\s?"
        rf"(?:(?P<byline>[{_G} ·,‧・]{{2,40}}?)\s?(?:기자|특파원|통신원|인턴기자|PD)\s?(?==))?+(?:=\s*)?"
    ),
    # (베이징=홍길동 특파원): a correspondent stands behind a place, others behind their paper
    regex.compile(rf"[(\[【](?P<place>{_G}{{2,12}})\s?=\s?(?P<byline>[{_G}·, ]{{2,30}}?)\s?특파원[)\]】]\s?(?:=\s*)?"),
    # [헤럴드경제=홍길동 기자], [이데일리 홍길동 기자]
    regex.compile(
        rf"[(\[【](?P<agency>[{_G}A-Za-z0-9 ]{{2,14}}?)(?:\s?[=|]\s?|\s)(?P<byline>{_G}{{2,4}}(?:[·,]\s?{_G}{{2,4}})*+)"
        r"\s?(?:인턴|전문|선임|수습)?\s?기자[)\]】]\s?(?:=\s*)?"
    ),
)


def find(text: str, known: str | None = None) -> Dateline | None:
    """Return the dateline that an article opens with.

    Args:
        text: the body, repaired and tidied. Its first three paragraphs are looked at.
        known: when the article was published, or else fetched: an RFC 3339 date, which may lack the day or month. The
            year of the dateline is taken from it.

    >>> found = find("NEW YORK, February 2. /TASS/. Russian President Vladimir Putin will decide.", "2022-02-03")
    >>> found.place, found.date, found.agency, found.raw
    ('NEW YORK', '2022-02-02', 'TASS', 'NEW YORK, February 2. /TASS/.')
    """
    for at, paragraph in enumerate(islice(_PARAGRAPH.finditer(text), _PARAGRAPHS)):
        start = _after(_INDENT, text, paragraph.start())
        reading = _read(text[start : min(paragraph.end(), start + _LONGEST)], first=at == 0)
        if reading:
            raw = text[start : start + reading.end].strip()
            return Dateline(
                place=reading.place or None,
                date=_date(reading.day, known),
                agency=reading.agency or None,
                byline=reading.byline or None,
                confidence=reading.confidence,
                raw=raw,
                start=start,
                end=_after(_INDENT, text, start + len(raw)),
            )
    return None


def _after(pattern: regex.Pattern[str], text: str, at: int) -> int:
    match = pattern.match(text, at)
    return match.end() if match else at


def _read(head: str, *, first: bool) -> Reading | None:
    if _EAST_ASIAN_MARK.match(head) and (reading := _east_asian(head)):
        return reading
    if not _MARK.search(head, 0, 120):
        return None
    return agency_shapes(head) or (bare(head) if first else None)


def _east_asian(head: str) -> Reading | None:
    for form in _EAST_ASIAN:
        if (match := form.match(head)) and (reading := _fixed(match, match.groupdict())):
            return reading
    return None


def _fixed(match: regex.Match[str], named: dict[str, str | None]) -> Reading | None:
    agency, byline = (named.get("agency") or "").strip(), (named.get("byline") or "").strip(" 　/／")
    if not certainty(agency) and not byline and "sure" not in named:
        return None
    year, month, number = (int(named.get(part) or 0) or None for part in ("y", "n", "d"))
    day = Day(year, month, number) if number else None
    confidence = KNOWN if certainty(agency) else FIXED
    return Reading(confidence, match.end(), (named.get("place") or "").strip(), day, agency, byline)


def _date(day: Day | None, known: str | None) -> str | None:
    """Write a day as far as it can be known, in the year that brings it nearest to `known`."""
    if day is None:
        return None
    anchor = _anchor(known)
    if day.year is None and anchor is None:
        # The year 2000 had a 29 February.
        return f"--{day.month:02}-{day.day:02}" if day.month and _calendar(2000, day.month, day.day) else None
    days = list(_candidates(day, anchor))
    if days:
        return min(days, key=lambda found: abs(found - anchor) if anchor else found).isoformat()
    return None


def _candidates(day: Day, anchor: date | None) -> Iterator[date]:
    years = [day.year] if day.year or not anchor else [anchor.year - 1, anchor.year, anchor.year + 1]
    for year in years:
        for month in [day.month] if day.month else range(1, 13):
            if year and (found := _calendar(year, month, day.day)):
                yield found


def _anchor(known: str | None) -> date | None:
    match = _ANCHOR.match(known or "")
    return _calendar(int(match[1]), int(match[2] or 7), int(match[3] or (15 if match[2] else 1))) if match else None


def _calendar(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
