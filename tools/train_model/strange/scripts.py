"""Letters of one script in text of another, and other widths of letters."""

from __future__ import annotations

from tools.train_model.strange.draw import Draw

HOMOGLYPHS = dict(zip("ABCEHKMOPTXaceopxyi", "АВСЕНКМОРТХасеорхуі", strict=True))

FULL_WIDTH = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}  # U+FF01 is the full-width !

HALF_WIDTH_KANA = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟｰ｡｢｣､･"

HAN = "漢字学大小日月山川水火木金土人心手口目耳東京北南西国語書道茶花龍鳥馬魚愛和平安永中文明"

SCRIPT_WORDS = {
    "Hebrew": "אבגדהוזחטיכלמנסעפצקרשת", "Arabic": "ابتجحدرزسشعفقكلمنهوي", "Thai": "กขคงจชดตทนบปพมยรลวสหอ",
    "Greek": "αβγδεζηθικλμνοπρστυφχψω", "Russian": "абвгдежзиклмнопрстуфхчшыэюя", "Georgian": "აბგდევზთიკლმნოპრსტუ",
    "Armenian": "աբգդեզթիլխծկհձղճմյնշոչպջռսվտրցփքօֆ", "Korean": "가나다라마바사아자차카타파하한국어말",
    "Japanese": "あいうえおかきくけこさしすせそたちつてとなにぬねの", "Chinese": HAN,
}  # fmt: skip


def make_homoglyph(draw: Draw) -> str:
    """Make Latin words with a Cyrillic letter that looks the same, and the reverse."""
    candidates = [word for word in (draw.word() for _ in range(40)) if any(char in HOMOGLYPHS for char in word)]
    word = draw.rng.choice(candidates or ["Moscow"])
    i = draw.rng.choice([i for i, char in enumerate(word) if char in HOMOGLYPHS] or [0])
    mixed = word[:i] + HOMOGLYPHS.get(word[i], word[i]) + word[i + 1 :]
    return draw.prose(mixed)


def make_han_in_latin(draw: Draw) -> str:
    """Make a sentence that explains characters of Chinese or Japanese."""
    han, more = draw.rng.choice(HAN), draw.sample(HAN, 1, 4)
    return draw.prose(draw.one_of(
        f"the kanji {han} means {draw.plain()}", f"{draw.name()} ({more})", f"“{han}” ({draw.plain()})",
        f"{han}, {draw.rng.choice(HAN)} and {draw.rng.choice(HAN)}",
        f"{more} {draw.plain()}", f"{han}{draw.plain()}", f"{draw.word()} {han}", f"{more}（{draw.plain()}）",
    ))  # fmt: skip


def make_script_in_latin(draw: Draw) -> str:
    """Make a sentence with words of another script, as encyclopaedias have them."""
    language = draw.rng.choice(list(SCRIPT_WORDS))
    word, other = draw.sample(SCRIPT_WORDS[language], 1, 8), draw.sample(SCRIPT_WORDS[language], 2, 8)
    return draw.prose(draw.one_of(
        f"{draw.name()} ({language}: {word})", f"{language} {word} ‘{draw.plain()}’", f"{word} {other}",
        f"{draw.foreign_name()}, {word}", f"{word} – {draw.foreign_word()}",
        f"“{word}”", f"{word}/{other}", f"{draw.word()} {word}", word.upper(),
        f"{draw.name()} ({language}: {word} {other}; {draw.foreign_word()})",
    ))  # fmt: skip


def make_half_width(draw: Draw) -> str:
    """Make half-width katakana."""
    return draw.prose(
        draw.one_of(
            draw.sample(HALF_WIDTH_KANA, 2, 10),
            f"{draw.sample(HALF_WIDTH_KANA, 2, 6)} {draw.sample(HALF_WIDTH_KANA, 2, 6)}",
            f"{draw.sample(HALF_WIDTH_KANA, 1, 4)}{draw.number()}",
        )
    )


def make_full_width(draw: Draw) -> str:
    """Make full-width Latin letters and digits."""
    text = draw.one_of(
        draw.plain(),
        draw.plain().upper(),
        f"{draw.plain().capitalize()} {draw.number()}",
        f"({draw.plain()})",
        draw.number(9999),
    )
    return draw.prose("".join(FULL_WIDTH.get(char, char) for char in text))
