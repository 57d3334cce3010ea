"""Fractions, units, prices, coordinates, ordinals and scores."""

from __future__ import annotations

from tools.train_model.strange.draw import Draw


def make_fraction(draw: Draw) -> str:
    """Make amounts and recipes with fractions."""
    units = "cup cups tsp tbsp kg lb hours miles in. cm dl EL TL cuillère tazas".split()

    def amount() -> str:
        return f"{draw.one_of('', '', '1', '2', '10')}{draw.rng.choice('½¼¾⅓⅔⅛⅜')} {draw.rng.choice(units)}"

    return draw.one_of(
        draw.prose(amount()), draw.lines(lambda: f"{amount()} {draw.word()}", 2, 6), f"{amount()} – {amount()}",
        f"add {amount()} and {amount()} {draw.word()}", f"{draw.number(12)}½-{draw.plain()} {draw.number()}¾%",
    )  # fmt: skip


def make_unit(draw: Draw) -> str:
    """Make measures: Å, µm, m², °C, Ω, ±."""
    n, m = draw.number(), draw.number(999)
    units = "Å Å² Å³ µm µg/ml °C °F m² m³ km² cm³ kΩ MΩ µF µA ‰ nº Ø μs Å⁻¹ s⁻¹ µl ℃ ㎡ €/m² µSv".split()
    measure = draw.lines(lambda: f"{draw.number(999)}{draw.one_of(' ', '', ' ')}{draw.rng.choice(units)}", 1, 3,
    draw.one_of(
        " ", ", ", " / ", " – ", " and ",
    ))  # fmt: skip
    return draw.prose(draw.one_of(
        measure, measure, f"{n} m² / {m} m³", f"Ø {n} mm", f"Ø{n}½″", f"Ø±0,{n}", f"±{n} µA", f"{n}×{m} cm²",
        f"x² + {n}y³",
        f"{n} kΩ ±{m}%", f"{n}ª {draw.plain()}", f"nº {n}", f"N°{n}", f"{n}% ± {m}", f"{n}′ {m}″",
        f"{draw.plain()} (m²)",
    ))  # fmt: skip


def make_price(draw: Draw) -> str:
    """Make prices and currencies."""

    def price() -> str:
        sign = draw.rng.choice("€£¥$¢₽₴₺₪₩₹₫ƒ¤₱₿")
        return draw.one_of(f"{sign}{draw.number(999)}", f"{draw.number(999)} {sign}",
        f"{draw.number()},{draw.number()}{sign}", f"{draw.number(5)}½{sign}",
                           f"{draw.number()} zł", f"{draw.number(99)} Kč", f"{draw.number()}\u00a0€")  # fmt: skip

    return draw.prose(
        draw.one_of(
            price(), f"{price()} – {price()}", f"{price()}/{price()}", f"(±{price()})", f"{price()} ({price()})"
        )
    )


def make_coordinates(draw: Draw) -> str:
    """Make coordinates, angles and temperatures."""

    def angle() -> str:
        return draw.one_of(
            f"{draw.number(90)}°{draw.number(59)}′{draw.one_of('', draw.number(59) + '″')}{draw.rng.choice('NSEWOЕ')}",
            f"{draw.number(90)}°{draw.number(59)}'{draw.rng.choice('NS')}", f"{draw.number(90)}.{draw.number(99)}°",
            f"−{draw.number(40)} °C",
            f"{draw.number(90)}º {draw.number(59)}’ {draw.rng.choice('NSO')}",
        )  # fmt: skip

    return draw.prose(draw.one_of(angle(), f"{angle()}, {angle()}", f"{angle()} {angle()}", f"{angle()} / {angle()}"))


def make_ordinal(draw: Draw) -> str:
    """Make ordinals and dates with º and ª."""
    n = draw.number(31)
    return draw.prose(
        draw.one_of(
            f"{n}º",
            f"{n}ª",
            f"{n}.º",
            f"{n}.ª {draw.word()}",
            f"1º de {draw.word()} de 20{draw.number()}",
            f"Mª {draw.name()}",
            f"{n}ᵉ",
            f"{n}ᵗʰ",
            f"D. Mª {draw.word()}",
            f"{n}er – {n}º",
            f"Nº{n}",
        )
    )


def make_score(draw: Draw) -> str:
    """Make results of matches and standings with names."""
    first, second = draw.foreign_name(), draw.one_of(draw.foreign_name(), draw.name())
    return draw.one_of(
        f"{first} – {second} {draw.number(5)}–{draw.number(5)}",
        f"{draw.number(20)}. {first} ↑ {draw.number()}",
        f"{first.upper()} × {second.upper()}",
        f"({draw.number(90)}′ {first}, {draw.number(90)}′ {second})",
        f"{first} {draw.number(4)}½ – {second} 1½",
    )
