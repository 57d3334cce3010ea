"""The case of names: `ANNA VAN DER BERG` and `anna van der berg` become `Anna van der Berg`.

Only a name that is all in one case is touched, and a surname in capitals beside a given name that isn't (`Jean
DUPONT`). A single word in capitals stays unless it is a given name: it may be an agency or a nickname. So do initials,
short capitals (`DJ`, `JK`) and names whose bearers write them small (`bell hooks`). Accents are never added, so Greek
capitals stay without; a Turkish I loses its dot only where another letter says that the name is Turkish.
"""

from __future__ import annotations

import regex

from copydesk.metadata.authors.words import PARTICLES, fold, kinds

_PREFIXES = ("al", "el", "ad", "ar", "as", "at", "ash", "az", "an", "ul", "ur")
_NUMERALS = frozenset("ii iii iv vi vii viii md phd rn".split())
_SUFFIXES = {"jr": "Jr", "sr": "Sr", "phd": "PhD", "esq": "Esq"}
_CLANS = frozenset(
    "donald arthur gregor leod lean lennan dougall dougal dowell farlane innis intosh intyre kinnon lachlan laren "
    "millan nab neil neill nicol phail pherson quarrie queen rae taggart tavish".split()
)
_ELIDED = frozenset(["o", "d", "dell", "dall", "sant", "degl", "all", "nell", "l"])
_WORD = regex.compile(r"[^\s\-‐‑'’ʼ]++|[\s\-‐‑'’ʼ]++")
_INITIALS = regex.compile(r"(?:\p{L}\p{M}*+\.)++-?(?:\p{L}\p{M}*+\.?)?+|\p{L}\p{M}*+")
_CONSONANTS = regex.compile(r"[BCDFGHJKLMNPQRSTVWXZ]++|[A-Z]J|J[A-Z]")
_SHORT_NAMES = frozenset(["NG", "ST", "JO"])
_VOWEL = regex.compile(r"[AEIOUYÀ-ÖØ-ÝĀĂĄĒĔĖĘĚĪĮİŌŎŐŒŪŮŰŲÝ]|[^\p{Latin}]")
_TURKISH = regex.compile("[İıĞğ]")
_LONGEST = 120


def cased(name: str, *, turkish: bool = False) -> str:
    """Return a name with its case set right, if it is all in one case; else as it is.

    Args:
        name: the name.
        turkish: whether an I without a dot stays without one. A letter that only Turkish has says so by itself.

    >>> cased("LYNNE O’DONNELL-MCKAY III"), cased("ludwig van beethoven"), cased("J.K. ROWLING")
    ('Lynne O’Donnell-McKay III', 'Ludwig van Beethoven', 'J.K. Rowling')
    >>> cased("REUTERS"), cased("DJ Khaled"), cased("Jean DUPONT")
    ('REUTERS', 'DJ Khaled', 'Jean Dupont')
    """
    if len(name) > _LONGEST or kinds(name.casefold()) & {"lower"}:
        return name
    spelt = name.split(" ")
    turkish = turkish or _TURKISH.search(name) is not None
    if name.replace("ß", "").isupper():
        sure = len(spelt) > 1 and any(len(word.strip(".,")) > 2 for word in spelt)
        is_given = sure or kinds(_lower(name, turkish=turkish)) & {"given"}
        return _recased(name, turkish=turkish) if is_given else name
    if name.islower():
        return _recased(name, turkish=turkish) if _is_name_in_lower_case(spelt) else name
    return _with_surname_cased(spelt, turkish=turkish) if 2 <= len(spelt) <= 4 else name


def _is_name_in_lower_case(spelt: list[str]) -> bool:
    """Whether lower-case words are a name rather than a nickname or a phrase: two to four, of letters alone."""
    core = [word for word in spelt if word not in PARTICLES]
    return 2 <= len(core) <= 4 and all(regex.fullmatch(r"[\p{L}\p{M}.\-'’]++", word) for word in spelt)


def _with_surname_cased(spelt: list[str], *, turkish: bool) -> str:
    """Set `Jean DUPONT` and `DUPONT Jean` right: one end of the name, of four letters or more."""
    for at, other in ((-1, spelt[:-1]), (0, spelt[1:])):
        word = spelt[at]
        if _is_surname(word) and all(mate[:1].isupper() and (mate[1:].islower() or mate[1:] == ".") for mate in other):
            spelt[at] = _recased(word, turkish=turkish)
            break
    return " ".join(spelt)


def _is_surname(word: str) -> bool:
    return len(word) > 3 and word.isalpha() and word.isupper() and bool(_VOWEL.search(word)) and not kinds(fold(word))


def _recased(name: str, *, turkish: bool) -> str:
    capitals = name.replace("ß", "").isupper()
    spelt = name.split(" ")
    return " ".join(
        word.lower() if _is_small(spelt, at) else _word(word, capitals=capitals, turkish=turkish, first=not at)
        for at, word in enumerate(spelt)
    )


def _is_small(spelt: list[str], at: int) -> bool:
    """Whether a word is a particle: inside the name; `la` only behind `de`, as Le and La are surnames."""
    word = spelt[at].casefold()
    if not 0 < at < len(spelt) - 1:
        return False
    return word in PARTICLES or (word in ("la", "l") and spelt[at - 1].casefold() == "de")


def _word(word: str, *, capitals: bool, turkish: bool, first: bool) -> str:
    bare = word.strip(".,")
    if bare.casefold() in _SUFFIXES and not first:
        return word.replace(bare, _SUFFIXES[bare.casefold()])
    if bare.casefold() in _NUMERALS and not first:
        return word.upper()
    if _INITIALS.fullmatch(bare if word[-1:] == "," else word):
        return word.upper()
    if capitals and len(bare) < 3 and _CONSONANTS.fullmatch(bare) and bare not in _SHORT_NAMES:
        return word
    return _parts(word, turkish=turkish, first=first)


def _parts(word: str, *, turkish: bool, first: bool) -> str:
    """Set the parts between hyphens and apostrophes right: `Al-Masri`, `O’Brien`, `Jean-Pierre`, `Falc’hon`."""
    parts = _WORD.findall(word)
    for at, part in enumerate(parts):
        low = _lower(part, turkish=turkish)
        before = parts[at - 1] if at else "-"
        inside = before in "'’ʼ" and at > 1 and not _opens(parts[at - 2], part)
        prefix = at == 0 and not first and low in _PREFIXES and parts[1:2] == ["-"]
        parts[at] = low if inside or prefix else _scottish(_capital(low, turkish=turkish))
    return "".join(parts)


def _opens(before: str, after: str) -> bool:
    """Whether a capital follows the apostrophe: after `O`, `D` and a few more, where a name is left."""
    return before.casefold() in _ELIDED and len(after) > 2


def _scottish(word: str) -> str:
    if word.startswith("Mc") and len(word) > 4:
        return "Mc" + word[2:3].upper() + word[3:]
    if word.startswith("Mac") and word[3:] in _CLANS:
        return "Mac" + word[3:].capitalize()
    return word


def _lower(word: str, *, turkish: bool) -> str:
    if turkish:
        word = word.replace("I", "ı")
    return word.replace("İ", "i").lower()


def _capital(word: str, *, turkish: bool) -> str:
    low = _lower(word, turkish=turkish)
    if low.startswith("ij"):
        return "IJ" + low[2:]
    if turkish and low.startswith("i"):
        return "İ" + low[1:]
    return low[:1].title() + low[1:]
