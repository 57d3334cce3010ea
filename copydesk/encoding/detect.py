"""Bytes to text: which charset they are in, by what they prove first and what somebody declares second.

The order is: a byte order mark; strict UTF-8, which no other text is by chance; the charset of the HTTP header; that
of `<meta>` or the XML declaration; detection; windows-1252, in which every byte means something. What is declared is
often wrong, mostly since a tool has saved the page anew as UTF-8: so a declaration that contradicts the bytes is
overruled. Nothing raises: what can't be decoded becomes U+FFFD and is counted.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import chardet
import webencodings

from copydesk.article import Encoding, EncodingSource
from copydesk.encoding import charsets

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32be"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
    (codecs.BOM_UTF16_BE, "utf-16be"),
)
# The standard looks for <meta> in 1,024 bytes only; 15 % of real pages have it further down.
_HEAD = 65_536
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_META = re.compile(rb"<meta\s[^>]{0,1000}?charset\s*=\s*[\"']?\s*([\w:.()-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"\s{0,99}<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]{2,40})[\"']", re.IGNORECASE)

# Text in these looks like ASCII, and so like UTF-8. By the names that Python, and so the detector, has for them.
_SHIFTING = re.compile(rb"\x1b[$(]|~\{|\x00")
_SHIFTED = {
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be",
    "utf-32-le": "utf-32le",
    "utf-32-be": "utf-32be",
    "iso2022_jp": "iso-2022-jp",
    "iso2022_jp_1": "iso-2022-jp",
    "iso2022_jp_2": "iso-2022-jp",
    "iso2022_jp_ext": "iso-2022-jp",
    "iso2022_kr": "iso-2022-kr",
    "hz": "hz-gb-2312",
}
# In UTF-16 every second byte is of few values: 0 for blanks and digits, and that of the script.
_FEW, _MOST = 2, 0.9

# UTF-8 with a few stray bytes remains UTF-8: each outweighed by so many sequences that are right.
_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_ASCII_TO_NONE = bytes(range(0x80))
_SEQUENCES_A_STRAY = 10
_TRAILS = frozenset(bytes([trail]) for trail in range(0x80, 0xC0))
_PIECE = 1_000_000

_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")

# A declaration is believed if the bytes are wrong in it this seldom, counted by those beyond ASCII.
_FLAWED = 0.01
# The detector is believed against the declaration only if it is this sure of a charset of more than one byte.
_SURE = 0.9
_SAMPLE = 200_000
_MAGIC = 4_096

_CODECS = charsets.CODECS | {
    "big5": "cp950",
    "iso-2022-jp": "iso2022_jp_2",
    "iso-2022-kr": "iso2022_kr",
    "hz-gb-2312": "hz",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf-32le": "utf-32-le",
    "utf-32be": "utf-32-be",
}


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the charset it was in, and how many of its characters could not be decoded."""

    text: str
    encoding: Encoding
    lost: int


def decode(data: bytes, header: str | None = None, *, markup: bool = True) -> Decoded:
    r"""Decode bytes as they came off the wire.

    Args:
        data: the bytes.
        header: the charset that the HTTP header names.
        markup: whether the bytes may be HTML or XML, whose own declaration then counts.

    >>> decode("Größe".encode()).encoding.source, decode(b"Gr\xf6\xdfe", "latin1").text
    ('utf-8', 'Größe')
    """
    meta = _declared_in(data) if markup else None
    for name, source, confidence in _candidates(data, header, meta):
        text = _read(data, name, lenient=source in ("bom", "default") or confidence < 1)
        if text is not None:
            lost = text.count("\ufffd")
            encoding = Encoding(name, source, header or meta, confidence)
            return Decoded(text.removeprefix("\ufeff"), encoding, lost)
    raise AssertionError("windows-1252 reads everything")


def binary_type(data: bytes) -> str | None:
    r"""Return the media type of bytes that are no text by their first ones, or None.

    Some formats begin with plain letters, as texts do (`BM` is a bitmap, and the United Nations in Turkish): all but
    PDF have controls among their first bytes.

    >>> binary_type(b"\x89PNG\r\n\x1a\n" + b"\0" * 20), binary_type(b"BM Genel Sekreteri"), binary_type(b"plain")
    ('image/png', None, None)
    """
    if not _CONTROL.search(data, 0, _MAGIC) and not data.startswith(b"%PDF-"):
        return None
    found = chardet.detect(data[:_MAGIC])
    kind = found.get("mime_type") or ""
    known = found["encoding"] is None and kind and not kind.startswith("text/") and kind != "application/octet-stream"
    return kind if known else None


def whatwg_name(label: str) -> str | None:
    """Return the name of the charset that a label means, as browsers take it, or None.

    >>> whatwg_name("latin1"), whatwg_name("ks_c_5601-1987"), whatwg_name("cp866"), whatwg_name("klingon")
    ('windows-1252', 'euc-kr', 'ibm866', None)
    """
    known = webencodings.lookup(label)
    name = known.name if known else charsets.find_charset(label)
    return {"gb18030": "gbk", "iso-8859-8-i": "iso-8859-8"}.get(name, name) if name else None


def _candidates(data: bytes, header: str | None, meta: str | None) -> Iterator[tuple[str, EncodingSource, float]]:
    """Yield what the charset may be: name, source and confidence, the surest first; the last reads everything."""
    yield from ((name, "bom", 1.0) for mark, name in _BOMS if data.startswith(mark))
    best = _detected(data) if _SHIFTING.search(data) else None
    if b"\x00" in data and not (best and best[0].startswith("utf-32")):
        best = _utf16(data) or best
    if best and best[0] in _SHIFTED.values():
        yield best[0], "detected", best[1]
    yield "utf-8", "utf-8", 1.0
    best = best or _detected(data)
    if _nearly_utf8(data):
        yield "utf-8", "utf-8", _SURE
    labels: tuple[tuple[str | None, EncodingSource], ...] = ((header, "header"), (meta, "meta"))
    for label, source in labels:
        name = whatwg_name(label) if label else None
        if name and name in _CODECS and name != "utf-8" and not _contradicted(name, best):
            yield name, source, 1.0
    if best:
        yield best[0], "detected", best[1]
    yield "windows-1252", "default", 0.0


def _read(data: bytes, name: str, *, lenient: bool) -> str | None:
    """Decode; or return None where the bytes are wrong in the charset more often than a slip here and there."""
    codec = _CODECS[name]
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        if name == "utf-8" and not lenient:
            return None
    text = data.decode(codec, "replace")
    flaws = text.count("\ufffd")
    return text if lenient or flaws <= _FLAWED * len(data.translate(None, _ASCII_TO_NONE)) else None


def _detected(data: bytes) -> tuple[str, float] | None:
    found = chardet.detect(data, max_bytes=_SAMPLE)
    label = found["encoding"]
    if not label:
        return None
    name = _SHIFTED.get(codecs.lookup(label).name) or whatwg_name(label)
    if name == "iso-8859-15" and data.decode(name) == data.decode(_CODECS["windows-1252"]):
        name = "windows-1252"
    return (name, found["confidence"] or 0.0) if name in _CODECS else None


def _utf16(data: bytes) -> tuple[str, float] | None:
    """Recognise UTF-16 of scripts other than Han by the bytes that are alike: of some the detector knows nothing."""
    for name, first in (("utf-16le", 1), ("utf-16be", 0)):
        halves = Counter(data[first:_SAMPLE:2])
        alike = sum(count for _, count in halves.most_common(_FEW))
        if halves[0] > data[1 - first : _SAMPLE : 2].count(0) and alike >= _MOST * halves.total():
            return name, _MOST
    return None


def _contradicted(name: str, best: tuple[str, float] | None) -> bool:
    """Tell whether the bytes are surely of several a character where one a character is declared."""
    if best is None or name in charsets.MULTIBYTE:
        return False
    return best[0] in charsets.MULTIBYTE and best[1] >= _SURE


def _nearly_utf8(data: bytes) -> bool:
    sequences = strays = 0
    for piece in _pieces(data):
        rest, found = _SEQUENCE.subn(b"", piece)
        sequences += found
        strays += len(rest.translate(None, _ASCII_TO_NONE))
    return 0 < sequences >= _SEQUENCES_A_STRAY * strays


def _pieces(data: bytes) -> Iterator[bytes]:
    """Cut where no sequence is cut in two: substituting in all at once takes fifty times the memory of the bytes."""
    start = 0
    while start < len(data):
        end = min(start + _PIECE, len(data))
        end += next((at for at in range(3) if data[end + at : end + at + 1] not in _TRAILS), 3)
        yield data[start:end]
        start = end


def _declared_in(data: bytes) -> str | None:
    """Return the charset that a page or feed declares for itself, in whatever place of its head."""
    head = data[:_HEAD]
    xml = _XML.match(head)
    found = xml or (_META.search(_COMMENT.sub(b"", head)) if b"charset" in head.lower() else None)
    return found[1].decode("ascii", "replace") if found else None
