"""Trees, boxes, tables and pictures of signs."""

from __future__ import annotations

from tools.train_model.strange.draw import Draw

BOXES = "─│┌┐└┘├┤┬┴┼═║╔╗╚╝╠╣╦╩╬█▄▀▌▐░▒▓■□▪▫●○◆◇"

SHADES = "░▒▓█▄▀ "


def make_tree(draw: Draw) -> str:
    """Make directory trees."""
    branches = ["├── ", "│   ├── ", "└── ", "│   └── ", "│   │   └── ", "    └── ", "├─ ", "│  ", "|-- "]

    def line() -> str:
        return (
            draw.rng.choice(branches)
            + draw.one_of(draw.plain(), draw.word())
            + draw.one_of("", "/", ".py", ".txt", ".md")
        )

    return draw.one_of("", f"{draw.plain()}/\n", ".\n") + draw.lines(line, 1, 7)


def make_box(draw: Draw) -> str:
    """Make frames and lines of box-drawing characters."""
    box, inner, width = draw.rng.choice(BOXES), draw.word(), draw.rng.randint(3, 12)
    return draw.one_of(
        box * width, " ".join(draw.sample(BOXES, 3, 7)), draw.sample(BOXES, 2, 12),
        f"{box} {inner} {draw.rng.choice(BOXES)}",
        f"╔{'═' * width}╗\n║{inner:^{width}}║\n╚{'═' * width}╝",
        f"┌{'─' * width}┐\n│{inner:<{width}}│\n└{'─' * width}┘",
        f"{box * 3} {inner} {box * 3}", f"{inner} ──► {draw.word()}", f"{'═' * width} {inner.upper()} {'═' * width}",
    )  # fmt: skip


def make_bar_table(draw: Draw) -> str:
    """Make tables with the column separators │ or ║."""
    bar = draw.one_of("│", "║", "┃", "¦", "|")

    def row() -> str:
        cells = [
            draw.one_of(draw.word(), draw.number(9999), draw.foreign_word(), "—") for _ in range(draw.rng.randint(2, 4))
        ]
        return f"{bar} " + f" {bar} ".join(cells) + f" {bar}"

    return draw.lines(row, 1, 4)


def make_ascii_art(draw: Draw) -> str:
    """Make bars and pictures of shades."""
    width = draw.rng.randint(4, 14)
    filled = draw.rng.randint(0, width)
    return draw.one_of(
        draw.lines(lambda: draw.sample(SHADES, 4, 20), 1, 4),
        f"{'█' * filled}{'░' * (width - filled)} {draw.number()}%",
        f"[{'▓' * filled}{'▒' * (width - filled)}] {draw.word()}", "▁▂▃▄▅▆▇█"[: max(3, filled)], "■■■□□ " + draw.word(),
        f"°º¤ø,¸¸,ø¤º°`°º¤ø {draw.word()} ø¤º°`", f"·.¸¸.·´¯`·.¸ {draw.word()} ¸.·´¯`·.",
        f"«·´`·.(*·.¸ {draw.word()} ¸.·*´)·´`·»",
    )  # fmt: skip
