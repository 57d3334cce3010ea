"""Clean text that looks odd: what a repair must not touch.

Every kind is a generator: alphabets, rows of code tables, units, boxes, phonetics, acronyms and so on. A kind varies in
its letters, its case and what stands around it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random

ALPHABETS = {
    "sv": "åäö", "de": "äöüß", "fr": "àâæçéèêëîïôœùûüÿ", "es": "áéíñóúü", "pt": "ãáâàçéêíõóôú", "it": "àèéìòù",
    "da": "æøå", "et": "õäöüšž", "lv": "āčēģīķļņšūž", "lt": "ąčęėįšųūž", "pl": "ąćęłńóśźż", "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž", "hu": "áéíóöőúüű", "ro": "ăâîșț", "ro-old": "ăâîşţ", "tr": "çğıöşü", "is": "áðéíóúýþæö",
    "hr": "čćđšž", "ca": "àçèéíïòóúü", "vi": "ăâđêôơư", "vi-tones": "ạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
    "cy": "âêîôûŵŷ", "eo": "ĉĝĥĵŝŭ", "sq": "çë", "az": "əğıöşüç", "mt": "ċġħż", "ga": "áéíóú", "haw": "āēīōūʻ",
    "ru": "абвгдежзиклмнопрстуфхцчшщъыьэюя", "ru-odd": "ёъыэщ", "uk": "ґєії", "sr": "ђјљњћџ", "be": "ўёі",
    "mk": "ѓќѕјљњџ",
    "kk": "әғқңөұүһі", "el": "αβγδεζηθικλμνξοπρστυφχψω", "el-tones": "άέήίόύώϊϋΐΰ",
    "he": "אבגדהוזחטיכלמנסעפצקרשת", "ar": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "fa": "پچژگ", "hy": "աբգդեզէըթ",
    "ka": "აბგდევზთ", "th": "กขคงจฉชซ", "hi": "अआइईउऊ", "ko": "ㄱㄴㄷㄹㅁㅏㅑㅓㅕ",
    "ja": "あいうえおかきくけこ", "am": "ሀለሐመ",
}  # fmt: skip
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
SIGNS = "†‡•…‰™®©ªº°²³¹½¼¾µ±×÷¶§¡¿«»–—“”‘’„‹›€£¥¢¦¬¨´¸·¤¯ˆ˜ƒ"
BOXES = "─│┌┐└┘├┤┬┴┼═║╔╗╚╝╠╣╦╩╬█▄▀▌▐░▒▓■□▪▫●○◆◇"
SHADES = "░▒▓█▄▀ "
MATH = "←→↑↓⇒⇔∞≈≠≤≥√∑∏∆∂∫∈∉∅∪∩⊂∀∃∇πΩµλαβγδεθσφψω×÷±·°′″"
IPA = "əɛɔɪʊʃʒθðŋɲʁɹæœøɑɒʌɡʔχɣʎɾˈːˌʰʲ̃"
EMOJI = "😀😂👍❤★☆✓✗✔♥♪♫⚠☕①②③◄►▶◀☺✎➜➤🎉🔥🇫🇷💡📷"
HOMOGLYPHS = dict(zip("ABCEHKMOPTXaceopxyi", "АВСЕНКМОРТХасеорхуі", strict=True))
FULL_WIDTH = {chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)}  # U+FF01 is the full-width !
MISREAD = "â€™ Ã© Ã¼ â€œ â€“ Ð¿ Ã Â Ã± â‚¬ Ã¶ ï¿½ пїЅ Рё Ã¨ Ã¤ æ— â€” Å¡ Ñ‚ Ð˜ ÐŸÑ€Ð¸".split()
CYRILLIC_LATIN = dict(zip(
    "абвгдежзийклмнопрстуфхцчшщыэюяћђљњ",
    "a b v g d e ž z i j k l m n o p r s t u f h c č š šč y è ju ja ć đ lj nj".split(), strict=True,
))  # fmt: skip
ENGLISH = (
    "the of and letter sign used with file note see also chapter value page report price name list type city term code "
    "test form cup hour road water model group music history player season school church river station science"
).split()
BRANDS = (
    "Motor Hagen Rontgen Zeiss Citron Skoda Nestle Kroger Lowen Uber Maxim Bose Krups Bjork Trojan Mago Lancome".split()
)
ACCENTS = {
    "a": "àáâäåãā", "e": "éèêëēę", "i": "íìîïī", "o": "óòôöøōő", "u": "úùûüůű", "n": "ñńň", "c": "çćč", "s": "šśş",
    "z": "žźż", "y": "ýÿ", "l": "łľ", "d": "ďđ", "r": "řŕ", "t": "ťţ", "g": "ğģ",
}  # fmt: skip
OLD_LETTERS = {"s": "ſ", "w": "ƿ", "th": "þ", "dh": "ð", "ae": "æ", "y": "ẏ", "et": "⁊", "oe": "œ", "u": "ů", "a": "aͤ"}
HALF_WIDTH_KANA = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜﾝﾞﾟｰ｡｢｣､･"
HAN = "漢字学大小日月山川水火木金土人心手口目耳東京北南西国語書道茶花龍鳥馬魚愛和平安永中文明"
SCRIPT_WORDS = {
    "Hebrew": "אבגדהוזחטיכלמנסעפצקרשת", "Arabic": "ابتجحدرزسشعفقكلمنهوي", "Thai": "กขคงจชดตทนบปพมยรลวสหอ",
    "Greek": "αβγδεζηθικλμνοπρστυφχψω", "Russian": "абвгдежзиклмнопрстуфхчшыэюя", "Georgian": "აბგდევზთიკლმნოპრსტუ",
    "Armenian": "աբգդեզթիլխծկհձղճմյնշոչպջռսվտրցփքօֆ", "Korean": "가나다라마바사아자차카타파하한국어말",
    "Japanese": "あいうえおかきくけこさしすせそたちつてとなにぬねの", "Chinese": HAN,
}  # fmt: skip


def to_capital(char: str) -> str:
    """Return the capital of a letter; ẞ for ß.

    >>> to_capital("ß"), to_capital("é")
    ('ẞ', 'É')
    """
    upper = "ẞ" if char == "ß" else char.upper()
    return upper if len(upper) == 1 else char


@dataclass(frozen=True)
class Draw:
    """Random choices that the kinds share: words, names, letters of an alphabet, numbers."""

    rng: Random
    words: Sequence[str]
    names: Sequence[str]

    def one_of(self, *choices: str) -> str:
        """Return one of the texts."""
        return self.rng.choice(choices)

    def word(self) -> str:
        """Return a word, sometimes with a capital or in capitals."""
        word = self.rng.choice(self.words)
        return self.one_of(word, word, word, word[:1].upper() + word[1:], word.upper())

    def plain(self) -> str:
        """Return an English word."""
        return self.rng.choice(ENGLISH)

    def name(self) -> str:
        """Return a name."""
        return self.rng.choice(self.names)

    def foreign_name(self) -> str:
        """Return a name with a letter beyond ASCII, if there is one."""
        return self.rng.choice(
            [name for name in self.rng.choices(self.names, k=30) if not name.isascii()] or ["Örsted"]
        )

    def foreign_word(self) -> str:
        """Return a word with a letter beyond ASCII, if there is one."""
        return self.rng.choice([word for word in self.rng.choices(self.words, k=30) if not word.isascii()] or ["café"])

    def number(self, high: int = 99) -> str:
        """Return a number from 1 to `high`."""
        return str(self.rng.randint(1, high))

    def sample(self, chars: str, low: int, high: int) -> str:
        """Return between `low` and `high` characters."""
        return "".join(self.rng.choices(chars, k=self.rng.randint(low, high)))

    def alphabet(self) -> str:
        """Return letters of an alphabet, in its order or not, in small letters or capitals."""
        letters = ALPHABETS[self.rng.choice(list(ALPHABETS))]
        chosen = (
            self.rng.sample(letters, self.rng.randint(2, min(12, len(letters)))) if len(letters) > 2 else list(letters)
        )
        if self.rng.random() < 0.6:
            chosen.sort(key=letters.index)
        return "".join(map(to_capital, chosen) if self.rng.random() < 0.35 else chosen)

    def letter(self) -> str:
        """Return a letter beyond ASCII."""
        letter = self.rng.choice(ALPHABETS[self.rng.choice(list(ALPHABETS))])
        return to_capital(letter) if self.rng.random() < 0.4 else letter

    def latin_letter(self) -> str:
        """Return a Latin letter with an accent, small."""
        return self.rng.choice(self.rng.choice(list(ACCENTS.values())))

    def prose(self, inner: str) -> str:
        """Return the text within some words, or alone."""
        rng = self.rng
        before = " ".join(self.plain() for _ in range(rng.randint(1, 5)))
        after = " ".join(rng.choice(self.words) for _ in range(rng.randint(1, 5)))
        return self.one_of(
            inner, f"{before} {inner}", f"{inner} {after}", f"{before} {inner} {after}",
            f"{before.capitalize()} {inner}, {after}.", f"{after} ({inner})", f"{before}: {inner}",
        )  # fmt: skip

    def lines(self, make: Callable[[], str], low: int, high: int, separator: str = "\n") -> str:
        """Return between `low` and `high` results of a function, one a line."""
        return separator.join(make() for _ in range(self.rng.randint(low, high)))


def separate(draw: Draw, items: Iterable[str]) -> str:
    """Join items as lists are written."""
    return draw.one_of(" ", ", ", "", "/", " / ", " · ", "; ", "-", " | ", "\n", "、", " – ").join(items)


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


def make_fraction(draw: Draw) -> str:
    """Make amounts and recipes with fractions."""
    units = "cup cups tsp tbsp kg lb hours miles in. cm dl EL TL cuillère tazas".split()

    def amount() -> str:
        return f"{draw.one_of('', '', '1', '2', '10')}{draw.rng.choice('½¼¾⅓⅔⅛⅜')} {draw.rng.choice(units)}"

    return draw.one_of(
        draw.prose(amount()), draw.lines(lambda: f"{amount()} {draw.word()}", 2, 6), f"{amount()} – {amount()}",
        f"add {amount()} and {amount()} {draw.word()}", f"{draw.number(12)}½-{draw.plain()} {draw.number()}¾%",
    )  # fmt: skip


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
    """Make tables whose columns are separated by │ or ║."""
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


def make_homoglyph(draw: Draw) -> str:
    """Make Latin words with a Cyrillic letter that looks the same, and the reverse."""
    candidates = [word for word in (draw.word() for _ in range(40)) if any(char in HOMOGLYPHS for char in word)]
    word = draw.rng.choice(candidates or ["Moscow"])
    i = draw.rng.choice([i for i, char in enumerate(word) if char in HOMOGLYPHS] or [0])
    mixed = word[:i] + HOMOGLYPHS.get(word[i], word[i]) + word[i + 1 :]
    return draw.prose(mixed)


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


def make_accented_word(draw: Draw) -> str:
    """Make a word with a letter that it does not have, as neologisms and typos do."""
    word, letter = draw.word(), draw.letter()
    i = draw.rng.randint(0, len(word))
    return draw.prose(draw.one_of(word[:i] + letter + word[i:], word[:i] + letter + word[i + 1 :]))


def make_decomposed(draw: Draw) -> str:
    """Make words whose accents are separate characters."""
    return draw.prose(unicodedata.normalize("NFD", f"{draw.foreign_word()} {draw.foreign_word()}"))


def make_table_of_letters(draw: Draw) -> str:
    """Make correspondences of letters: `ä = ae, ö = oe`."""
    pairs = [(char, draw.one_of(draw.sample("aeiouhsz", 1, 2), draw.letter())) for char in draw.alphabet()[:6]]
    form = draw.one_of("{0} = {1}", "{0} → {1}", "{0}:{1}", "{1} ({0})", "{0} [{1}]", "<{0}> {1}")
    return draw.one_of(", ", "\n", "; ", "  ").join(form.format(*pair) for pair in pairs)


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


GENERATORS: dict[str, Callable[[Draw], str]] = {
    "alphabet-pairs": make_alphabet_pairs, "alphabet-list": make_alphabet_list, "alphabet-prose": make_alphabet_prose,
    "table-row": make_table_row, "table-hex": make_table_hex, "letter-table": make_table_of_letters,
    "signs": make_sign_beside_word,
    "footnotes": make_footnote, "fractions": make_fraction, "trees": make_tree, "boxes": make_box,
    "bar-tables": make_bar_table,
    "ascii-art": make_ascii_art, "units": make_unit, "lone-letters": make_lone_letter, "acronyms": make_acronym,
    "products": make_product,
    "phonetics": make_phonetics, "transliteration": make_transliteration, "romanized": make_romanized,
    "chess": make_chess,
    "music": make_music, "mathematics": make_mathematics, "code": make_code, "emoji": make_emoji,
    "kaomoji": make_kaomoji,
    "homoglyphs": make_homoglyph, "brands": make_brand, "leetspeak": make_leetspeak, "name-lists": make_name_list,
    "prices": make_price,
    "dictionary": make_dictionary, "middle-dots": make_middle_dot, "mojibake-mentioned": make_mention,
    "single-words": make_single_word,
    "greek-prefixes": make_greek_prefix, "coordinates": make_coordinates, "legal": make_legal, "bullets": make_bullets,
    "ordinals": make_ordinal, "trademarks": make_trademark, "bibliographies": make_bibliography,
    "cross-quotes": make_cross_quote,
    "old-spelling": make_old_spelling, "han-in-latin": make_han_in_latin, "script-in-latin": make_script_in_latin,
    "half-width": make_half_width, "full-width": make_full_width, "accented-words": make_accented_word,
    "decomposed": make_decomposed,
    "scores": make_score,
}  # fmt: skip
KINDS = tuple(GENERATORS)


def make_strange(kind: str, rng: Random, words: Sequence[str], names: Sequence[str]) -> str:
    """Return clean text of an odd kind, with at least one character beyond ASCII.

    Args:
        kind: One of `KINDS`.
        rng: The source of randomness.
        words: Words of any languages; some with letters beyond ASCII.
        names: Names of people and places, likewise.
    """
    draw = Draw(rng, words, names)
    while (text := GENERATORS[kind](draw).strip()).isascii():
        continue
    return text
