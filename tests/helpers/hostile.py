"""Hostile articles: deterministic builders of expensive articles, by name.

Each has the given number of code points, or as many as the service accepts in its fields.

Most repeat one pattern that a rule may match, report or compose again and again. Others have only words that are not
cached. If the cost grows faster than the size, a rule is worse than linear.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from itertools import islice
from random import Random

from copydesk.article import Article
from schemas.fields import MAX_EXTRA_STRINGS, MAX_LIST_CHARS, MAX_LIST_ITEMS, MAX_STRING_CHARS
from tests.helpers.corpus import read_corpus

Kind = Callable[[int], Article]
"""Builds an article of a size in code points."""

_SENTENCE = "Die Brücke über den Fluß wurde gestern für “alle” geöffnet – спасибо, café. "
_UTF8_DECODED_AS = (
    *("windows-1252", "latin-1", "cp1250", "cp1251", "cp1253", "cp1254", "cp437", "cp850", "mac-roman", "koi8-r"),
    *("gb18030", "cp950", "cp932", "cp949"),
)
_ALL_CHARSETS = (
    *("utf-8", "windows-1252", "latin-1", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257"),
    *("cp437", "cp850", "cp852", "cp866", "mac-roman", "koi8-r", "iso8859-2", "iso8859-5", "iso8859-7", "iso8859-9"),
    *("gbk", "big5", "shift_jis", "euc-kr"),
)
# By name: a text, its charset, and the charset that it was decoded as.
_LEGACY = {
    "windows-1251 as windows-1252": ("Президент прибыл в Москву. ", "cp1251", "cp1252"),
    "KOI8-R as windows-1251": ("Президент прибыл в Москву. ", "koi8-r", "cp1251"),
    "GBK as ISO 8859-1": ("大雨下了一夜，市政府封闭了旧桥。", "gbk", "latin-1"),
    "windows-1254 as windows-1252": ("Bugün konuşulan ağır şartlar için görüş ", "cp1254", "cp1252"),
    "ISO 8859-2 as ISO 8859-1": ("Żółta łódź płynęła wąską rzeką. ", "iso-8859-2", "latin-1"),
}
_BLOCKS = {
    "Latin": (0x00C0, 0x024F),
    "combining": (0x0300, 0x036F),
    "Greek": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Devanagari": (0x0900, 0x097F),
    "Thai": (0x0E00, 0x0E7F),
    "jamo": (0x1100, 0x11FF),
    "punctuation": (0x2000, 0x206F),
    "boxes": (0x2500, 0x257F),
    "kana": (0x3040, 0x30FF),
    "Han": (0x4E00, 0x9FFF),
    "Hangul": (0xAC00, 0xD7A3),
    "surrogates": (0xD800, 0xDFFF),
    "private": (0xE000, 0xF8FF),
    "compatibility": (0xF900, 0xFAFF),
    "forms": (0xFE00, 0xFFFF),
    "music": (0x1D100, 0x1D1FF),
    "emoji": (0x1F300, 0x1FAFF),
    "tags": (0xE0000, 0xE007F),
    "C1 and Latin-1": (0x0080, 0x00FF),
    "all below the astral": (0x0000, 0xFFFF),
    "all": (0x0000, 0x10FFFF),
}


def _fill(piece: str, size: int) -> str:
    return (piece * (size // len(piece) + 1))[:size]


def _repeat(piece: str) -> Kind:
    """Return a builder of articles with a repeated piece."""
    return lambda size: Article(text=_fill(piece, size))


def _decode_as(text: str, actual: str, decoded_as: str, times: int = 1) -> str:
    """Encode a text in one charset and decode it as another."""
    for _ in range(times):
        text = text.encode(actual).decode(decoded_as, "ignore")
    return text


def _random_characters(first: int, last: int) -> Kind:
    """Return a builder of texts with random characters of a block and some spaces."""

    def build(size: int) -> Article:
        rng = Random(first)
        return Article(text="".join(" " if i % 9 == 8 else chr(rng.randint(first, last)) for i in range(size)))

    return build


@cache
def _corpus_words() -> tuple[tuple[str, ...], ...]:
    """Return the words of each language of the corpus."""
    return tuple(tuple(" ".join(raw["text"] for raw in raws).split()) for raws in read_corpus().values())


def _new_words(rng: Random) -> Iterator[str]:
    """Yield words that are not cached: halves of two words of a language, sixty per language in turn."""
    while True:
        for words in _corpus_words():
            for _ in range(60):
                first, second = rng.choice(words), rng.choice(words)
                yield first[: 1 + len(first) // 2] + second[len(second) // 2 :]
            yield "\n\n"


def _prose(size: int, seed: int = 1) -> str:
    """Return paragraphs of words that are not cached, in all languages of the corpus."""
    words, length = [], 0
    for word in _new_words(Random(seed)):
        words.append(word)
        length += len(word) + 1
        if length > size:
            break
    return " ".join(words)[:size]


def _number(before: str, after: str = "\n") -> Kind:
    """Return a builder of texts with a repeated piece and a different number in each."""

    def build(size: int) -> Article:
        piece_chars = len(before) + len(after) + 6
        return Article(text="".join(f"{before}{i:06}{after}" for i in range(size // piece_chars + 1)))

    return build


def _mix(size: int) -> Article:
    """Return an article with all repeated pieces in random order."""
    rng, pieces, length = Random(3), [], 0
    while length < size:
        pieces.append(rng.choice(list(_PIECES.values())) * rng.randint(1, 40))
        length += len(pieces[-1])
    return Article(text="".join(pieces)[:size])


def _in_title(piece: str) -> Kind:
    def build(size: int) -> Article:
        title = _fill(piece, min(size, MAX_STRING_CHARS))
        return Article(text=_prose(2_000), title=title, subtitle=title)

    return build


def _many_names(size: int) -> Article:
    """Return an article with a thousand authors and tags."""
    length = min(size // 2_000, MAX_LIST_CHARS // MAX_LIST_ITEMS)
    names = tuple(_fill(f"By Anna{i} Ã© Bell and Max  Müller, Rio &amp; Co. ", length) for i in range(MAX_LIST_ITEMS))
    return Article(text=_prose(2_000), authors=names, tags=names)


def _many_strings(size: int) -> Article:
    """Return an article with many short strings in `extra`."""
    count = min(size // 10, MAX_EXTRA_STRINGS)
    return Article(text="cafÃ©", extra={f"key{i}": _fill(f"Ã© &amp; {i} ", size // count) for i in range(count)})


def _nested_lists(size: int) -> Article:
    """Return an article with strings in lists that are nested as deep as JSON may be."""
    nested = ["Ã©"]
    for _ in range(60):
        nested = [nested, "cafÃ© &amp;"]  # type: ignore[list-item]  # each level has the next one
    count = min(size // 600 + 1, MAX_EXTRA_STRINGS // 61)
    return Article(text="x", extra={"deep": [nested] * count})  # type: ignore[list-item]


def _damaged_lines(size: int, words_per_line: int, seed: int) -> Iterator[str]:
    """Yield lines of words that are not cached. Each was decoded as another charset than its own."""
    rng, length = Random(seed), 0
    words = (word for word in _new_words(rng) if not word.isspace())
    while length < size:
        actual, decoded_as = rng.sample(_ALL_CHARSETS, 2)
        line = " ".join(islice(words, words_per_line))
        with suppress(UnicodeError):
            line = line.encode(actual, "ignore").decode(decoded_as, "ignore").replace("\n", " ")
        yield line
        length += len(line) + 1


def _damage_of_each_line(words_per_line: int) -> Kind:
    return lambda size: Article(text="\n".join(_damaged_lines(size, words_per_line, seed=1))[:size])


def _damage_of_each_string(size: int) -> Article:
    """Return an article with strings in `extra` that are damaged in different ways."""
    length = 100
    lines = islice(_damaged_lines(2 * size, 16, seed=2), min(size // length, MAX_EXTRA_STRINGS))
    return Article(text="x", extra={f"key{i}": line[:length] for i, line in enumerate(lines)})


def _damage_and_words(size: int) -> Article:
    """Return an article of damaged words, signs and references between words that are not cached."""
    rng, pieces, length = Random(3), [], 0
    words = _new_words(rng)
    while length < size:
        damaged = rng.choice(("Russiaâ€™s ", "Â ﷺ ", "1.&#8217; ", "Ã "))
        pieces.append(damaged if rng.random() < 0.6 else f"{next(words)} ")
        length += len(pieces[-1])
    return Article(text="".join(pieces)[:size])


_PIECES = {
    "ZERO WIDTH SPACE": "\u200b",
    "word and ZERO WIDTH SPACE": "ab\u200b ",
    "letters and ZERO WIDTH SPACE by turns": "a\u200b",
    "soft hyphens": "co\u00adpy",
    "BOMs": "\ufeff",
    "ZWJ": "\u200d",
    "ZWNJ in Persian": "می\u200cخواهم ",
    "emoji sequences": "👩\u200d🚒",
    "emoji and variation selectors": "❤\ufe0f ",
    "variation selectors": "\ufe0f",
    "marks of direction": "\u200f",
    "marks of direction in Hebrew": "שלום\u200f \u200e",
    "overrides": "a\u202eb",
    "tag characters": "\U000e0041",
    "flags": "\U0001f3f4\U000e0067\U000e0062\U000e007f",
    "private use": "\ue000",
    "private use by turns": "a \ue000 ",
    "C1 controls": "\x85",
    "C1 apostrophes": "it\x92s ",
    "C1 alone": "\x92",
    "C0 controls": "\x00",
    "escape sequences": "\x1b[31ma",
    "half escape sequences": "\x1b[",
    "digits after an escape": "\x1b[0;0;0;0;0;0;0;",
    "two classes of marks": "a\u0316\u0301",
    "marks of two classes": "\u0301\u0316",
    "one mark": "\u0301",
    "marks in order": "\u0316\u0301",
    "café in NFD": "cafe\u0301 ",
    "letters and marks": "e\u0301",
    "jamo": "\u1112\u1161\u11ab",
    "leading jamo": "\u1100",
    "vowels that join": "\u09c7\u09be",
    "ligatures": "ﬁ",
    "expanding compatibility": "\ufdfa",
    "wide forms": "Ａ",
    "half-width kana": "ｶﾞ",
    "composition exclusions": "\u0958",
    "cafÃ© on each line": "cafÃ©\n",
    "cafÃ© in each word": "cafÃ© ",
    "cafÃ© without blanks": "cafÃ©",
    "Ã": "Ã",
    "Ã and a blank": "Ã ",
    "Ã and line breaks": "Ã\n",
    "Â": "Â\xa0",
    "â€": "â€ ",
    "â€œ": "â€œgrowthâ€ ",
    "â€™": "â€™",
    "Russiaâ€™s": "Russiaâ€™s ",
    "clean and broken": "é cafÃ© ",
    "clean and broken on each line": "déjà cafÃ© été\n",
    "mojibake in other case": "russiaã¢â‚¬â„¢s ",
    "other case on each line": "russiaã¢â‚¬â„¢s\n",
    "voilÃ": "voilÃ  oui\n",
    "mojibake with U+FFFD": "cafÃ� Ã©\n",
    "mentioned mojibake": "“Ã©” is “é”\n",
    "trailing blanks": "ab \n",
    "double blanks": "ab  ",
    "blank lines": "ab\n\n\n",
    "line breaks": "\n",
    "line breaks of all kinds": "a\r\nb\rc\x0bd\x0ce\x1cf\x85g\u2028h\u2029",
    "blanks": " ",
    "tabs and blanks": "\t ",
    "no-break spaces": "\xa0",
    "blanks and no-break spaces": " \xa0",
    "blank line breaks": " \n",
    "short lines": "a\n",
    "one word": "a",
    "one word beyond ASCII": "ж",
    "one word of Han": "中",
    "ampersands": "&",
    "&amp;": "&amp;",
    "&amp; nested": "&amp;amp;",
    "amp;": "amp;",
    "& and amp;": "&amp;" + "amp;" * 200,
    "&eacute;": "caf&eacute; ",
    "&eacute; on each line": "caf&eacute;\n",
    "&nosuch;": "&nosuch;",
    "&#1": "&#1",
    "entities of mojibake": "&acirc;&euro;&trade; ",
    "entities of mojibake between tags": "<b>x</b> &acirc;&euro;&trade; ",
    "tags": "<a",
    "less-than signs": "<",
    "closed tags": "<b>",
    "escaped paragraphs": "&lt;p&gt;It rains.&lt;/p&gt;",
    "escaped paragraphs on each line": "&lt;p&gt;It rains.&lt;/p&gt;\n",
    "escaped scripts": "&lt;script&gt;alert(1)&lt;/script&gt;",
    "paragraphs that are escaped twice": "&amp;lt;p&amp;gt;It rains.&amp;lt;/p&amp;gt;",
    "escaped and closed tags": "&lt;b&gt;\n</b>",
    "escaped tags in prose": "Use &lt;b&gt; for bold. ",
    "escaped less-than signs": "&lt;",
    "escaped brackets by turns": "&lt;a&gt; &gt;",
    "\\u2019": "l\\u2019e ",
    "\\u2019 without blanks": "\\u2019a",
    "\\ud83d": "\\ud83d",
    "\\xe2": "a\\xe2\\x80\\x99s ",
    "backslashes": "\\",
    "%E2%80%99": "a%E2%80%99s ",
    "%E2%80%99 without blanks": "a%E2%80%99s",
    "%E2": "%E2",
    "percent signs": "%",
    "=E2=80=99": "a=E2=80=99s ",
    "=E2=80=99 without blanks": "a=E2=80=99s",
    "soft line breaks": "a=E2=80=99s=\n",
    "equals signs": "=",
    "U+FFFD": "\ufffd",
    "lost apostrophes": "Russia\ufffds ",
    "question marks": "don?t ",
    "question marks alone": "?",
    "genitives": "Russia?s ",
    "lone surrogates": "\ud83d",
    "lone surrogates by turns": "a\udc00 ",
    "pairs of surrogates": "\ud83d\ude00",
    "pairs of surrogates by turns": "a \ud83d\ude00 ",
    "CESU-8": "í\xa0½í¸\x80 ",
    "quotes": "“a” ",
    "quotes without blanks": "“",
    "dashes": "a – b … ",
    "brackets": "(",
    "brackets by turns": "()",
    "straight quotes": "\"'",
    "apostrophes": "a'",
    "hyphens": "a-",
    "dots": "...",
    "slashes": "a/",
    "underscores": "_",
    "digits": "1",
    "digits and dots": "1.",
    "addresses": "https://example.com/a?b=c&d=e ",
    "boilerplate": "Read more\n\n",
    "boilerplate by turns": "Read more: Port closed\n\nThe river rose.\n\n",
    "weak boilerplate": "Comments\n",
    "share bars": "Facebook Twitter WhatsApp\n",
    "numbers": "12\n",
    "words of share bars": "Facebook | ",
    "credits": "Photo: Anna Bell\n\n",
    "copyright": "© 2024 Reuters\n\n",
    "datelines": "LONDON, Feb 2 (Reuters) - The river rose.\n\n",
    "datelines without breaks": "LONDON, Feb 2 (Reuters) - ",
    "repeated paragraphs": "The river rose all night and the council closed the bridge.\n\n",
    "repeated refrains": "The river rose all night,\nand the council closed\nthe bridge, and sang.\n\n",
    "questions": "And what did the council of the town say to that, by the way?\n\n",
    "verses": "The river rose\n",
}
_MIXES = {
    "mixed": _mix,
    "ASCII and an emoji": lambda size: Article(text=_fill("It rains. ", size - 1) + "😀"),
    "never seen": lambda size: Article(text=_prose(size)),
    "never seen, misread": lambda size: Article(text=_decode_as(_prose(size // 2), "utf-8", "latin-1")[:size]),
    "never seen in one line": lambda size: Article(text=_prose(size).replace("\n", " ")),
    "never seen, a word a line": lambda size: Article(text="\n".join(_prose(size).split())),
    "never seen without blanks": lambda size: Article(text="".join(_prose(size).split())),
    "noise read as ISO 8859-1": lambda size: Article(text=Random(7).randbytes(size).decode("latin-1")),
    "noise read as windows-1251": lambda size: Article(text=Random(7).randbytes(size).decode("cp1251", "ignore")),
    "entities, all different": _number("é&#"),
    "mojibake, all different": _number("cafÃ©"),
    "mojibake, all different, in one line": _number("cafÃ©", " "),
    "blanks, all different": lambda size: Article(
        text="a".join(" " * (i % 900 + 2) for i in range(size // 400 + 1))[:size]
    ),
    "marks, all different": lambda size: Article(
        text=" ".join("a" + "\u0301\u0316" * (i % 90 + 1) for i in range(size // 90 + 1))[:size]
    ),
    "paragraphs twice": lambda size: Article(text=f"{_prose(size // 2)}\n\n{_prose(size // 2)}"),
    "numbered boilerplate": _number("Read more: Port ", "\n\n"),
    "damage of each line": _damage_of_each_line(10),
    "damage of each word": _damage_of_each_line(1),
    "damage of each long line": _damage_of_each_line(400),
    "damage and words": _damage_and_words,
    "title at the top": lambda size: Article(text=_fill("Fire at the port\n", size), title="Fire at the port"),
}
_OF_OTHER_FIELDS = {
    "title of blanks": _in_title(" a  "),
    "title of dashes": _in_title(" - The Courier"),
    "title of bars": _in_title("|"),
    "title of mojibake": _in_title("cafÃ© "),
    "title of marks": _in_title("a\u0301\u0316"),
    "a thousand authors and tags": _many_names,
    "ten thousand strings": _many_strings,
    "damage of each string": _damage_of_each_string,
    "deep nests": _nested_lists,
}

KINDS: dict[str, Kind] = (
    {name: _repeat(piece) for name, piece in _PIECES.items()}
    | {f"UTF-8 as {charset}": _repeat(_decode_as(_SENTENCE, "utf-8", charset)) for charset in _UTF8_DECODED_AS}
    | {f"UTF-8 as {name} twice": _repeat(_decode_as(_SENTENCE, "utf-8", name, 2)) for name in ("latin-1", "cp437")}
    | {name: _repeat(_decode_as(*damage)) for name, damage in _LEGACY.items()}
    | {f"characters: {name}": _random_characters(*bounds) for name, bounds in _BLOCKS.items()}
    | _MIXES
    | _OF_OTHER_FIELDS
)
