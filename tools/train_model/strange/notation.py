"""Notations: phonetics, chess, music, mathematics, code."""

from __future__ import annotations

from tools.train_model.strange.draw import Draw

MATH = "←→↑↓⇒⇔∞≈≠≤≥√∑∏∆∂∫∈∉∅∪∩⊂∀∃∇πΩµλαβγδεθσφψω×÷±·°′″"

IPA = "əɛɔɪʊʃʒθðŋɲʁɹæœøɑɒʌɡʔχɣʎɾˈːˌʰʲ̃"

CYRILLIC_LATIN = dict(zip(
    "абвгдежзийклмнопрстуфхцчшщыэюяћђљњ",
    "a b v g d e ž z i j k l m n o p r s t u f h c č š šč y è ju ja ć đ lj nj".split(), strict=True,
))  # fmt: skip


def make_phonetics(draw: Draw) -> str:
    """Make phonetic transcriptions."""
    sounds = draw.sample(IPA + "ptkbdgmnlaeiousz", 2, 10).strip("̃")
    text = draw.one_of(f"/{sounds}/", f"[{sounds}]", f"[ˈ{sounds}]", f"/ˌ{sounds}/", f"({sounds})")
    return draw.one_of(
        f"{draw.name()} {text}", draw.prose(text), f"{draw.word()} (IPA: {text})", f"{text}, /{sounds[::-1]}/"
    )


def make_transliteration(draw: Draw) -> str:
    """Make scholarly spelling of Sanskrit, Arabic, Hebrew and Chinese, and of Cyrillic."""
    consonants, vowels = draw.rng.choice([
        ("k kh g t ṭ d ḍ n ṇ p b m y r l v ś ṣ s h ñ ṅ", "a ā i ī u ū ṛ e ai o"),
        ("b t ṯ ǧ ḥ ḫ d ḏ r z s š ṣ ḍ ṭ ẓ ʿ ġ f q k l m n h w y ʾ", "a ā i ī u ū"),
        ("b g d h v z ḥ ṭ y k l m n s ʿ p ṣ q r š ś t ʾ", "ā ē ī ō ū ə a e i"),
        ("b p m f d t n l g k h j q x zh ch sh r z c s y w", "ā á ǎ à ē é ě è ī í ǐ ì ō ó ǒ ò ū ú ǔ ù ǚ"),
        ("b c č d f g h j k l m n p r s š t v z ž ŝ", "a e ë è i ï o u â û ė"),
    ])  # fmt: skip
    onsets, nuclei = consonants.split(), vowels.split()

    def syllables() -> str:
        return "".join(draw.rng.choice(onsets) + draw.rng.choice(nuclei) for _ in range(draw.rng.randint(1, 4)))

    text = draw.lines(syllables, 1, 4, draw.one_of(" ", " ", "-"))
    return draw.prose(draw.one_of(text, text.capitalize(), f"al-{text.capitalize()}", text.upper()))


def make_romanized(draw: Draw) -> str:
    """Make Cyrillic words in Latin letters with háčeks."""
    letters = list(CYRILLIC_LATIN)
    words = ["".join(CYRILLIC_LATIN[draw.rng.choice(letters)] for _ in range(draw.rng.randint(3, 8))) for _ in range(3)]
    return draw.prose(" ".join(words[: draw.rng.randint(1, 3)]).capitalize())


def make_chess(draw: Draw) -> str:
    """Make moves and pieces of chess, and of card games."""

    def move() -> str:
        piece = draw.one_of("", "♔", "♕", "♖", "♗", "♘", "♞", "D", "S", "Кр")
        return piece + draw.rng.choice("abcdefgh") + draw.number(8) + draw.one_of("", "", "+", "!", "?!", "±", "∓", "#")

    moves = " ".join(f"{i}.{move()} {move()}" for i in range(1, draw.rng.randint(2, 6)))
    return draw.one_of(
        moves,
        f"{moves} ½–½",
        f"{draw.name()} – {draw.name()} ½–½",
        draw.prose(move()),
        f"{moves} 1–0",
        "♠ ♥ ♦ ♣ " + move(),
    )


def make_music(draw: Draw) -> str:
    """Make notes, keys and chords."""

    def chord() -> str:
        return (
            draw.rng.choice("ABCDEFG")
            + draw.one_of("♭", "♯", "♮", "°", "ø7", "Δ7", "♭9")
            + draw.one_of("", "m", "7", "maj7")
        )

    return draw.prose(draw.one_of(
        chord(), draw.lines(chord, 2, 6, " "), f"{chord()} – {chord()}", f"♪ {draw.word()} {draw.word()} ♫",
        f"♩ = {draw.number(200)}",
        f"{chord()} {draw.one_of('major', 'minor', 'dur', 'mineur')}, op. {draw.number()} nº {draw.number()}",
    ))  # fmt: skip


def make_mathematics(draw: Draw) -> str:
    """Make formulas."""
    sign, other, n = draw.rng.choice(MATH), draw.rng.choice(MATH), draw.number()
    return draw.prose(draw.one_of(
        f"{sign} {n}", f"{sign}{other}", f"{n} {sign} {n}", f"x {sign} y", f"{sign} = {n}{other}", "f: ℝ → ℝ, x ↦ x²",
        f"∀x ∈ A: x {sign} {n}", "a² + b² = c²", f"{sign}(x) = √{n}{other}",
        f"Δ{draw.rng.choice('xyzt')} ≈ {n}·10⁻{draw.number(9)}",
        f"∫₀^{n} {sign} dx", f"p ≤ 0.{n}, χ² = {n}", "¬p ∧ q ∨ ¬r", f"α = {n}, β {sign} {n}", f"{n} × {n} ÷ {n}",
    ))  # fmt: skip


def make_code(draw: Draw) -> str:
    """Make code with letters beyond ASCII in names and strings."""
    word, other = draw.foreign_word(), draw.foreign_word()
    return draw.one_of(
        f'print("{word}")', f"{word} = {draw.number()}", f"let {word} = '{other}';", f'{{"{word}": "{other}"}}',
        f"# {word} {other}",
        f"$ echo {word} > {draw.plain()}.txt", f'<{draw.plain()} name="{word}">{other}</{draw.plain()}>',
        f"s/{word}/{other}/g",
        f"WHERE {draw.plain()} = '{word}' OR name LIKE '{other}%'", f"if ({word} != {other}) {{ return «{word}»; }}",
        f"{word}_{other}(x)",
        f"C:\\{word}\\{other}.txt", f"https://example.org/{word}?q={other}",
        f"{draw.plain()}.replace('{draw.letter()}', '{draw.letter()}')",
        f"'{draw.letter()}': '{draw.letter()}', '{draw.letter()}': '{draw.letter()}'", f"[^a-z{draw.alphabet()}]+",
        f"λ {draw.plain()} → {word}",
    )  # fmt: skip


def make_greek_prefix(draw: Draw) -> str:
    """Make Latin words with Greek or Cyrillic symbols: `α-Helix`, `µTorrent`."""
    sign, word = draw.rng.choice("αβγδελμµπσφχψωΓΔΘΛΣΦΨΩЖЯИД"), draw.word()
    return draw.prose(
        draw.one_of(
            f"{sign}-{word}",
            f"{sign}{word}",
            f"{word}-{sign}",
            f"{sign}, {word}",
            f"TNF-{sign}",
            f"{sign}{draw.number()}",
            f"{word}{sign}",
        )
    )
