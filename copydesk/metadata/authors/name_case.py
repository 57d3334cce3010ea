"""Letter case of names: `ANNA VAN DER BERG` and `anna van der berg` become `Anna van der Berg`.

Only a name in one case is changed, and a surname in capitals next to a given name that is not (`Jean DUPONT`). These
stay:

* a single word in capitals, unless it is a given name: it may be an agency or a nickname;
* initials and short capitals (`DJ`, `JK`);
* names that are written in lower case (`bell hooks`).

Accents are never added, so Greek capitals stay without. A Turkish I loses its dot only if another letter shows that the
name is Turkish.
"""

from __future__ import annotations

import regex

from copydesk.metadata.authors.words import PARTICLES, fold_word, kinds_of

_MAC_SURNAMES = frozenset(
    "donald arthur gregor leod lean lennan dougall dougal dowell farlane innis intosh intyre kinnon lachlan laren "
    "millan nab neil neill nicol phail pherson quarrie queen rae taggart tavish".split()
)
_ARABIC_ARTICLES = ("al", "el", "ad", "ar", "as", "at", "ash", "az", "an", "ul", "ur")
_NUMERALS_AND_DEGREES = frozenset("ii iii iv vi vii viii md phd rn".split())
_SUFFIXES = {"jr": "Jr", "sr": "Sr", "phd": "PhD", "esq": "Esq"}
# Before an apostrophe, these are followed by a capital.
_ELIDED = frozenset(["o", "d", "dell", "dall", "sant", "degl", "all", "nell", "l"])
_APOSTROPHES = "'’ʼ"
_PARTS = regex.compile(r"[^\s\-‐‑'’ʼ]++|[\s\-‐‑'’ʼ]++")
_INITIALS = regex.compile(r"(?:\p{L}\p{M}*+\.)++-?(?:\p{L}\p{M}*+\.?)?+|\p{L}\p{M}*+")
# Short capitals such as `DJ`, `JK`: initials without dots.
_CONSONANTS = regex.compile(r"[BCDFGHJKLMNPQRSTVWXZ]++|[A-Z]J|J[A-Z]")
_SHORT_NAMES = frozenset(["NG", "ST", "JO"])
_VOWEL = regex.compile(r"[AEIOUYÀ-ÖØ-ÝĀĂĄĒĔĖĘĚĪĮİŌŎŐŒŪŮŰŲÝ]|[^\p{Latin}]")
_TURKISH_LETTER = regex.compile("[İıĞğ]")
_LETTERS_AND_MARKS = regex.compile(r"[\p{L}\p{M}.\-'’]++")
_MAX_NAME_CHARS = 120
_MAX_RECASED_WORDS = 4
_MIN_SURNAME_CHARS = 4
_MIN_MC_CHARS = 5
_MAX_INITIALS_CHARS = 2


def fix_name_case(name: str, *, turkish: bool = False) -> str:
    """Fix the case of a name in capitals or in lower case. Other names stay.

    Args:
        name: the name.
        turkish: whether the lower case of I is ı. A letter that only Turkish has implies it.

    >>> fix_name_case("LYNNE O’DONNELL-MCKAY III"), fix_name_case("ludwig van beethoven")
    ('Lynne O’Donnell-McKay III', 'Ludwig van Beethoven')
    >>> [fix_name_case(name) for name in ("J.K. ROWLING", "REUTERS", "DJ Khaled", "Jean DUPONT")]
    ['J.K. Rowling', 'REUTERS', 'DJ Khaled', 'Jean Dupont']
    """
    if len(name) > _MAX_NAME_CHARS or "lowercase_name" in kinds_of(name.casefold()):
        return name
    words = name.split(" ")
    turkish = turkish or _TURKISH_LETTER.search(name) is not None
    if _is_uppercase(name):
        is_full_name = len(words) > 1 and any(len(word.strip(".,")) > _MAX_INITIALS_CHARS for word in words)
        is_name = is_full_name or "given_name" in kinds_of(_lower(name, turkish=turkish))
        return _recase(name, turkish=turkish) if is_name else name
    if name.islower():
        return _recase(name, turkish=turkish) if _is_name_in_lower_case(words) else name
    return _fix_surname(words, turkish=turkish) if 2 <= len(words) <= _MAX_RECASED_WORDS else name


def _is_uppercase(name: str) -> bool:
    """Return whether a name is in capitals. ß has none."""
    return name.replace("ß", "").isupper()


def _is_name_in_lower_case(words: list[str]) -> bool:
    """Return whether words in lower case are a name: two to four without particles, only letters."""
    core = [word for word in words if word not in PARTICLES]
    return 2 <= len(core) <= _MAX_RECASED_WORDS and all(map(_LETTERS_AND_MARKS.fullmatch, words))


def _fix_surname(words: list[str], *, turkish: bool) -> str:
    """Fix `Jean DUPONT` and `DUPONT Jean`."""
    for i, others in ((-1, words[:-1]), (0, words[1:])):
        if _is_surname_in_capitals(words[i]) and all(map(_is_capitalized_or_initial, others)):
            words[i] = _recase(words[i], turkish=turkish)
            break
    return " ".join(words)


def _is_surname_in_capitals(word: str) -> bool:
    is_word = len(word) >= _MIN_SURNAME_CHARS and word.isalpha() and word.isupper()
    return is_word and bool(_VOWEL.search(word)) and not kinds_of(fold_word(word))


def _is_capitalized_or_initial(word: str) -> bool:
    return word[:1].isupper() and (word[1:].islower() or word[1:] == ".")


def _recase(name: str, *, turkish: bool) -> str:
    is_uppercase = _is_uppercase(name)
    words = name.split(" ")
    return " ".join(
        word.lower()
        if _is_particle(words, i)
        else _recase_word(word, is_uppercase=is_uppercase, turkish=turkish, is_first=i == 0)
        for i, word in enumerate(words)
    )


def _is_particle(words: list[str], i: int) -> bool:
    """Return whether a word inside the name is a particle. `la` is one only after `de`: Le and La are surnames."""
    word = words[i].casefold()
    if not 0 < i < len(words) - 1:
        return False
    return word in PARTICLES or (word in ("la", "l") and words[i - 1].casefold() == "de")


def _recase_word(word: str, *, is_uppercase: bool, turkish: bool, is_first: bool) -> str:
    bare = word.strip(".,")
    if bare.casefold() in _SUFFIXES and not is_first:
        return word.replace(bare, _SUFFIXES[bare.casefold()])
    if bare.casefold() in _NUMERALS_AND_DEGREES and not is_first:
        return word.upper()
    if _INITIALS.fullmatch(bare if word[-1:] == "," else word):
        return word.upper()
    is_short = len(bare) <= _MAX_INITIALS_CHARS and bare not in _SHORT_NAMES
    if is_uppercase and is_short and _CONSONANTS.fullmatch(bare):
        return word
    return _recase_parts(word, turkish=turkish, is_first=is_first)


def _recase_parts(word: str, *, turkish: bool, is_first: bool) -> str:
    """Fix the parts between hyphens and apostrophes: `al-Masri`, `O’Brien`, `Jean-Pierre`, `Falc’hon`."""
    parts = _PARTS.findall(word)
    for i, part in enumerate(parts):
        lower = _lower(part, turkish=turkish)
        separator = parts[i - 1] if i else "-"
        continues_word = separator in _APOSTROPHES and i > 1 and not _is_elided(parts[i - 2], part)
        is_article = i == 0 and not is_first and lower in _ARABIC_ARTICLES and parts[1:2] == ["-"]
        parts[i] = lower if continues_word or is_article else _capitalize_mac(_capitalize(lower, turkish=turkish))
    return "".join(parts)


def _is_elided(before: str, after: str) -> bool:
    """Return whether a capital follows the apostrophe: after `O`, `D` and similar, if the rest is long enough."""
    return before.casefold() in _ELIDED and len(after) > 2


def _capitalize_mac(word: str) -> str:
    """Capitalize the second part of `McKay` and `MacDonald`."""
    if word.startswith("Mc") and len(word) >= _MIN_MC_CHARS:
        return "Mc" + word[2:3].upper() + word[3:]
    if word.startswith("Mac") and word[3:] in _MAC_SURNAMES:
        return "Mac" + word[3:].capitalize()
    return word


def _lower(word: str, *, turkish: bool) -> str:
    if turkish:
        word = word.replace("I", "ı")
    return word.replace("İ", "i").lower()


def _capitalize(word: str, *, turkish: bool) -> str:
    lower = _lower(word, turkish=turkish)
    if lower.startswith("ij"):
        return "IJ" + lower[2:]
    if turkish and lower.startswith("i"):
        return "İ" + lower[1:]
    return lower[:1].title() + lower[1:]
