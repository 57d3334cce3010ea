"""Names: acronyms, brands, lists, bylines, bibliographies."""

from __future__ import annotations

from tools.train_model.strange.draw import ACCENTS, Draw, to_capital

BRANDS = (
    "Motor Hagen Rontgen Zeiss Citron Skoda Nestle Kroger Lowen Uber Maxim Bose Krups Bjork Trojan Mago Lancome".split()
)


def make_acronym(draw: Draw) -> str:
    """Make acronyms: `ÖBB, ÖVP und FPÖ`."""

    def acronym() -> str:
        letters = [to_capital(draw.latin_letter()), *draw.sample("BVPFSDKTRMNL", 1, 3)]
        draw.rng.shuffle(letters)
        return "".join(letters) + draw.one_of("", "", "", "s", "-" + draw.word(), "ist")

    first, second, third = acronym(), acronym(), acronym()
    return draw.one_of(
        first, f"{first}, {second} {draw.plain()} {third}", f"{draw.word()} ({first})", f"{first}–{second}",
        f"{first}/{second}",
        f"{draw.word()} {first} {draw.word()}", f"{first} {draw.foreign_word()}", draw.prose(first),
        f"{first} - {second} {draw.number()}:0",
    )  # fmt: skip


def make_brand(draw: Draw) -> str:
    """Make brands and bands with decorative accents: `Mötley Crüe`."""

    def style(name: str) -> str:
        chars = [
            draw.rng.choice(ACCENTS[char]) if char in ACCENTS and draw.rng.random() < 0.35 else char for char in name
        ]
        return "".join(chars)

    name = style(draw.one_of(draw.rng.choice(BRANDS).lower(), draw.plain(), draw.name().lower()))
    brand = draw.one_of(
        name.title(), name.upper(), name.capitalize(), f"{name.capitalize()} {style(draw.plain()).capitalize()}"
    )
    return draw.prose(draw.one_of(brand, f"{brand}®", f"{brand}’s", f"“{brand}”"))


def make_name_list(draw: Draw) -> str:
    """Make names of several languages in a list."""
    names = [draw.one_of(draw.foreign_name(), draw.name()) for _ in range(draw.rng.randint(2, 7))]
    if draw.rng.random() < 0.2:
        names = [name.upper() for name in names]
    separator = draw.one_of(", ", "; ", "\n", " – ", " & ", " / ", " · ")
    return draw.one_of(
        separator.join(names),
        f"{draw.plain().title()}: {separator.join(names)}",
        f"{names[0]} ({draw.number()}′ {names[-1]})",
    )


def make_single_word(draw: Draw) -> str:
    """Make one word with letters beyond ASCII, in any case."""
    word = draw.foreign_word()
    return draw.one_of(
        word,
        word.upper(),
        word.capitalize(),
        word.lower(),
        f"{word}.",
        f"“{word}”",
        f"{word}-{draw.word()}",
        f"{word}!",
    )


def make_bibliography(draw: Draw) -> str:
    """Make references of scholarly texts."""
    year, pages = draw.rng.randint(1850, 2026), f"{draw.number()}–{draw.number(999)}"
    title = " ".join(draw.word() for _ in range(draw.rng.randint(2, 5)))
    return draw.one_of(
        f"{draw.foreign_name()}, {draw.name()[:1]}. ({year}). {title}. {draw.number()}({draw.number(4)}), {pages}.",
        f"{draw.foreign_name()} & {draw.name()}: «{title}», {draw.foreign_name()} {year}, S. {pages}",
        f"[{draw.number()}] {draw.foreign_name()} et al., “{title}”, {year}.",
        f"{draw.foreign_name().upper()}, {draw.name()}, {title}, n° {draw.number()}, p. {pages}",
        f"ibid., {pages}; {draw.foreign_name()} {year}ª: {pages}",
    )  # fmt: skip


def make_byline(draw: Draw) -> str:
    """Make bylines, credits and datelines: names in capitals, agencies and signs between them."""
    first, second = draw.foreign_name(), draw.one_of(draw.foreign_name(), draw.name())
    sign = draw.one_of("©", "·", "—", "|", "•", "–", ",", "/", "")
    credit = draw.one_of(f"© {second}", f"Photo: {second}", f"Foto: {second}", f"(Reuters) {sign}", f"/{second}/")
    text = draw.one_of(
        f"By {first.upper()} {sign} {credit}",
        f"{first.upper()} {sign} {second.upper()}",
        f"{second} and {first.upper()}",
        f"{first.upper()} (AFP) {sign} {draw.plain().capitalize()}",
        f"{credit} {sign} {first}",
        f"{first} {sign} {draw.number(28)}.{draw.number(12)}.20{draw.number(24)}",
    )
    return draw.one_of(text, draw.prose(text))
