"""Codecs of charsets that Python lacks.

* Single-byte charsets of Armenian, Georgian and Vietnamese. The tables were derived from the charmaps of the GNU C
  Library, which follow AST 34.005 (ARMSCII-8), RFC 1456 (VISCII) and TCVN 5712-1. The letters that the last two have in
  place of ASCII controls are left out.
* VNI, a font encoding of Vietnamese: a letter is followed by a sign for its marks.
* Charsets in which an accent precedes its letter: ANSEL of library catalogues (ANSI/NISO Z39.47), ISO 6937 of
  broadcasting, and the spacing accents of PDF files. Only their accents are decoded.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable
from functools import cache, partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing_extensions import Buffer

# The characters of the bytes from 80 on. U+FFFE stands for an unassigned byte.
UPPER_HALVES = {
    "armscii-8": (
        "\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c\x9d\x9e\x9f"
        "\xa0\ufffeև։)(»«—.՝,-֊…՜՛՞ԱաԲբԳգԴդԵեԶզԷէ"
        "ԸըԹթԺժԻիԼլԽխԾծԿկՀհՁձՂղՃճՄմՅյՆնՇշ"
        "ՈոՉչՊպՋջՌռՍսՎվՏտՐրՑցՒւՓփՔքՕօՖֆ՚\ufffe"
    ),
    "georgian-ps": (
        "\x80\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8d\x8e\x8f\x90‘’“”•–—˜™š›œ\x9d\x9eŸ"
        "\xa0¡¢£¤¥¦§¨©ª«¬\xad®¯°±²³´µ¶·¸¹º»¼½¾¿"
        "აბგდევზჱთიკლმნჲოპჟრსტჳუფქღყშჩცძწ"
        "ჭხჴჯჰჵæçèéêëìíîïðñòóôõö÷øùúûüýþÿ"
    ),
    "viscii": (
        "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲ"
        "ÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
        "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡư"
        "àáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
    ),
    "tcvn5712": (
        "ÀẢÃÁẠẶẬÈẺẼÉẸỆÌỈĨÍỊÒỎÕÓỌỘỜỞỠỚỢÙỦŨ"
        "\xa0ĂÂÊÔƠƯĐăâêôơưđẰ\u0300\u0309\u0303\u0301\u0323àảãáạẲằẳẵắẴ"
        "ẮẦẨẪẤỀặầẩẫấậèỂẻẽéẹềểễếệìỉỄẾỒĩíịò"
        "ỔỏõóọồổỗốộờởỡớợùỖủũúụừửữứựỳỷỹýỵỐ"
    ),
}
# Grave, acute, circumflex, tilde, macron, breve, dot, diaeresis, caron, ring, double acute, cedilla, ogonek.
_MARKS_OF_ANSEL = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030c\u030a\u030b\u0327\u0328"
_MARKS_OF_ISO_6937 = "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u0327\u030b\u0328\u030c"
_ASCII = "".join(map(chr, range(0x80)))

# In VNI, these characters of windows-1252 stand for another letter, or for the marks of the letter before.
_VNI_LETTERS = dict(zip("ôöñæóòîÔÖÑÆÓÒÎ", "ơưđỉĩịỵƠƯĐỈĨỊỴ", strict=True))
_VNI_TONES = {"acute": "\u0301", "grave": "\u0300", "hook": "\u0309", "tilde": "\u0303", "dot": "\u0323"}
_VNI_MARKS = {
    **dict(zip("ùøûõï", _VNI_TONES.values(), strict=True)),
    "â": "\u0302",
    **dict(zip("áàåãä", (f"\u0302{tone}" for tone in _VNI_TONES.values()), strict=True)),
    "ê": "\u0306",
    **dict(zip("éèúüë", (f"\u0306{tone}" for tone in _VNI_TONES.values()), strict=True)),
}
VNI_LETTER = re.compile(f"([aeouyôö])([{''.join(_VNI_MARKS)}])|[{''.join(_VNI_LETTERS)}]", re.IGNORECASE)


def decode_vni(text: str) -> str:
    """Return the Vietnamese text of characters in VNI that were read as windows-1252.

    >>> decode_vni("Ñoäc laäp - Töï do")
    'Độc lập - Tự do'
    """
    return VNI_LETTER.sub(_read_vni_letter, text)


def _read_vni_letter(match: re.Match[str]) -> str:
    letter = match[1] or match[0]
    letter = _VNI_LETTERS.get(letter, letter)
    return _compose(letter + match[2], letter + _VNI_MARKS[match[2].lower()]) if match[2] else letter


@cache
def _vni_characters() -> dict[str, str]:
    """Return what VNI writes for each letter that it decodes to."""
    single = {letter: sign for sign, letter in _VNI_LETTERS.items()}
    vowels = "aeouyôöAEOUYÔÖ"
    marked = {
        decode_vni(shown): shown
        for vowel in vowels
        for mark in _VNI_MARKS
        for shown in [vowel + (mark.upper() if vowel.isupper() else mark)]
        if len(decode_vni(shown)) == 1
    }
    return marked | single


# The combining marks of the characters of windows-1252 that charsets show for an accent.
ACCENTS = {
    "ansel": dict(zip("áâãäåæçèéêîðñ", _MARKS_OF_ANSEL, strict=True)),
    "iso-6937": dict(zip("ÁÂÃÄÅÆÇÈÊËÍÎÏ", _MARKS_OF_ISO_6937, strict=True)),
    "spacing-accents": dict(zip("¨´ˆ˜¸¯", "\u0308\u0301\u0302\u0303\u0327\u0304", strict=True)),
}


def decode_accents(text: str, charset: str) -> str:
    """Return a text with each accent composed with the letter after it.

    >>> decode_accents("Garcâia Mâarquez", "ansel"), decode_accents("f¨ur Poincar´e", "spacing-accents")
    ('García Márquez', 'für Poincaré')
    """
    marks = ACCENTS[charset]
    return accented_letter(charset).sub(lambda match: _compose(match[0], match[2] + marks[match[1]]), text)


@cache
def accented_letter(charset: str) -> re.Pattern[str]:
    """Return the pattern of an accent and the letter after it."""
    return re.compile(f"([{''.join(ACCENTS[charset])}])([A-Za-z])")


def _compose(shown: str, parts: str) -> str:
    composed = unicodedata.normalize("NFC", parts)
    return composed if len(composed) == 1 else shown


@cache
def _shown_accents(charset: str) -> dict[str, str]:
    """Return what a charset shows for each letter with an accent."""
    letters = [chr(code) for code in (*range(0x41, 0x5B), *range(0x61, 0x7B))]
    shown = {
        decode_accents(accent + letter, charset): accent + letter for accent in ACCENTS[charset] for letter in letters
    }
    return {character: text for character, text in shown.items() if len(character) == 1}


def _info(name: str, shown: Callable[[], dict[str, str]], read: Callable[[str], str]) -> codecs.CodecInfo:
    """Return a codec that shows some characters as several of windows-1252."""

    def encode(text: str, errors: str = "strict") -> tuple[bytes, int]:
        characters = shown()
        return "".join(characters.get(one, one) for one in text).encode("cp1252", errors), len(text)

    def decode(data: Buffer, errors: str = "strict") -> tuple[str, int]:
        text = bytes(data).decode("cp1252", errors)
        return read(text), len(text)

    return codecs.CodecInfo(encode, decode, name=name)


def _find_codec(name: str) -> codecs.CodecInfo | None:
    """Return one of these codecs. Its name has the prefix `copydesk-`."""
    prefix, _, charset = name.replace("_", "-").partition("-")
    if prefix != "copydesk":
        return None
    if charset == "vni":
        return _info(name, _vni_characters, decode_vni)
    if charset in ACCENTS:
        return _info(name, partial(_shown_accents, charset), partial(decode_accents, charset=charset))
    if charset not in UPPER_HALVES:
        return None
    table = _ASCII + UPPER_HALVES[charset]
    encoding = codecs.charmap_build(table)
    return codecs.CodecInfo(
        lambda text, errors="strict": codecs.charmap_encode(text, errors, encoding),
        lambda data, errors="strict": codecs.charmap_decode(data, errors, table),
        name=name,
    )


codecs.register(_find_codec)
