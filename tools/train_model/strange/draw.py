"""Random choices that the kinds of strange text share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

ALPHABETS = {
    "sv": "åäö", "de": "äöüß", "fr": "àâæçéèêëîïôœùûüÿ", "es": "áéíñóúü", "pt": "ãáâàçéêíõóôú", "it": "àèéìòù",
    "da": "æøå", "et": "õäöüšž", "lv": "āčēģīķļņšūž", "lt": "ąčęėįšųūž", "pl": "ąćęłńóśźż", "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž", "hu": "áéíóöőúüű", "ro": "ăâîșț", "ro-old": "ăâîşţ", "tr": "çğıöşü", "is": "áðéíóúýþæö",
    "hr": "čćđšž", "ca": "àçèéíïòóúü", "vi": "ăâđêôơư", "vi-tones": "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
    "cy": "âêîôûŵŷ", "eo": "ĉĝĥĵŝŭ", "sq": "çë", "az": "əğıöşüç", "mt": "ċġħż", "ga": "áéíóú", "haw": "āēīōūʻ",
    "ru": "абвгдежзиклмнопрстуфхцчшщъыьэюя", "ru-odd": "ёъыэщ", "uk": "ґєії", "sr": "ђјљњћџ", "be": "ўёі",
    "mk": "ѓќѕјљњџ",
    "kk": "әғқңөұүһі", "el": "αβγδεζηθικλμνξοπρστυφχψω", "el-tones": "άέήίόύώϊϋΐΰ",
    "he": "אבגדהוזחטיכלמנסעפצקרשת", "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "fa": "پچژگ", "hy": "աբգդեզէըթ",
    "ka": "აბგდევზთ", "th": "กขคงจฉชซ", "hi": "अआइईउऊ", "ko": "ㄱㄴㄷㄹㅁㅏㅑㅓㅕ",
    "ja": "あいうえおかきくけこ", "am": "ሀለሐመ",
}  # fmt: skip

ENGLISH = (
    "the of and letter sign used with file note see also chapter value page report price name list type city term code "
    "test form cup hour road water model group music history player season school church river station science"
).split()

ACCENTS = {
    "a": "àáâäåãā", "e": "éèêëēę", "i": "íìîïī", "o": "óòôöøōő", "u": "úùûüůű", "n": "ñńň", "c": "çćč", "s": "šśş",
    "z": "žźż", "y": "ýÿ", "l": "łľ", "d": "ďđ", "r": "řŕ", "t": "ťţ", "g": "ğģ",
}  # fmt: skip


def to_capital(char: str) -> str:
    """Return the capital of a letter; ẞ for ß.

    >>> to_capital("ß"), to_capital("é")
    ('ẞ', 'É')
    """
    upper = "ẞ" if char == "ß" else char.upper()
    return upper if len(upper) == 1 else char


@dataclass(frozen=True)
class Draw:
    """Random choices that the kinds share: words, names, letters of an alphabet, numbers."""

    rng: Random
    words: Sequence[str]
    names: Sequence[str]

    def one_of(self, *choices: str) -> str:
        """Return one of the texts."""
        return self.rng.choice(choices)

    def word(self) -> str:
        """Return a word, sometimes with a capital or in capitals."""
        word = self.rng.choice(self.words)
        return self.one_of(word, word, word, word[:1].upper() + word[1:], word.upper())

    def plain(self) -> str:
        """Return an English word."""
        return self.rng.choice(ENGLISH)

    def name(self) -> str:
        """Return a name."""
        return self.rng.choice(self.names)

    def foreign_name(self) -> str:
        """Return a name with a letter beyond ASCII, if there is one."""
        return self.rng.choice(
            [name for name in self.rng.choices(self.names, k=30) if not name.isascii()] or ["Örsted"]
        )

    def foreign_word(self) -> str:
        """Return a word with a letter beyond ASCII, if there is one."""
        return self.rng.choice([word for word in self.rng.choices(self.words, k=30) if not word.isascii()] or ["café"])

    def number(self, high: int = 99) -> str:
        """Return a number from 1 to `high`."""
        return str(self.rng.randint(1, high))

    def sample(self, chars: str, low: int, high: int) -> str:
        """Return between `low` and `high` characters."""
        return "".join(self.rng.choices(chars, k=self.rng.randint(low, high)))

    def alphabet(self) -> str:
        """Return letters of an alphabet, in its order or not, in small letters or capitals."""
        letters = ALPHABETS[self.rng.choice(list(ALPHABETS))]
        chosen = (
            self.rng.sample(letters, self.rng.randint(2, min(12, len(letters)))) if len(letters) > 2 else list(letters)
        )
        if self.rng.random() < 0.6:
            chosen.sort(key=letters.index)
        return "".join(map(to_capital, chosen) if self.rng.random() < 0.35 else chosen)

    def letter(self) -> str:
        """Return a letter beyond ASCII."""
        letter = self.rng.choice(ALPHABETS[self.rng.choice(list(ALPHABETS))])
        return to_capital(letter) if self.rng.random() < 0.4 else letter

    def latin_letter(self) -> str:
        """Return a Latin letter with an accent, small."""
        return self.rng.choice(self.rng.choice(list(ACCENTS.values())))

    def prose(self, inner: str) -> str:
        """Return the text within some words, or alone."""
        rng = self.rng
        before = " ".join(self.plain() for _ in range(rng.randint(1, 5)))
        after = " ".join(rng.choice(self.words) for _ in range(rng.randint(1, 5)))
        return self.one_of(
            inner, f"{before} {inner}", f"{inner} {after}", f"{before} {inner} {after}",
            f"{before.capitalize()} {inner}, {after}.", f"{after} ({inner})", f"{before}: {inner}",
        )  # fmt: skip

    def lines(self, make: Callable[[], str], low: int, high: int, separator: str = "\n") -> str:
        """Return between `low` and `high` results of a function, one per line."""
        return separator.join(make() for _ in range(self.rng.randint(low, high)))


def separate(draw: Draw, items: Iterable[str]) -> str:
    """Join items as lists are written."""
    return draw.one_of(" ", ", ", "", "/", " / ", " · ", "; ", "-", " | ", "\n", "、", " – ").join(items)
