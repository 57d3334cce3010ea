"""Clean strings that look like damage: alphabets, units, acronyms, formulas, signs, trees, tables and mentions."""

from __future__ import annotations

from collections.abc import Iterator

_ALPHABETS = (
    *("äöüß", "åäö", "æøå", "àâçéèêëîïôùûü", "áéíóúüñ", "ãõáéíóúâêôç", "ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áéíóöőúüű"),
    *("čćđšž", "ăâîșț", "çğıöşü", "āčēģīķļņšūž", "ąčęėįšųūž", "ðþæö"),
    *("αβγδεζηθικλμνξοπρστυφχψω", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "אבגדהוזחטיכלמנסעפצקרשת"),
)
_NUMBERS = ("5", "12.5", "160", "2,000")
_UNITS = (
    "Å",
    "Å³",
    "µm",
    "°C",
    "°F",
    "m²",
    "m³",
    "Ω",
    "kΩ·m",
    "‰",
    "½",
    "¼",
    "£",
    "€",
    "¢",
    "§",
    "×",
    "÷ 3",
    "± 2",
    "¹",
    "′",
)
_ACRONYMS = (
    "ÖBB",
    "ÖVP",
    "ÅF",
    "ŠK",
    "ČD",
    "ÉDF",
    "ÜSTRA",
    "ØKO",
    "ŽS",
    "ÇYDD",
    "PKÖ",
    "SÃO",
    "MANHÃ",
    "CAFÉ®",
    "ÉLAN™",
)
_LETTERS = "ÃãÂâåøñßðþýžšľđőûºªı"
_FORMULAS = (
    *(
        "x² + y² = z²",
        "E = mc²",
        "10⁻³ mol",
        "CO₂ and H₂O",
        "a ≤ b ≠ c",
        "∑ xᵢ → ∞",
        "√2 ≈ 1.41",
        "∂f/∂x = 0",
        "µ ± σ",
        "90° × ½",
    ),
    *(
        "see note¹ and note²",
        "1º e 2ª",
        "n.º 5",
        "Nº 7",
        "3¼ × 5½ in",
        "f(x) ↦ x³",
        "½ cup, ¾ pint",
        "Δt = 5 µs",
        "¬p ∨ q",
        "λ = 5890 Å",
    ),
)
_SIGNS = (
    *(
        "© 2020 Acme®, Zeta™",
        "§ 5 ¶ 2",
        "«oui» – ‹non›",
        "„ja“ und ‚nein‘",
        "”ja” ja ’nej’",
        "¿Qué? ¡No!",
        "• one · two ● three",
    ),
    *(
        "£5, ¥200, €3, 50¢",
        "→ next ← back",
        "★★★☆☆",
        "✓ done ✗ failed",
        "†1901 ‡1950",
        "A…Z",
        "¦ a ¦ b ¦",
        "/ˈhæpi/ [ʃəʊ]",
        "♥ 🎉 👍🏽",
    ),
)
# Words, and how text about encodings shows them damaged.
_MENTIONED = ("café", "Größe", "España", "coração", "Dvořák", "Привет", "Ελλάδα")
_MENTIONS = (
    *("“{good}” becomes “{bad}”.", "In such a mail, the word {good} is shown as {bad}."),
    *("« {good} » devient « {bad} ».", "Aus „{good}“ wird „{bad}“.", "Вместо «{good}» вы увидите «{bad}»."),
    *("En lugar de {good} aparece {bad}.", "Zamiast „{good}” widzimy „{bad}”."),
    *("| {good} | {bad} |", "{good} → {bad}", "{good};{bad}", "{bad} = {good}"),
    *("s = s.replace('{bad}', '{good}')", '{{"{bad}": "{good}"}}', 'assert fix("{bad}") == "{good}"'),
)
_MENTIONED_SIGNS = ("é", "ü", "ñ", "’", "“")
_MENTIONS_OF_SIGNS = (
    *("If you see {bad} instead of {good}, the encoding of the page is wrong.", "The sign “{bad}” tells it."),
    *("Wenn auf der Seite {bad} statt {good} steht, stimmt die Kodierung nicht.",),
    *("| {good} | {bad} |", "{good} → {bad}", 's.replace("{bad}", "{good}").replace("{bad}", "?")'),
)


def generate_strange() -> list[tuple[str, str]]:
    """Return clean strings that look like damage, with their kinds."""
    return [
        *(("alphabet", text) for alphabet in _ALPHABETS for text in _write_alphabet(alphabet)),
        *(("unit", f"{number} {unit}") for number in _NUMBERS for unit in _UNITS),
        *(("unit", f"The value was {number}{unit} in all.") for number in _NUMBERS for unit in _UNITS),
        *(("acronym", text.format(name)) for name in _ACRONYMS for text in ("{}", "{} 2020", "The {} won again.")),
        *(("letter", text.format(c)) for c in _LETTERS for text in ("{}", "the letter {}", "“{}” is a letter")),
        *(("formula", text) for text in _FORMULAS),
        *(("sign", text) for text in _SIGNS),
        *(("tree", _draw_tree(depth, style)) for depth in (1, 2, 4, 8) for style in ("├─└│", "╠═╚║", "┣━┗┃")),
        *(("table", _draw_box(width)) for width in (1, 4, 12, 40)),
    ]


def generate_mentions() -> list[tuple[str, str]]:
    """Return texts about encodings that quote damage, in prose, tables and code, with their kind."""
    pairs = [
        *((text, word) for word in _MENTIONED for text in _MENTIONS),
        *((text, sign) for sign in _MENTIONED_SIGNS for text in _MENTIONS_OF_SIGNS),
    ]
    return [("mention", text.format(good=good, bad=good.encode().decode("windows-1252"))) for text, good in pairs]


def _write_alphabet(alphabet: str) -> Iterator[str]:
    """Yield letters as one word, as lists, in capitals, in pairs and in a sentence."""
    letters = "".join(dict.fromkeys(c.lower() for c in alphabet if c.isalpha()))
    capitals = letters.replace("ß", "").upper()
    yield f"{letters} {capitals}"
    yield " ".join(letters)
    yield ", ".join(letters)
    yield capitals
    yield " ".join(f"{c}{c.lower()}" for c in capitals)
    yield f"The letters {'/'.join(letters)} are used."


def _draw_tree(depth: int, style: str) -> str:
    branch, line, end, bar = tuple(style)
    rows = (f"{f'{bar}   ' * level}{branch}{line}{line} part{level}/" for level in range(depth))
    return "\n".join(["project/", *rows, f"{end}{line}{line} end"])


def _draw_box(width: int) -> str:
    return f"┌{'─' * width}┐\n│{'x'.center(width)}│\n└{'─' * width}┘\n{'█' * width}{'░' * width}"
