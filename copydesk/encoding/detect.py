"""Decoding of bytes in an unknown encoding.

The candidates are tried in this order:

1. a byte order mark,
2. strict UTF-8: no other text is valid UTF-8 by chance,
3. the charset of the HTTP header,
4. the charset of `<meta>` or the XML declaration,
5. detection,
6. windows-1252, in which every byte is valid.

Declarations are often wrong, mostly because a tool has saved the page again as UTF-8. So the bytes overrule a
declaration that they contradict. Decoding never fails: invalid bytes become U+FFFD and are counted.
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
from copydesk.transforms.characters import BINARY_CONTROLS

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32le"),  # before UTF-16: its mark starts with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32be"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
    (codecs.BOM_UTF16_BE, "utf-16be"),
)
# The standard searches 1,024 bytes for <meta>. 15 % of real pages have it further down.
_HEAD_BYTES = 65_536
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_META_CHARSET = re.compile(rb"<meta\s[^>]{0,1000}?charset\s*=\s*[\"']?\s*([\w:.()-]{2,40})", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"\s{0,99}<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]{2,40})[\"']", re.IGNORECASE)

# Encodings with the bytes of ASCII, which are therefore valid UTF-8: their escape sequences, and their WHATWG names by
# the names of Python and the detector.
_ESCAPE_SEQUENCE = re.compile(rb"\x1b[$(]|~\{|\x00")
_ASCII_LIKE_ENCODINGS = {
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
# In UTF-16, nearly every second byte has one of two values: 0 (of blanks and digits) and that of the script.
_UTF16_COMMON_VALUES = 2
_UTF16_MIN_SHARE = 0.9

# UTF-8 with a few invalid bytes: each needs this number of valid sequences.
_UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_SEQUENCES_PER_INVALID_BYTE = 10
_CONTINUATION_BYTES = frozenset(bytes([value]) for value in range(0x80, 0xC0))
_CHUNK_BYTES = 1_000_000
_ASCII_BYTES = bytes(range(0x80))

_BINARY_CONTROL = re.compile(f"[{BINARY_CONTROLS}]".encode())
_SIGNATURE_BYTES = 4_096

# The maximum share of invalid bytes, among the non-ASCII ones, of a declared encoding.
_MAX_INVALID_SHARE = 0.01
# The minimum confidence of the detector in a multibyte charset, to overrule a declaration.
_CERTAIN_CONFIDENCE = 0.9
_DETECTED_BYTES = 200_000

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
    """A decoded text.

    Attributes:
        text: the text, without a byte order mark.
        encoding: the encoding, with its source and confidence.
        lost: the number of U+FFFD in the text.
    """

    text: str
    encoding: Encoding
    lost: int


def decode(data: bytes, header: str | None = None, *, markup: bool = True) -> Decoded:
    r"""Decode bytes in an unknown encoding.

    Args:
        data: the bytes.
        header: the charset of the HTTP header.
        markup: whether the bytes may be HTML or XML, with a declaration of their own.

    >>> decode("Größe".encode()).encoding.source, decode(b"Gr\xf6\xdfe", "latin1").text
    ('utf-8', 'Größe')
    """
    declared = _find_declaration(data) if markup else None
    for name, source, confidence in _iterate_candidates(data, header, declared):
        text = _try_decode(data, name, lenient=source in ("bom", "default") or confidence < 1)
        if text is not None:
            encoding = Encoding(name, source, header or declared, confidence)
            return Decoded(text.removeprefix("\ufeff"), encoding, text.count("\ufffd"))
    raise AssertionError("windows-1252 decodes all bytes")


def binary_type(data: bytes) -> str | None:
    r"""Return the media type of binary data, by its first bytes, or None for text.

    Some signatures are plain letters, and texts may start with them (`BM` is a bitmap, and the United Nations in
    Turkish). So all formats except PDF also need a control character among the first bytes.

    >>> binary_type(b"\x89PNG\r\n\x1a\n" + b"\0" * 20), binary_type(b"BM Genel Sekreteri"), binary_type(b"plain")
    ('image/png', None, None)
    """
    if not _BINARY_CONTROL.search(data, 0, _SIGNATURE_BYTES) and not data.startswith(b"%PDF-"):
        return None
    detected = chardet.detect(data[:_SIGNATURE_BYTES])
    media_type = detected.get("mime_type") or ""
    if detected["encoding"] is not None or media_type.startswith("text/") or media_type == "application/octet-stream":
        return None
    return media_type or None


def whatwg_name(label: str) -> str | None:
    """Return the name of the charset that browsers use for a label, or None for an unknown one.

    >>> whatwg_name("latin1"), whatwg_name("ks_c_5601-1987"), whatwg_name("cp866"), whatwg_name("klingon")
    ('windows-1252', 'euc-kr', 'ibm866', None)
    """
    encoding = webencodings.lookup(label)
    name = encoding.name if encoding else charsets.find_charset(label)
    return {"gb18030": "gbk", "iso-8859-8-i": "iso-8859-8"}.get(name, name) if name else None


def _iterate_candidates(
    data: bytes, header: str | None, declared: str | None
) -> Iterator[tuple[str, EncodingSource, float]]:
    """Yield candidates with source and confidence, most certain first. The last one decodes all bytes."""
    yield from ((name, "bom", 1.0) for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark))
    detected = _detect(data) if _ESCAPE_SEQUENCE.search(data) else None
    if b"\x00" in data and not (detected and detected[0].startswith("utf-32")):
        detected = _detect_utf16(data) or detected
    if detected and detected[0] in _ASCII_LIKE_ENCODINGS.values():
        yield detected[0], "detected", detected[1]
    yield "utf-8", "utf-8", 1.0
    detected = detected or _detect(data)
    if _is_nearly_utf8(data):
        yield "utf-8", "utf-8", _CERTAIN_CONFIDENCE
    labels: tuple[tuple[str | None, EncodingSource], ...] = ((header, "header"), (declared, "meta"))
    for label, source in labels:
        name = whatwg_name(label) if label else None
        if name and name in _CODECS and name != "utf-8" and not _is_overruled(name, detected):
            yield name, source, 1.0
    if detected:
        yield detected[0], "detected", detected[1]
    yield "windows-1252", "default", 0.0


def _try_decode(data: bytes, name: str, *, lenient: bool) -> str | None:
    """Decode bytes; return None if too many are invalid. UTF-8 must be valid unless `lenient` is set."""
    codec = _CODECS[name]
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        if name == "utf-8" and not lenient:
            return None
    text = data.decode(codec, "replace")
    max_invalid = _MAX_INVALID_SHARE * len(data.translate(None, _ASCII_BYTES))
    return text if lenient or text.count("\ufffd") <= max_invalid else None


def _detect(data: bytes) -> tuple[str, float] | None:
    """Return the encoding that the detector finds and its confidence."""
    detected = chardet.detect(data, max_bytes=_DETECTED_BYTES)
    label = detected["encoding"]
    if not label:
        return None
    name = _ASCII_LIKE_ENCODINGS.get(codecs.lookup(label).name) or whatwg_name(label)
    if name == "iso-8859-15" and data.decode(name) == data.decode(_CODECS["windows-1252"]):
        name = "windows-1252"
    return (name, detected["confidence"] or 0.0) if name in _CODECS else None


def _detect_utf16(data: bytes) -> tuple[str, float] | None:
    """Detect UTF-16 in scripts other than Han by its repeated bytes. The detector does not know some scripts."""
    for name, high_byte in (("utf-16le", 1), ("utf-16be", 0)):
        high_bytes = Counter(data[high_byte:_DETECTED_BYTES:2])
        common = sum(count for _, count in high_bytes.most_common(_UTF16_COMMON_VALUES))
        has_more_zeros = high_bytes[0] > data[1 - high_byte : _DETECTED_BYTES : 2].count(0)
        if has_more_zeros and common >= _UTF16_MIN_SHARE * high_bytes.total():
            return name, _UTF16_MIN_SHARE
    return None


def _is_overruled(name: str, detected: tuple[str, float] | None) -> bool:
    """Return whether a single-byte charset is declared, but the bytes are certainly in a multibyte one."""
    if detected is None or name in charsets.MULTIBYTE:
        return False
    return detected[0] in charsets.MULTIBYTE and detected[1] >= _CERTAIN_CONFIDENCE


def _is_nearly_utf8(data: bytes) -> bool:
    sequences = invalid = 0
    for chunk in _iterate_chunks(data):
        rest, count = _UTF8_SEQUENCE.subn(b"", chunk)
        sequences += count
        invalid += len(rest.translate(None, _ASCII_BYTES))
    return 0 < sequences >= _SEQUENCES_PER_INVALID_BYTE * invalid


def _iterate_chunks(data: bytes) -> Iterator[bytes]:
    """Yield chunks that end between UTF-8 sequences: substitution in all bytes at once takes much more memory."""
    start = 0
    while start < len(data):
        end = min(start + _CHUNK_BYTES, len(data))
        end += next((i for i in range(3) if data[end + i : end + i + 1] not in _CONTINUATION_BYTES), 3)
        yield data[start:end]
        start = end


def _find_declaration(data: bytes) -> str | None:
    """Return the charset that a page or feed declares for itself, anywhere in its head."""
    head = data[:_HEAD_BYTES]
    match = _XML_ENCODING.match(head)
    if match is None and b"charset" in head.lower():
        match = _META_CHARSET.search(_COMMENT.sub(b"", head))
    return match[1].decode("ascii", "replace") if match else None
