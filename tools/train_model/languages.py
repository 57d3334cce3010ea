"""The modelled languages and the name of each in the source packages."""

from __future__ import annotations

from dataclasses import dataclass

# Latin first: the loader relies on it. "hr" covers Bosnian, Croatian, Montenegrin and Serbian in Latin script.
LANGUAGES = {
    "Latn": (
        "af ast az br ca cs cy da de en eo es et eu fi fr ga gd gl hr hu id is it la lb lg lt lv mi ms nb nl nn pl pt "
        "ro sk sl sn so sq st sv sw tl tn tr ts vi xh yo zu"
    ),
    "Cyrl": "be bg kk mk mn ru sr uk",
    "Grek": "el",
    "Arab": "ar fa ur",
    "Hebr": "he",
    "Deva": "hi mr ne",
    "Beng": "bn",
    "Armn": "hy",
    "Geor": "ka",
    "Thai": "th",
    "Taml": "ta",
    "Telu": "te",
    "Gujr": "gu",
    "Guru": "pa",
    "Knda": "kn",
    "Mlym": "ml",
}
_WORDFREQ = {"hr": "sh", "sr": "sh", "tl": "fil"}
_LINGUA = {"hr": ("hr", "bs")}
# lingua counts letters without vowel signs: of no use for the scripts of India and Thailand.
_LANGDETECT = frozenset("mr ne th ta te gu pa kn ml hi bn".split())
_SIMPLEMMA = {"hr": "hbs", "sr": "hbs"}
_LOCALES = {"hr": ("hr", "bs", "sr_Latn"), "no": ("nb",), "pt": ("pt", "pt_BR")}


@dataclass(frozen=True)
class Language:
    """A language in one script.

    Attributes:
        tag: The BCP 47 tag.
        script: The ISO 15924 code.
    """

    tag: str
    script: str

    @property
    def wordfreq(self) -> str:
        """The name in wordfreq."""
        return _WORDFREQ.get(self.tag, self.tag)

    @property
    def lingua(self) -> tuple[str, ...]:
        """The names in lingua."""
        return () if self.tag in _LANGDETECT else _LINGUA.get(self.tag, (self.tag,))

    @property
    def langdetect(self) -> str | None:
        """The name in langdetect, None where other sources are better."""
        return self.tag if self.tag in _LANGDETECT else None

    @property
    def simplemma(self) -> str:
        """The name in simplemma."""
        return _SIMPLEMMA.get(self.tag, self.tag)

    @property
    def locales(self) -> tuple[str, ...]:
        """The locale directories of translated messages."""
        return _LOCALES.get(self.tag, (self.tag,))


def list_languages(script: str) -> list[Language]:
    """Return the languages of a script in the order of the table's columns."""
    return [Language(tag, script) for tag in LANGUAGES[script].split()]
