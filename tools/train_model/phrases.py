"""Short phrases with signs beyond ASCII, as prices, units and menus have them, and text with no-break spaces."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

CURRENCIES = "££££€€€¥¢₹₽₩₺₪₴₫"
UNITS = "m² km² m³ cm³ µg µm µl °C °F ° ‰ ℃ Ω".split()
OPERATORS = "×××÷±−≤≥≠≈→·∙"
ORDINALS = ("N° {}", "n° {}", "n°{}", "N.º {}", "nº {}", "{}º", "{}ª", "{}.ª", "№ {}", "§ {}", "§§ {}", "¶ {}")
SEPARATORS = "»»»·••›→►▸│—–¦"
BULLETS = "••·►▶→✓✔★●■▪–§¶†‡¤"
MARKS = "™®©℠†‡¹²³ªº"
FRACTIONS = "½¼¾⅓⅔"
GROUPED_LANGUAGES = frozenset("fr de pl cs sk ru uk bg sv nb nn fi et lv lt pt es it hu".split())
# The signs that French separates from a word.
SPACED_SIGNS = tuple("!?:;»%€")


def make_phrase(words: Sequence[str], rng: Random) -> str:
    """Return a phrase with a sign.

    Args:
        words: words for the phrase.
        rng: the source of randomness.
    """
    return rng.choice(_PHRASES)(words, rng)


def make_hard_spaces(text: str, language: str, rng: Random) -> str:
    """Return a text where some spaces are no-break spaces, as editors and converters write them."""
    pieces: list[str] = []
    kind = rng.choice(["numbers", "sentences", "sentences", "words"])
    has_numbers = kind == "numbers" or language in GROUPED_LANGUAGES
    separator = f" \u00a0{rng.choice('||·-')} \u00a0" if rng.random() < 0.3 else "\u00a0 "
    for word in text.split(" "):
        choice = rng.random()
        if has_numbers and choice < 0.15:
            number = rng.randint(1, 999)
            follower = f"{rng.randint(0, 999):03}" if choice < 0.1 else rng.choice(["€", "%", "km", "kg", "EUR", "$"])
            pieces.append(f"{number}\u00a0{follower} ")
        is_spaced = language == "fr" and word.endswith(SPACED_SIGNS)
        pieces.append(f"{word[:-1]}\u00a0{word[-1]}" if is_spaced else word)
        is_end = word.endswith((".", "!", "?")) and kind == "sentences"
        pieces.append(separator if is_end or (kind == "words" and rng.random() < 0.15) else " ")
    return "".join(pieces[:-1])


def _number(rng: Random) -> str:
    number = rng.choice([rng.randint(1, 12), rng.randint(2, 99), rng.randint(100, 9_999)])
    return rng.choice([f"{number}", f"{number}", f"{number:,}", f"{number / 10}"])


def _make_price(_words: Sequence[str], rng: Random) -> str:
    sign, number = rng.choice(CURRENCIES), _number(rng)
    if sign == "¢" or rng.random() < 0.2:
        return f"{number}{rng.choice(['', ' '])}{sign}"
    return f"{sign}{number}{rng.choice(['', '', '', 'm', 'bn', 'k', '-a-year', ' million'])}"


def _make_unit(words: Sequence[str], rng: Random) -> str:
    if rng.random() < 0.3:
        return f"{rng.choice(words)}{rng.choice(MARKS)}"
    return f"{_number(rng)}{rng.choice(['', ' '])}{rng.choice(UNITS)}"


def _make_operation(words: Sequence[str], rng: Random) -> str:
    sign, space = rng.choice(OPERATORS), rng.choice(["", " "])
    if rng.random() < 0.3:
        return f"{rng.choice('±−≤≥≈~∞√')}{_number(rng)}"
    one, other = (
        (_number(rng), _number(rng)) if rng.random() < 0.7 else (rng.choice("xyznab"), rng.choice(words)[:1] or "y")
    )
    return f"{one}{space}{sign}{space}{other}{rng.choice(['', '', ' cm', ' mm', ' = 4'])}"


def _make_ordinal(words: Sequence[str], rng: Random) -> str:
    text = rng.choice(ORDINALS).format(rng.randint(1, 99))
    return f"{text} {rng.choice(words)}" if rng.random() < 0.3 else text


def _make_menu(words: Sequence[str], rng: Random) -> str:
    sign = rng.choice(SEPARATORS)
    return f" {sign} ".join(rng.choice(words) for _ in range(rng.randint(2, 5)))


def _make_bullet(words: Sequence[str], rng: Random) -> str:
    sign, space = rng.choice(BULLETS), rng.choice([" ", " ", ""])
    count = rng.choice([1, 1, 3])
    return rng.choice(["\n", " "]).join(f"{sign}{space}{rng.choice(words)}" for _ in range(count))


def _make_mark(words: Sequence[str], rng: Random) -> str:
    word = rng.choice(words).capitalize()
    return rng.choice([
        f"© {rng.randint(1990, 2026)} {word}", f"© {word}", f"Copyright © {word}", f"{word}®", f"{word}™", f"{word} ®",
    ])  # fmt: skip


def _make_fraction(words: Sequence[str], rng: Random) -> str:
    return f"{rng.choice(['', str(rng.randint(1, 9))])}{rng.choice(FRACTIONS)} {rng.choice(words)}"


def _make_spanish(words: Sequence[str], rng: Random) -> str:
    one, other = rng.choice(words), rng.choice(words)
    return rng.choice([f"¡{one} {other}!", f"¿{one} {other}?", f"«{one} {other}»", f"« {one} »"])


def _make_narrow(words: Sequence[str], rng: Random) -> str:
    return f"{_number(rng)}\u202f{rng.choice(['%', '€', 'km', '000', rng.choice(words)])}"


_PHRASES: tuple[Callable[[Sequence[str], Random], str], ...] = (
    _make_price, _make_price, _make_price, _make_unit, _make_unit, _make_operation, _make_operation, _make_ordinal,
    _make_menu, _make_menu, _make_bullet, _make_mark, _make_fraction, _make_spanish, _make_narrow,
)  # fmt: skip
