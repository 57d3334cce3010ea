"""Unusual spelling, and prose about mojibake."""

from __future__ import annotations

import unicodedata

from tools.train_model.strange.draw import Draw

MISREAD = "â€™ Ã© Ã¼ â€œ â€“ Ð¿ Ã Â Ã± â‚¬ Ã¶ ï¿½ пїЅ Рё Ã¨ Ã¤ æ— â€” Å¡ Ñ‚ Ð˜ ÐŸÑ€Ð¸".split()

OLD_LETTERS = {"s": "ſ", "w": "ƿ", "th": "þ", "dh": "ð", "ae": "æ", "y": "ẏ", "et": "⁊", "oe": "œ", "u": "ů", "a": "aͤ"}


def make_middle_dot(draw: Draw) -> str:
    """Make words with a middle dot: Catalan `l·l`, units, inclusive French, tags."""
    word = draw.word()
    return draw.prose(draw.one_of(
        f"{word[:3]}l·l{word[3:]}", f"{word[:3]}L·L{word[3:]}".upper(), f"{word}·e·s", f"{word} · {draw.word()}",
        f"{draw.number()} N·m",
        f"{draw.number()} kW·h", f"{draw.number()}·10³", f"{word}·{draw.word()}",
    ))  # fmt: skip


def make_mention(draw: Draw) -> str:
    """Make prose about encodings that quotes misread text."""
    bad, good = draw.rng.choice(MISREAD), draw.one_of("’", "é", "ü", "“", "–", "п", draw.letter())
    return draw.one_of(
        f"“{bad}” appears instead of “{good}”.", f"{bad} appears instead of {good}",
        f"Why do I see {bad} in my {draw.plain()}?",
        f"UTF-8 read as Windows-1252 shows {good} as {bad}, and the {draw.plain()} is broken.",
        f"replace('{bad}', '{good}')",
        f"{good} → {bad}", f"The characters `{bad}` are {draw.plain()}.", f"Statt „{good}“ steht da „{bad}“.",
        f"{good} ({bad})",
        f"{draw.plain().capitalize()} encoding: {bad} = {good}, {draw.rng.choice(MISREAD)} = {draw.letter()}",
    )  # fmt: skip


def make_cross_quote(draw: Draw) -> str:
    """Make a quotation in the marks of another language."""
    marks = draw.rng.choice(["„“", "„”", "«»", "»«", "‹›", "‚‘", "””", "「」", "“”", "’’", "『』", "《》"])
    inner = " ".join([draw.foreign_word(), *(draw.word() for _ in range(draw.rng.randint(0, 3)))])
    space = draw.one_of("", "", "", " ", "\u00a0")
    return draw.prose(
        marks[0] + space + inner + space + marks[1] + draw.one_of("", "", "s", "-" + draw.plain(), "!", "…")
    )


def make_old_spelling(draw: Draw) -> str:
    """Make words in old orthographies: ſ, þ, ð, ƿ."""
    text = " ".join(draw.plain() for _ in range(draw.rng.randint(1, 4)))
    for plain, old in draw.rng.sample(sorted(OLD_LETTERS.items()), draw.rng.randint(2, 5)):
        text = text.replace(plain, old)
    rune = draw.sample("ꝛꝑꝓꝯþðæƿȝſęǫøǽǿ", 1, 3)
    return draw.prose(
        draw.one_of(
            text,
            text,
            text.capitalize(),
            f"{text} {rune}",
            f"{draw.word()} {rune}{draw.plain()}",
            f"Þ{draw.plain()} ð{draw.plain()}",
        )
    )


def make_accented_word(draw: Draw) -> str:
    """Make a word with a letter that it does not have, as neologisms and typos do."""
    word, letter = draw.word(), draw.letter()
    i = draw.rng.randint(0, len(word))
    return draw.prose(draw.one_of(word[:i] + letter + word[i:], word[:i] + letter + word[i + 1 :]))


def make_decomposed(draw: Draw) -> str:
    """Make words with combining accents."""
    return draw.prose(unicodedata.normalize("NFD", f"{draw.foreign_word()} {draw.foreign_word()}"))
