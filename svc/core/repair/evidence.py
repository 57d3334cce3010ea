"""Evidence: whether what speaks for a hypothesis is in words, or only in a few odd signs.

Bits alone can't tell a name with a rare letter, a list of signs or one abbreviation from damage: there a wrong reading
may be cheaper by chance. So most of what a reading brings in must be letters of words (or the quotes and dashes that
stood there as C1 controls), and a foreign script needs more than two of its letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from svc.core.repair.charsets import MULTIBYTE
from svc.core.repair.hypotheses import UTF8, Pair, beyond_ascii
from svc.core.repair.judge import Context
from svc.core.repair.scripts import script

# What prose has beside letters.
PUNCTUATION = "‘’“”–—…«»„•·™®©°€£§½¿¡→×\xa0\ufffd"
_NO_LETTER = (None, "IPA", "Zyyy", "Zinh")
_FOREIGN_LETTERS = 3
_FOREIGN_LETTERS_OF_ONE_WORD = 4
_SPACED = ("Cyrl", "Grek", "Hebr", "Arab")
_THIRD = 3
_PICTURE = re.compile("[\u2600-\u27bf\ufe0f\U0001f000-\U0001fbff]")
_JAPANESE = ("shift_jis", "euc-jp")
_KANA = re.compile("[\u3041-\u30ff]")
_SPACES = "\xa0\xad"
# The genitive or plural of a letter, as in prose about mojibake; a registered name in capitals (few words end in î).
_MEANT = re.compile(r"\W*\w’s\W*|.*[A-Z]Ã®\W*")
_THREE_BYTES = 3


def in_words(pair: Pair, tokens: Sequence[str], readings: Sequence[str], context: Context) -> bool:
    """Tell whether the readings of some tokens under a pair of charsets are evidence for it.

    Args:
        pair: the charsets.
        tokens: the tokens as they stand.
        readings: what each would have been; the token itself where it stays.
        context: the text around them; a lone letter is evidence only where the language is known.
    """
    changed = [(was, text) for was, text in zip(tokens, readings, strict=True) if was != text]
    true = pair[1]
    if true in UTF8:
        return all(_one_is_enough(was, text, context) for was, text in changed)
    if pair == ("iso-8859-1", "windows-1252"):
        return True
    brought = [new for was, text in changed for new in _brought_in(was, text)]
    if not context.latin and not any(sum(map(str.isalpha, text)) > 1 for _, text in changed):
        return False
    if len(brought) == 1 and script(brought[0][0]) not in (*_NO_LETTER, "Latn"):
        return False  # a letter that looks alike, in a word of another script
    controls = sum("\x80" <= old < "\xa0" for old, _ in brought)
    letters = sum(script(new) not in _NO_LETTER for _, new in brought)
    foreign = {new for _, new in brought if script(new) not in (*_NO_LETTER, "Latn")}
    return 2 * (letters + controls) >= len(brought) and _foreign_in_words(pair, changed, foreign)


def _foreign_in_words(pair: Pair, changed: Sequence[tuple[str, str]], foreign: AbstractSet[str]) -> bool:
    """Tell whether the letters that are not Latin are enough, in words of their own, and such as the charset is for."""
    misread, true = pair
    if not foreign:
        return misread not in MULTIBYTE or true not in MULTIBYTE
    if len(foreign) < (_FOREIGN_LETTERS if len(changed) > 1 else _FOREIGN_LETTERS_OF_ONE_WORD):
        return False
    if true in MULTIBYTE and true not in _JAPANESE and any(map(_KANA.match, foreign)):
        return False
    return _THIRD * sum(_mixed(text) for _, text in changed) <= len(changed)


def _mixed(text: str) -> bool:
    """Tell whether plain letters stand in one token with those of a script that is written with spaces."""
    return any(c.isascii() and c.isalpha() for c in text) and any(script(c) in _SPACED for c in text)


def _one_is_enough(was: str, text: str, context: Context) -> bool:
    """Tell whether a few characters that were UTF-8 are evidence: such as prose has, and where it has them."""
    new = beyond_ascii(text)
    if _MEANT.fullmatch(was) or unicodedata.combining(text[0]) or not all(map(_ordinary, new)):
        return False
    if any(c.isascii() and c.isalpha() for c in text):
        return True
    if len(new) == 1 and script(new) not in _NO_LETTER:
        # A letter on its own: only of the language around it, where no word has stood.
        return script(new) == "Latn" and bool(context.latin) and any(script(c) in _NO_LETTER for c in beyond_ascii(was))
    return len(beyond_ascii(was)) >= _THREE_BYTES or any(c in _SPACES for c in was)


def _ordinary(character: str) -> bool:
    """Tell whether a character is a letter, or one of the signs that prose has."""
    return script(character) not in _NO_LETTER or character in PUNCTUATION or bool(_PICTURE.match(character))


def _brought_in(was: str, text: str) -> list[tuple[str, str]]:
    """Return the characters that a reading brings in, each with the one that stood in its place if they pair up."""
    if len(was) == len(text):
        return [(old, new) for old, new in zip(was, text, strict=True) if old != new]
    return [(" ", new) for new in beyond_ascii(text)]
