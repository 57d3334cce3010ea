"""Signs next to words: footnotes, trademarks, legal signs, bullets, products."""

from __future__ import annotations

from tools.train_model.strange.draw import Draw

SIGNS = "†‡•…‰™®©ªº°²³¹½¼¾µ±×÷¶§¡¿«»–—“”‘’„‹›€£¥¢¦¬¨´¸·¤¯ˆ˜ƒ"


def make_sign_beside_word(draw: Draw) -> str:
    """Make signs before, after and between words."""
    sign, word, other = draw.rng.choice(SIGNS), draw.word(), draw.word()
    return draw.one_of(
        f"{word}{sign}", f"{word.upper()}{sign}", f"{word} {sign} {other}", f"{sign}{word}", f"{sign} {word}", sign * 3,
        sign + draw.rng.choice(SIGNS), f"({sign})", f"{draw.plain()} {sign}{draw.number()}", f"{draw.letter()}{sign}",
        f"{word.upper()}{sign} {other.upper()}", f"{word} {draw.letter()}{sign} {other}", f"{word}{sign}{other}",
        f"“{sign}” {other}", f"{draw.number()}{sign}", f"{draw.foreign_word()}{sign}",
        f"{draw.foreign_word().upper()}{sign}",
    )  # fmt: skip


def make_footnote(draw: Draw) -> str:
    """Make words with marks of notes: `UNIVERSITÉ¹`, `word†`."""
    marks = "¹²³⁴*†‡§¶ªº"

    def mark() -> str:
        word = draw.one_of(draw.foreign_word(), draw.word(), draw.foreign_word().upper(), draw.name())
        return word + draw.sample(marks, 1, 2)

    return draw.one_of(
        draw.prose(mark()), draw.lines(mark, 2, 5, ", "), f"{draw.rng.choice(marks)} {draw.prose(mark())}"
    )


def make_product(draw: Draw) -> str:
    """Make product names and stock numbers."""
    code = draw.sample("ABCDEFGHKLMNRSTX", 1, 3) + draw.one_of("-", "", " ", "/") + draw.number(99999)
    return draw.one_of(
        f"{draw.foreign_word().capitalize()} {code} {draw.number()}×{draw.number()} cm",
        f"{code}: {draw.word()} – {draw.number()} €",
        draw.lines(lambda: f"• {draw.word()} {draw.number(500)} g – {draw.number()},{draw.number()} €", 2, 5),
        f"{draw.foreign_name().upper()} {code} Ø{draw.number()}", f"{code}·{draw.letter()} ({draw.number()}°)",
        f"№ {code} «{draw.word()}»",
        f"{code} {draw.latin_letter().upper()}{draw.number()}",
    )  # fmt: skip


def make_legal(draw: Draw) -> str:
    """Make references to laws and paragraphs."""
    n, m = draw.number(), draw.number(9)
    return draw.prose(
        draw.one_of(
            f"§ {n} Abs. {m}",
            f"§§ {n}–{m}",
            f"§{n}({m})",
            f"Art. {m}º, § {n}",
            f"¶ {n}",
            f"Nr. {n} § {m} {draw.word()}",
            f"n.º {n}/{m}",
            f"{n} U.S.C. § {m}",
            f"Art. {n} ºª",
        )
    )


def make_bullets(draw: Draw) -> str:
    """Make lists with bullets and arrows."""
    bullet = draw.rng.choice("•·▪►»–—→¤§*◦‣✓›¬")
    return draw.one_of(draw.lines(lambda: f"{bullet} {draw.word()} {draw.word()}", 1, 5),
    f" {bullet} ".join(draw.word() for _ in range(4)),
                       f"{draw.word()} » {draw.word()} » {draw.foreign_word()}",
                       f"« {draw.word()}  |  {draw.word()} »", f"{bullet}{draw.foreign_word()}")  # fmt: skip


def make_trademark(draw: Draw) -> str:
    """Make names with ™, ® and ©."""
    name = draw.one_of(draw.name(), draw.foreign_word().capitalize(), draw.foreign_word().upper(), draw.word())
    return draw.prose(
        draw.one_of(
            f"{name}™",
            f"{name}®",
            f"{name}™ {draw.word()}®",
            f"© 20{draw.number()} {name}",
            f"{name} ©",
            f"{name}℠",
            f"®{name}",
            f"{name}®/{draw.word()}™",
            f"©{name}",
        )
    )
