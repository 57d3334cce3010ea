"""Emoji, faces of signs, and letters replaced by signs."""

from __future__ import annotations

from tools.train_model.strange.draw import Draw

EMOJI = "😀😂👍❤★☆✓✗✔♥♪♫⚠☕①②③◄►▶◀☺✎➜➤🎉🔥🇫🇷💡📷"


def make_emoji(draw: Draw) -> str:
    """Make words with emoji and dingbats."""
    signs = draw.sample(EMOJI, 1, 3)
    return draw.one_of(f"{draw.word()} {signs}", f"{signs} {draw.word()} {draw.word()}", signs,
    f"{draw.word()}{signs} {draw.plain()}",
                       draw.lines(lambda: f"{draw.rng.choice(EMOJI)} {draw.word()}", 2, 5))  # fmt: skip


def make_kaomoji(draw: Draw) -> str:
    """Make faces of signs and letters."""
    eye = draw.rng.choice("°ಠ•´˘¬ｏ◕õôò^ツøö×益")
    face = draw.one_of(
        r"¯\_(ツ)_/¯", f"(╯{eye}□{eye}）╯︵ ┻━┻", f"({eye}_{eye})", f"({eye}‿{eye})", f"(づ{eye}‿{eye})づ",
        f"ヽ({eye}▽{eye})ノ",
        f"{eye}.{eye}", f"(ง{eye}ل͜{eye})ง", f"( ͡{eye} ͜ʖ ͡{eye})", f"{eye}ω{eye}", f"({eye}∀{eye})",
        f"\\({eye}o{eye})/",
    )  # fmt: skip
    return draw.one_of(face, f"{draw.word()} {draw.plain()} {face}", f"{face} {draw.word()}")


def make_leetspeak(draw: Draw) -> str:
    """Make stylised words: `†ê×†`, `ŤĔХŤ`."""
    tables = (
        ("abcdefilmnorstuxyz", "åß¢Ðêƒ¡£mñø®§†µ×ÿž"),
        ("aeiouycnszd", "äëïöüÿçñšžð"),
        ("aeoun", "ᴀᴇᴏᴜɴ"),
        ("aeiost", "@€!0$+"),
    )
    source, target = draw.rng.choice(tables)
    styled = f"{draw.plain()} {draw.plain()}".translate(str.maketrans(source, target))
    return draw.one_of(styled, draw.prose(styled), f"xX{styled}Xx", styled.upper())
