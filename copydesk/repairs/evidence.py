"""Evidence: whether what speaks for a hypothesis is in words, or only in a few odd signs.

Bits alone can't tell a name with a rare letter, a list of signs or one abbreviation from damage: there a wrong reading
may be cheaper by chance. So most of what a reading brings in must be letters of words (or the quotes and dashes that
stood there as C1 controls), and a foreign script needs more than two of its letters.

Prose about letters and about mojibake holds what no reading can be proved by: the accented letters of an alphabet, one
letter in quotes, and bytes of UTF-8 of which some are lost.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from functools import cache

from copydesk.encoding.charsets import CODECS, MULTIBYTE
from copydesk.langmodel.bigrams import BIT, bigram_models, normalize_word
from copydesk.langmodel.packed import unpack
from copydesk.langmodel.scripts import find_script
from copydesk.repairs.hypotheses import UTF8, Pair, beyond_ascii
from copydesk.repairs.judge import Context
from copydesk.repairs.weight import weigh

# What prose has beside letters.
PUNCTUATION = "‘’“”–—…«»„•·™®©°€£§½¿¡→×\xa0\ufffd"
_NO_LETTER = (None, "IPA", "Zyyy", "Zinh")
_FOREIGN_LETTERS = 3
_FOREIGN_LETTERS_OF_ONE_WORD = 4
_SPACED = ("Cyrl", "Grek", "Hebr", "Arab")
# Of so many words one may mix scripts.
_WORDS_TO_ONE_MIXED = 3
_PICTURE = re.compile("[\u2600-\u27bf\ufe0f\U0001f000-\U0001fbff]")
_JAPANESE = ("shift_jis", "euc-jp")
_KANA = re.compile("[\u3041-\u30ff]")
_SPACES = "\xa0\xad"
# The genitive or plural of a letter, as in prose about mojibake; a registered name in capitals (few words end in î).
_MEANT = re.compile(r"\W*\w’s\W*|.*[A-Z]Ã®\W*")
_THREE_BYTES = 3
_LAST_WORD = re.compile(r"[^\W\d_]+$")
# What may stand after a word and was half of a letter just as well; what opened it, so many characters before at most.
_AFTER_WORD, _OPENED_BY, _LONGEST_QUOTE = "”’™–—…", {"”": "“", "’": "‘"}, 200
# Words of Portuguese that end so.
_IN_TILDE = frozenset(
    "ALDEÃ ALEMÃ AMANHÃ ANFITRIÃ ARTESÃ AVELÃ BUTANTÃ CAMPEÃ CIDADÃ CRISTÃ GALÃ GUARDIÃ HORTELÃ IRMÃ MAÇÃ MANHÃ"
    " MARACANÃ ROMÃ SATÃ TALIBÃ TITÃ VILÃ XAMÃ".split()
)
_OPENING, _CLOSING, _STOPS = "‘“„", "’”“", ".,;:!?)"
_AROUND = "‘’“”„«»–—…(" + _STOPS
_HIGH, _LEAD = re.compile(b"[\x80-\xff]"), re.compile(b"[\xc2-\xf4](?=[\x80-\xbf])")
_SEQUENCE = re.compile(b"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{1,2}|[\xf0-\xf4][\x80-\xbf]{1,3}")
# Most alphabets have two leading bytes, side by side: where there are no more, one alone is of them, too.
_ALPHABET = 2
_NEARLY_ALL = 0.95
_FEWEST_LISTED = 3
# What a letter costs at most in a language that is written with it.
_AT_HOME = 13 * BIT
# By how much a word may be dearer than is usual where none but such words stand.
_DEAR_BY_ITSELF = 1.05


def in_words(pair: Pair, tokens: Sequence[str], readings: Sequence[str], context: Context) -> bool:
    """Return whether the readings of some tokens under a pair of charsets are evidence for it.

    Args:
        pair: the charsets.
        tokens: the tokens as they stand.
        readings: what each would have been; the token itself where it stays.
        context: the text around them; a lone letter is evidence only where the language is known.
    """
    changed = [(was, text) for was, text in zip(tokens, readings, strict=True) if was != text]
    if pair[1] in UTF8:
        return all(_one_is_enough(was, text, context) for was, text in changed)
    return pair == ("iso-8859-1", "windows-1252") or _legacy_in_words(pair, changed, context)


def _legacy_in_words(pair: Pair, changed: Sequence[tuple[str, str]], context: Context) -> bool:
    """Return whether what a legacy charset brings in is enough."""
    misread, true = pair
    brought = [new for was, text in changed for new in _brought_in(was, text)]
    if not context.latin and not any(sum(map(str.isalpha, text)) > 1 for _, text in changed):
        return False
    if len(brought) == 1 and find_script(brought[0][0]) not in (*_NO_LETTER, "Latn"):
        return False  # a letter that looks alike, in a word of another script
    controls = sum("\x80" <= old < "\xa0" for old, _ in brought)
    letters = sum(find_script(new) not in _NO_LETTER for _, new in brought)
    if 2 * (letters + controls) < len(brought):
        return False
    if any(map(_is_foreign, brought)):
        return _foreign_in_words(true, changed)
    return misread not in MULTIBYTE or true not in MULTIBYTE


def _foreign_in_words(true: str, changed: Sequence[tuple[str, str]]) -> bool:
    """Return whether the letters beyond Latin are enough, in words of their own, and fit the charset."""
    foreign = {brought[1] for was, text in changed for brought in _brought_in(was, text) if _is_foreign(brought)}
    if len(foreign) < (_FOREIGN_LETTERS if len(changed) > 1 else _FOREIGN_LETTERS_OF_ONE_WORD):
        return False
    if true in MULTIBYTE and true not in _JAPANESE and any(map(_KANA.match, foreign)):
        return False
    return _WORDS_TO_ONE_MIXED * sum(_mixed(text) for _, text in changed) <= len(changed)


def holds(pair: Pair, tokens: Sequence[str], readings: Sequence[str], context: Context) -> bool:
    """Return whether another script is proved by words, not by lists of letters, a letter by itself or cut UTF-8.

    That is asked of the best hypothesis alone: where it does not hold, the next best would be nonsense.
    """
    changed = [(was, text) for was, text in zip(tokens, readings, strict=True) if was != text]
    if pair[1] in UTF8 or not any(_is_foreign(brought) for each in changed for brought in _brought_in(*each)):
        return True
    cores = {was.strip(_AROUND) for was, _ in changed}
    words = [(was, text) for was, text in changed if _may_prove(was, text, cores, context)]
    return not is_cut_utf8([was for was, _ in words]) and _foreign_in_words(pair[1], words)


def _may_prove(was: str, text: str, cores: AbstractSet[str], context: Context) -> bool:
    """Return whether a token may be evidence beside others: none that stands there in capitals as well, `åäö ÅÄÖ`."""
    core = was.strip(_AROUND)
    if core.swapcase() in cores - {core} or (context.latin and _is_one_letter(was) and _is_one_letter(text)):
        return False
    return not _is_listed(was, text, context) and not _loses_quotes(was, text)


def is_cut_utf8(tokens: Sequence[str]) -> bool:
    """Return whether tokens are UTF-8 read as windows-1252 nearly throughout, though bytes of it are lost.

    Of other charsets hardly any bytes follow each other so.
    """
    try:
        data = "\n".join(token.strip(_AROUND) for token in tokens).encode(CODECS["windows-1252"])
    except UnicodeEncodeError:
        return False
    leads = set(_LEAD.findall(data))
    found = sum(map(len, _SEQUENCE.findall(data)))
    if len(leads) <= _ALPHABET:
        alone = _SEQUENCE.sub(b"", data)
        found += sum(map(alone.count, leads | {bytes((lead[0] ^ 1,)) for lead in leads}))
    return found >= max(_NEARLY_ALL * len(_HIGH.findall(data)), 1)


def _is_listed(was: str, text: str, context: Context) -> bool:
    """Return whether a token is a list of letters: neighbours in their alphabet, or the accents of one language.

    Words look so as well by chance; then they read as words.
    """
    letters = was.strip(_AROUND)
    if len(letters) < _FEWEST_LISTED or not letters.isalpha() or min(letters) < "\x80":
        return False
    if len(set(letters.lower())) < len(letters):
        return False
    codes = list(map(ord, letters))
    if codes == list(range(codes[0], codes[0] + len(codes))):
        return True
    weight = weigh(text)
    dear = 1.0 if context.latin else _DEAR_BY_ITSELF
    if sum(minimum for *_, minimum in weight.words) <= dear * (weight.usual - weight.usual_signs):
        return False
    return codes == sorted(codes) or any(map(_all_at_home, zip(*map(_languages_of, letters), strict=True)))


def _all_at_home(costs: Iterable[int]) -> bool:
    return max(costs) <= _AT_HOME


@cache
def _languages_of(letter: str) -> Sequence[int]:
    """Return what a letter costs in each language of Latin script."""
    latin = bigram_models()["Latn"]
    return unpack(latin.letter_costs(normalize_word(letter)[:1]), len(latin.languages))


def _loses_quotes(was: str, text: str) -> bool:
    """Return whether a reading makes letters of two quotes that stand where quotes do."""
    return was[0] in _OPENING and was.rstrip(_STOPS)[-1] in _CLOSING and text[0] != was[0]


def _is_one_letter(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return len(letters) == 1 and find_script(letters[0]) in ("Latn", *_SPACED)


def _is_foreign(brought: tuple[str, str]) -> bool:
    return find_script(brought[1]) not in (*_NO_LETTER, "Latn")


def _mixed(text: str) -> bool:
    """Tell whether plain letters stand in one token with those of a script that is written with spaces."""
    return any(c.isascii() and c.isalpha() for c in text) and any(find_script(c) in _SPACED for c in text)


def _one_is_enough(was: str, text: str, context: Context) -> bool:
    """Return whether a few characters that were UTF-8 are evidence: such as prose has, and where it has them."""
    new = beyond_ascii(text)
    if _MEANT.fullmatch(was) or unicodedata.combining(text[0]) or not all(map(_ordinary, new)):
        return False
    if any(c.isascii() and c.isalpha() for c in text):
        return True
    if len(new) == 1 and find_script(new) not in _NO_LETTER:
        # A letter on its own: only of the language around it, where no word has stood.
        return (
            find_script(new) == "Latn"
            and bool(context.latin)
            and any(find_script(c) in _NO_LETTER for c in beyond_ascii(was))
        )
    return len(beyond_ascii(was)) >= _THREE_BYTES or any(c in _SPACES for c in was)


def closes(text: str, start: int, end: int) -> bool:
    """Return whether what looks like UTF-8 is a capital word of Portuguese, and a sign after it: `“AMANHÃ”`.

    It is where the sign closes quotes that were opened on its line, or where the word is one of those that end so.

    >>> closes("“AMANHÃ” disse", 6, 8), closes("CÃ”TE", 1, 3)
    (True, False)
    """
    if text[start:end][-2:-1] != "Ã" or text[start - 1 : start].islower() or text[end - 1] not in _AFTER_WORD:
        return False
    before = text[max(start - _LONGEST_QUOTE, text.rfind("\n", 0, start) + 1) : end - 1]
    opening = _OPENED_BY.get(text[end - 1])
    if opening and before.count(opening) > before.count(text[end - 1]) and not text[end : end + 1].isalpha():
        return True
    word = _LAST_WORD.search(before)
    return word is not None and word[0] in _IN_TILDE


def _ordinary(character: str) -> bool:
    """Tell whether a character is a letter, or one of the signs that prose has."""
    return find_script(character) not in _NO_LETTER or character in PUNCTUATION or bool(_PICTURE.match(character))


def _brought_in(was: str, text: str) -> list[tuple[str, str]]:
    """Return the characters that a reading brings in, each with the one that stood in its place if they pair up."""
    if len(was) == len(text):
        return [(old, new) for old, new in zip(was, text, strict=True) if old != new]
    return [(" ", new) for new in beyond_ascii(text)]
