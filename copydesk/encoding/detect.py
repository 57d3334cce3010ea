"""Decoding of bytes in an unknown encoding.

The candidates are tried in this order:

1. a byte order mark,
2. strict UTF-8: no other text is valid UTF-8 by chance,
3. the charset of the HTTP header,
4. the charset of `<meta>` or the XML declaration,
5. detection by the likelihood of the text in each encoding.

Encodings that are not ASCII-compatible (UTF-16 and UTF-32 without a mark, ISO-2022, HZ, EBCDIC) are detected before
UTF-8, if the bytes have control characters or escape sequences.

Declarations are often wrong, mostly because a tool has saved the page again as UTF-8. So the bytes overrule a
declaration that they contradict. Decoding never fails: invalid bytes become U+FFFD and are counted.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import chardet
import webencodings

from copydesk.article import Encoding, EncodingSource
from copydesk.encoding import charsets
from copydesk.encoding.likelihood import Estimate, Sample, cost_bits, most_likely
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
_ESCAPE_SEQUENCES = (b"\x1b$", b"\x1b(", b"~{")
_ESCAPED_ENCODINGS = {
    "iso2022_jp": "iso-2022-jp",
    "iso2022_jp_1": "iso-2022-jp",
    "iso2022_jp_2": "iso-2022-jp",
    "iso2022_jp_ext": "iso-2022-jp",
    "iso2022_kr": "iso-2022-kr",
    "hz": "hz-gb-2312",
}
# Encodings that are not ASCII-compatible are recognized by the first bytes. EBCDIC has its space at 40.
_WIDE_BYTES = 800
_MIN_WIDE_BYTES = 8
_WIDE_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f]")
_UTF16, _UTF32 = ("utf-16le", "utf-16be"), ("utf-32le", "utf-32be")
_WIDE_BITS = 10.0
# Random characters cost more: binary data is not text.
_MAX_WIDE_BITS_BY_CHARACTER = 13.0
_EBCDIC_MIN_SPACES = 0.05

# UTF-8 with a few invalid bytes. With this number of valid sequences for each, it is certain. With one for each, it is
# a candidate.
_UTF8_SEQUENCE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_SEQUENCES_PER_INVALID_BYTE = 10
# A declared encoding that has all bytes yields only to more of them: a wrong one can be repaired, U+FFFD cannot.
_SEQUENCES_IF_DECLARED = 3
# A character that is cut off at the end.
_CUT_SEQUENCE = re.compile(
    rb"(?:[\xc2-\xf4]|\xe0[\xa0-\xbf]|[\xe1-\xef][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]?|[\xf1-\xf3][\x80-\xbf]{1,2})\Z"
)
_MAX_CUT_BYTES = 3
_CONTINUATION_BYTES = frozenset(bytes([value]) for value in range(0x80, 0xC0))
_CHUNK_BYTES = 1_000_000
_ASCII_BYTES = bytes(range(0x80))

_BINARY_CONTROL = re.compile(f"[{BINARY_CONTROLS}]".encode())
_SIGNATURE_BYTES = 4_096

# The maximum share of invalid bytes, among the non-ASCII ones, of a declared encoding.
_MAX_INVALID_SHARE = 0.01
# The maximum share of U+FFFD in a detected text. Random bytes have more than twice as many in any encoding.
_MAX_LOST_SHARE = 0.05
# The minimum confidence of the detector in a multibyte charset, to overrule a declaration.
_CERTAIN_CONFIDENCE = 0.9
_DETECTED_BYTES = 200_000

# Encodings that are detected and decoded, but never repaired: nothing is decoded as them by mistake.
_OTHER_CODECS = {
    **{f"ibm{n}": f"cp{n}" for n in (720, 856, 858, 860, 861, 863, 864, 865, 869, 1006, 1125)},
    "koi8-t": "koi8-t",
    "hp-roman8": "hp-roman8",
    "x-mac-icelandic": "mac-iceland",
    "johab": "johab",
    **{f"ibm{n}": f"cp{n}" for n in (273, 424, 500, 875, 1026, 1140)},
}
_CODECS = (
    charsets.CODECS
    | _OTHER_CODECS
    | {
        "big5": "cp950",
        "iso-2022-jp": "iso2022_jp_2",
        "iso-2022-kr": "iso2022_kr",
        "hz-gb-2312": "hz",
        "utf-16le": "utf-16-le",
        "utf-16be": "utf-16-be",
        "utf-32le": "utf-32-le",
        "utf-32be": "utf-32-be",
    }
)
_EBCDIC = (*charsets.EBCDIC, *(f"ibm{n}" for n in (273, 424, 500, 875, 1026, 1140)))
_OTHER_NAMES = {codecs.lookup(codec).name: name for name, codec in _OTHER_CODECS.items()}

_NOT_NARROW = frozenset(("utf-8", *_UTF16, *_UTF32, *_ESCAPED_ENCODINGS.values(), *_EBCDIC))

# The prior cost of an encoding without a declaration, in bits, the most common first: charsets of the web, of ISO, of
# the Macintosh, and of DOS. Of encodings with the same text, the first one is chosen. The sizes are set by hand: a
# single odd letter must not outweigh the prior of a rare charset, and a sentence must. Results depend little on them
# (`test_detection_is_not_sensitive_to_its_priors`).
PRIOR_BITS = {
    "windows-1252": 0.0,
    "windows-1251": 3.5,
    "windows-1250": 3.5,
    **dict.fromkeys((*(f"windows-{n}" for n in (*range(1253, 1259), 874)), "koi8-r", "koi8-u"), 4.0),
    **dict.fromkeys(charsets.MULTIBYTE, 7.0),
    **dict.fromkeys(("iso-8859-2", "iso-8859-7"), 5.0),
    **dict.fromkeys(("iso-8859-15", *(f"iso-8859-{n}" for n in (3, 4, 5, 6, 8, 10, 13, 14, 16))), 7.0),
    **dict.fromkeys((name for name in charsets.CODECS if name.startswith(("macintosh", "x-mac-"))), 12.0),
    **dict.fromkeys((name for name in charsets.CODECS if name.startswith("ibm") and name not in _EBCDIC), 16.0),
    **dict.fromkeys(("armscii-8", "georgian-ps"), 20.0),
}
# UTF-8 with some invalid bytes, but as many valid sequences at least: other text rarely has these.
_UTF8_BITS, _CUT_UTF8_BITS = -12.0, -6.0
# The others are candidates only if the detector chooses them: they differ from common charsets in few signs.
_RARE_BITS = 16.0


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
        text = _try_decode(data, name, lenient=source == "bom" or confidence < 1)
        if text is not None:
            lost = text.count("\ufffd")
            is_binary = source == "detected" and lost > _MAX_LOST_SHARE * len(text)
            encoding = Encoding(name, source, header or declared, 0.0 if is_binary else confidence)
            return Decoded(text.removeprefix("\ufeff"), encoding, lost)
    raise AssertionError("the last candidate decodes all bytes")


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
    name = encoding.name if encoding else charsets.find_charset(label) or _find_other(label)
    return {"gb18030": "gbk", "iso-8859-8-i": "iso-8859-8"}.get(name, name) if name else None


def codec_name(name: str) -> str:
    """Return the name of Python's codec for the name of an encoding, as in `Encoding.name`.

    >>> codec_name("utf-16le"), codec_name("big5")
    ('utf-16-le', 'cp950')
    """
    return _CODECS[name]


def _find_other(label: str) -> str | None:
    try:
        return _OTHER_NAMES.get(codecs.lookup(label.strip()).name)
    except (LookupError, ValueError):
        return None


def _iterate_candidates(
    data: bytes, header: str | None, declared: str | None
) -> Iterator[tuple[str, EncodingSource, float]]:
    """Yield candidates with source and confidence, most certain first. The last one replaces invalid bytes."""
    yield from ((name, "bom", 1.0) for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark))
    detected = _detect(data) if any(sequence in data for sequence in _ESCAPE_SEQUENCES) else None
    if detected and detected.name in _ESCAPED_ENCODINGS.values():
        yield detected.name, "detected", detected.confidence
    has_controls = bool(_WIDE_CONTROL.search(data, 0, _WIDE_BYTES)) or b"\x00" in data
    if not has_controls:
        yield "utf-8", "utf-8", 1.0
    declarations = list(_usable_declarations(data, header, declared))
    likely = _most_likely_narrow(data, [name for name, _ in declarations])
    wide = _detect_wide(data, likely.name) if has_controls or not declarations else None
    if wide:
        yield wide.name, "detected", wide.confidence
    if likely.name == "utf-8":
        yield "utf-8", "utf-8", 1.0
        yield "utf-8", "utf-8", likely.confidence
    for name, source in declarations:
        yield name, source, 1.0
    yield likely.name, "detected", likely.confidence


def _usable_declarations(data: bytes, header: str | None, declared: str | None) -> Iterator[tuple[str, EncodingSource]]:
    """Yield the declared encodings except UTF-8 that the bytes do not contradict, with their source."""
    labels: tuple[tuple[str | None, EncodingSource], ...] = ((header, "header"), (declared, "meta"))
    for label, source in labels:
        name = whatwg_name(label) if label else None
        if name is None or name not in _CODECS or name == "utf-8" or _is_overruled(name, data):
            continue
        if _try_decode(data, name, lenient=False) is not None:
            yield name, source


def _most_likely_narrow(data: bytes, declared: Sequence[str]) -> Estimate:
    """Return the most likely ASCII-compatible encoding.

    Args:
        data: the bytes.
        declared: the declared encodings. If there are some, there are no other candidates than these and UTF-8.
    """
    sequences, invalid = _count_utf8(data)
    if sequences >= _SEQUENCES_PER_INVALID_BYTE * invalid:
        return Estimate("utf-8", _CERTAIN_CONFIDENCE)
    utf8_bits = _utf8_bits(data, sequences, invalid)
    if declared and (utf8_bits is None or sequences < _SEQUENCES_IF_DECLARED * invalid):
        return Estimate(declared[0], 1.0)
    data = data[:_DETECTED_BYTES].replace(b"\x00", b"")
    detected = None if declared else _detect(data)
    favourite = detected.name if detected and detected.name not in _NOT_NARROW else None
    names = dict.fromkeys(declared or (*PRIOR_BITS, *([favourite] if favourite else [])))
    candidates = [(name, _CODECS[name], 0.0 if declared else PRIOR_BITS.get(name, _RARE_BITS)) for name in names]
    if utf8_bits is not None:
        candidates.append(("utf-8", "utf-8", utf8_bits))
    return most_likely(Sample.of_words(data), candidates, favourite)


def _utf8_bits(data: bytes, sequences: int, invalid: int) -> float | None:
    """Return the prior cost of UTF-8 with invalid bytes, or None if it is not a candidate."""
    cut = _CUT_SEQUENCE.search(data, max(0, len(data) - _MAX_CUT_BYTES))
    invalid -= len(cut[0]) if cut else 0
    if sequences:
        return _UTF8_BITS if sequences >= invalid else None
    return _CUT_UTF8_BITS if cut and invalid == 0 else None


def _detect_wide(data: bytes, narrow: str) -> Estimate | None:
    """Return an encoding that is not ASCII-compatible, if it is likelier than one that is."""
    head = data[:_WIDE_BYTES]
    if len(head) < _MIN_WIDE_BYTES:
        return None
    names = [*_UTF16, *(_UTF32 if 4 * head.count(0) >= len(head) else ())]
    if b" " not in head and head.count(b"@") >= _EBCDIC_MIN_SPACES * len(head):
        names += _EBCDIC
    candidates = [(narrow, _CODECS[narrow], 0.0), *((name, _CODECS[name], _WIDE_BITS) for name in names)]
    sample = Sample(b"", (head,))
    best = most_likely(sample, candidates)
    if best.name == narrow:
        return None
    text = sample.decode(_CODECS[best.name])
    return best if cost_bits([text])[0] <= _MAX_WIDE_BITS_BY_CHARACTER * len(text) else None


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


def _detect(data: bytes) -> Estimate | None:
    """Return the encoding that the detector finds and its confidence."""
    detected = chardet.detect(data, max_bytes=_DETECTED_BYTES)
    label = detected["encoding"]
    if not label:
        return None
    name = _ESCAPED_ENCODINGS.get(codecs.lookup(label).name) or whatwg_name(label)
    return Estimate(name, detected["confidence"] or 0.0) if name in _CODECS else None


def _is_overruled(name: str, data: bytes) -> bool:
    """Return whether a single-byte charset is declared, but the bytes are certainly in a multibyte one."""
    if name in charsets.MULTIBYTE:
        return False
    detected = _detect(data)
    return detected is not None and detected.name in charsets.MULTIBYTE and detected.confidence >= _CERTAIN_CONFIDENCE


def _count_utf8(data: bytes) -> tuple[int, int]:
    """Return the number of valid UTF-8 sequences beyond ASCII, and that of bytes in no sequence."""
    sequences = invalid = 0
    for chunk in _iterate_chunks(data):
        rest, count = _UTF8_SEQUENCE.subn(b"", chunk)
        sequences += count
        invalid += len(rest.translate(None, _ASCII_BYTES))
    return sequences, invalid


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
