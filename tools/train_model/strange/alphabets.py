"""Alphabets, rows of code tables, and lone letters."""

from __future__ import annotations

import unicodedata

from tools.train_model.strange.draw import Draw, separate, to_capital

# Blocks that a charset can show, as ranges of code points.
BLOCKS = (
    (0xA1, 0xC0), (0xC0, 0x100), (0xA1, 0x100), (0x100, 0x180), (0x180, 0x250), (0x250, 0x2B0), (0x386, 0x3CF),
    (0x400, 0x460),
    (0x490, 0x500), (0x531, 0x557), (0x5D0, 0x5EB), (0x621, 0x64B), (0x660, 0x66A), (0x6A9, 0x6D4), (0xE01, 0xE3B),
    (0xE40, 0xE5C),
    (0x10D0, 0x10F1), (0x1E00, 0x1EFA), (0x2010, 0x2028), (0x2030, 0x205F), (0x2070, 0x209D), (0x20A0, 0x20C0),
    (0x2100, 0x214F),
    (0x2150, 0x2189), (0x2190, 0x2200), (0x2200, 0x2300), (0x2300, 0x23FF), (0x2460, 0x2500), (0x2500, 0x25A0),
    (0x25A0, 0x2600),
    (0x2600, 0x2700), (0x2701, 0x27BF), (0x3001, 0x3020), (0x3041, 0x3097), (0x30A1, 0x30FB), (0x4E00, 0x4F00),
    (0xAC00, 0xAD00),
    (0xFB00, 0xFB07), (0xFF01, 0xFF5F), (0xFF61, 0xFFA0),
)  # fmt: skip


def make_alphabet_pairs(draw: Draw) -> str:
    """Make letters with their capitals: `Ää, Öö`."""
    form = draw.rng.choice(["{0}{1}", "{0} {1}", "{1}{0}", "{0}/{1}", "{0}, {1}"])
    return draw.one_of(" ", ", ", " / ", "\n", "; ").join(
        form.format(to_capital(char), char) for char in draw.alphabet()
    )


def make_alphabet_list(draw: Draw) -> str:
    """Make a list of letters."""
    return separate(draw, draw.alphabet())


def make_alphabet_prose(draw: Draw) -> str:
    """Make a sentence that lists letters."""
    letters = draw.alphabet()
    text = draw.one_of(
        f"({' '.join(letters[:4])})", f"«{'/'.join(letters[:5])}»", f"{', '.join(letters[:-1])} and {letters[-1]}",
        f"[{letters}]", f"{letters[0]}→{draw.plain()}, {letters[-1]}→{draw.plain()}",
        f"“{letters[0]}” or “{letters[-1]}”",
        f"{letters[0]}–{letters[-1]}", f"letters {letters}", f"<{letters[0]}> = /{letters[-1]}/",
    )  # fmt: skip
    return draw.prose(text)


def make_table_row(draw: Draw) -> str:
    """Make successive characters of a block, as code tables and font samples show them."""
    low, high = draw.rng.choice(BLOCKS)
    start = draw.rng.randint(low, max(low, high - 4))
    chars = [chr(code) for code in range(start, min(high, start + draw.rng.randint(4, 32)))]
    shown = [char for char in chars if unicodedata.category(char) not in {"Cn", "Cf", "Cc", "Mn", "Zl", "Zp"}]
    return draw.one_of("", "", " ", ", ").join(shown)


def make_table_hex(draw: Draw) -> str:
    """Make lines of a code table with the numbers of the characters."""
    low, high = draw.rng.choice(BLOCKS[:34])
    start = draw.rng.randint(low, max(low, high - 6))
    form = draw.one_of("{0:02X} {1}", "U+{0:04X} {1}", "&#{0}; {1}", "{1}\t{0}", "0x{0:x} = {1}", "{1} ({0})")
    return draw.one_of("\n", ", ", "  ").join(form.format(code, chr(code)) for code in range(start, start + 4))


def make_lone_letter(draw: Draw) -> str:
    """Make a letter alone: `letter “é”`, `Ö!`."""
    letter, other = draw.letter(), draw.letter()
    return draw.one_of(
        letter, f"“{letter}”", f"{letter}!", f"{letter}: {draw.word()}", f"{letter} vs. {other}",
        f"{draw.word()} {letter} {draw.word()}",
        draw.prose(f"“{letter}”"), draw.prose(letter), f"{letter} → {other}", f"'{letter}'", f"({letter})",
        f"{letter}?",
        f"{draw.word().upper()} {letter}", f"-{letter}-", f"{letter}{letter}{letter}", f"{letter}. {draw.name()}",
        f"{letter})",
    )  # fmt: skip


def make_dictionary(draw: Draw) -> str:
    """Make dictionary entries with syllables and stress: `za·ba·glio·ne`."""
    word = draw.one_of(draw.foreign_word(), draw.word()).lower()
    size = draw.rng.randint(2, 3)
    cuts = [word[i : i + size] for i in range(0, len(word), size)]
    entry = draw.one_of("·", "‧", "|", "-", "•").join(cuts)
    return draw.one_of(
        f"{entry} (n.)", f"{entry} {draw.word()}, {draw.word()}", f"{entry}, f., {draw.plain()}",
        f"{word} → {draw.foreign_word()}", draw.prose(entry),
        f"{word}, -{draw.latin_letter()} m; {draw.foreign_word()}", f"{word} ~ {draw.foreign_word()} ‘{draw.plain()}’",
        f"*{word} > {draw.foreign_word()}",
    )  # fmt: skip


def make_table_of_letters(draw: Draw) -> str:
    """Make correspondences of letters: `ä = ae, ö = oe`."""
    pairs = [(char, draw.one_of(draw.sample("aeiouhsz", 1, 2), draw.letter())) for char in draw.alphabet()[:6]]
    form = draw.one_of("{0} = {1}", "{0} → {1}", "{0}:{1}", "{1} ({0})", "{0} [{1}]", "<{0}> {1}")
    return draw.one_of(", ", "\n", "; ", "  ").join(form.format(*pair) for pair in pairs)
