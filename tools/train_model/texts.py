"""Clean sentences of many languages, from installed packages.

Half of the sentences are real: messages that people translated for the programs in `MESSAGE_PACKAGES`. Messages are
short and on few subjects, so the other half is made: words drawn by frequency, with rare words, names, numbers, dates
and the quotation marks of the language. Such sentences mean nothing, but their letters and words are real.
"""

from __future__ import annotations

import html
import re
import struct
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from itertools import accumulate, islice
from pathlib import Path
from random import Random

import faker
import wordfreq
from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal
from faker.config import AVAILABLE_LOCALES
from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

MESSAGE_PACKAGES = (
    "django wagtail django-oscar plone.app.locales gramps weblate picard deluge pretix django-allauth "
    "nicotine-plus mailman"
).split()
NAME_PACKAGE = "pycountry"  # names of countries, their parts, languages and currencies

# Locales that are written in another script than their language usually is, or under an old or longer code.
SCRIPT_SUFFIXES = {"latn": "Latn", "latin": "Latn", "ijekavianlatin": "Latn", "iqtelif": "Latn", "hant": "Hant"}
TRADITIONAL_REGIONS = frozenset({"tw", "hk"})
LANGUAGE_CODES = {
    "no": "nb", "iw": "he", "in": "id", "tl": "fil", "cmn": "zh", "kmr": "ku",
    "mo": "ro", "sh": "sr-Latn", "fu": "fur"}  # fmt: skip
# Constructed and ancient languages; "ab" holds Turkish, and "my" is in the charset of an old font.
EXCLUDED_CODES = frozenset("tlh qpv enm ang peo gez ota akk tok jam ab my".split())

# Languages with messages in more than one script.
SCRIPTS = {"kk": "CYRILLIC", "sr": "CYRILLIC", "sr-Latn": "LATIN"}

MIN_CHARS = 12
MIN_CJK_CHARS = 4
MAX_CHARS = 400
MIN_LETTER_SHARE = 0.6  # of the characters without white space
MIN_SCRIPT_SHARE = 0.8  # of the letters
MAX_LEXICON_WORDS = 200_000
MAX_RARE_WORDS = 20_000
MAX_NAMES = 1_500

PLACEHOLDER = re.compile(
    r"%\([^)]*\)[-#0-9.]*[a-zA-Z]|%[-0-9.]*[sdifrxu](?![^\W\d_])|%\d+\$?[sd]?|\$\{[^}]*\}|\{\{.*?\}\}|\{%.*?%\}|\{[^{}]*\}"
    r"|&amp;[a-z]+;",
)
TAG = re.compile(r"</?[A-Za-z][^<>]*>|\[/?[a-z]+\]")
ACCELERATOR = re.compile(r"\(\s*[_&][A-Za-z]\s*\)|(?<!\w)[_&](?=\w)|(?<=\w)&(?=\w)")
ESCAPE = re.compile(r"\\[nrt\"'\\]|[\x00-\x08\x0b-\x1f\x7f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\ufeff]")
CODE = re.compile(
    r"https?:|www\.|\w@\w|[\w.]+/[\w.]+/|\w_\w|\w\(\)|--\w|[{}<>|\\=`~^]|[*_#]{2}|\.(?:py|html?|css|js|json|xml|po)\b"
)
DAMAGE = re.compile(r"[\ufffd\x80-\x9f\ue000-\uf8ff]|[ÃÂÐÑ][^\w\s.,]|â€|ï[¿»]|[РС][ЃѓЉЊЌЎўџ°±]|пїЅ|ďż|тА")
# Letters that only a misread charset puts into a language.
FOREIGN_LETTERS = {
    "tr": re.compile("[ðýþÐÝÞ]"),
    "az": re.compile("[ðýþÐÝÞ]"),
    "hu": re.compile("[õûôÕÛÔ]"),
    "ro": re.compile("[ºþªÞãÃ]"),
    "pl": re.compile("[³¹ê¿æñ]"),
    "cs": re.compile("[ìøùèò]"),
}
# Charsets of the time before Unicode lack these letters: texts of that time have others in their place.
OLD_LETTERS = {
    "ro": str.maketrans("șțȘȚ", "şţŞŢ"),
    "fa": str.maketrans("یک", "يك"),
    "ur": str.maketrans("یک", "يك"),
}

CJK_LANGUAGES = frozenset({"zh", "zh-Hant", "ja", "ko", "yue-Hant", "lzh"})
UNSPACED_LANGUAGES = frozenset({"zh", "zh-Hant", "yue-Hant", "lzh", "ja", "th", "km", "lo", "my", "bo", "dz"})
QUOTES = {
    "“”": "en pt es ko vi id ms tl fil hi bn ta nl ga cy af sw tr eo uk zh ur",
    "„“": "de cs sk sl bg lt lv is et mk sr sr-Latn ka lb hsb dsb sq",
    "„”": "pl hu ro hr nl bs he",
    "«»": "fr it es pt ru uk be el ar fa hy nb nn ca gl eu tr az kk lv et ky",
    "»«": "da de sl sk hr",
    "””": "sv fi",
    "「」": "ja zh-Hant",
    "『』": "ja",
    '""': "en de fr es it pt nl ru pl tr he ar fi sv da nb cs hu ro el uk bg hr sl sk",
}  # fmt: skip
ENDINGS = {
    "zh": "。。。！？", "zh-Hant": "。。。！？", "ja": "。。。！？", "ar": "..؟!", "fa": "..؟!", "ur": "۔۔؟!",
    "hi": "।।?!", "bn": "।।?!", "mr": ".।?!", "ne": "।।?!", "hy": "։։", "el": "..;!", "am": "።።",
}  # fmt: skip
COMMAS = {"zh": "，", "zh-Hant": "，", "ja": "、", "ar": "،", "fa": "،", "ur": "،", "am": "፣"}
# Clitics that end with an apostrophe before a vowel, and those that follow a word.
ELISIONS = {
    "fr": "l d qu n s j c m".split(),
    "it": "l dell all un nell dall quest".split(),
    "ca": "l d s n".split(),
    "ga": "d m".split(),
    "lb": "d".split(),
}
SUFFIXES = {"en": "s s s re ll ve".split(), "nl": "s".split(), "tr": "da ın de nin".split(), "af": "s".split()}
VOWELS = frozenset("aeiouyhâàäáéèêëîïíôöóûüúœ")
NAME_LANGUAGES = "cs da de en es et fi fr hr hu is it lt lv nb nl pl pt ro sk sl sv tr".split()
SIGN_SHARE = 0.08
SIGNS = "😀 😂 👍 🎉 🔥 ❤️ ♥ ★ ☺️ ✓ ✔ → ← • · … ™ ® © € £ ° ± × ½ § “” «» ‘’ – — 🇫🇷 👩‍💻 ☀️ ▶ ■ № ¿ ¡ ² ³ µ"
FOREIGN_NAME_SHARE = 0.15
NOUN_CAPITALS = {"de": 0.35, "lb": 0.3}  # share of words with a capital


@dataclass(frozen=True)
class Lexicon:
    """Words of a language with cumulative frequencies, and words that occur too rarely to be counted."""

    words: tuple[str, ...]
    cumulative: tuple[float, ...]
    rare: tuple[str, ...]


@cache
def script_of(char: str) -> str:
    """Return the script of a letter as its Unicode name states it; Han and kana are CJK."""
    name = unicodedata.name(char, "").partition(" ")[0].partition("-")[0]
    return "CJK" if name in {"HIRAGANA", "KATAKANA", "IDEOGRAPHIC", "BOPOMOFO"} else name


def find_main_script(text: str) -> tuple[str, float]:
    """Return the script of most letters and its share of them."""
    counts = Counter(script_of(char) for char in text if char.isalpha())
    if not counts:
        return "", 0.0
    script, count = counts.most_common(1)[0]
    return script, count / counts.total()


def capitalize(word: str, language: str) -> str:
    """Return the word with a capital first, with the dotted İ of Turkish and Azerbaijani."""
    return to_upper(word[:1], language) + word[1:]


def to_upper(text: str, language: str) -> str:
    """Return the text in capitals, with the dotted İ of Turkish and Azerbaijani."""
    return (text.replace("i", "İ") if language in {"tr", "az"} else text).upper()


def to_lower(text: str, language: str) -> str:
    """Return the text in small letters, with the dotless ı of Turkish and Azerbaijani."""
    if language in {"tr", "az"}:
        text = text.replace("I", "ı").replace("İ", "i")
    return text.lower()


# Messages


def to_language(locale: str) -> str:
    """Convert the name of a folder of messages, such as sr@latin or zh_TW, to a language tag.

    >>> [to_language(name) for name in ("pt_BR", "sr@latin", "zh_TW", "zh_Hans", "no")]
    ['pt', 'sr-Latn', 'zh-Hant', 'zh', 'nb']
    """
    code, *rest = re.split(r"[_@.\-]", locale)
    code = LANGUAGE_CODES.get(code, code)
    for part in rest:
        if part.lower() in SCRIPT_SUFFIXES:
            return f"{code}-{SCRIPT_SUFFIXES[part.lower()]}"
        if code == "zh" and part.lower() in TRADITIONAL_REGIONS:
            return "zh-Hant"
    return code


def parse_catalog(data: bytes) -> Iterator[tuple[str, str]]:
    """Yield the messages of a compiled gettext catalog (.mo) with their translations, plural forms apart."""
    if len(data) < 28:
        return
    order = "<" if data[:4] == b"\xde\x12\x04\x95" else ">"
    _, _, count, ids, translations = struct.unpack_from(f"{order}5I", data)
    for i in range(count):
        length, start = struct.unpack_from(f"{order}2I", data, ids + 8 * i)
        message = data[start : start + length].decode("utf-8", "ignore").rpartition("\x04")[2]
        length, start = struct.unpack_from(f"{order}2I", data, translations + 8 * i)
        for form in data[start : start + length].split(b"\0"):
            try:
                yield message.partition("\0")[0], form.decode("utf-8")
            except UnicodeDecodeError:
                return


def list_catalogs(package: str) -> list[tuple[str, Path]]:
    """Return the compiled catalogs of a package with their locales, in order."""
    try:
        files = distribution(package).files or []
    except PackageNotFoundError:
        sys.stderr.write(f"texts: {package} is not installed\n")
        return []
    found = [path for path in files if path.suffix == ".mo" and len(path.parts) > 2 and path.parts[-2] == "LC_MESSAGES"]
    return sorted((path.parts[-3], Path(str(path.locate()))) for path in found)


def clean_message(message: str) -> list[str]:
    """Return the lines of a message without tags, references, accelerators, escapes and placeholders."""
    text = html.unescape(html.unescape(TAG.sub(" ", message)))
    text = ESCAPE.sub(" ", TAG.sub(" ", text).replace("\\n", "\n"))
    lines = [ACCELERATOR.sub("", PLACEHOLDER.sub(" ", line)) for line in text.splitlines()]
    return [clean_spaces(line) for line in lines]


def clean_spaces(line: str) -> str:
    """Return the line in NFC with single spaces, without the rest of a removed placeholder."""
    line = re.sub(r"([(\[«„“「\"'])\s*([)\]»”“」\"'])", " ", line)
    line = re.sub(r"[ \t\n\r]+", " ", unicodedata.normalize("NFC", line))
    line = re.sub(r" ([.,，。、)\]])", r"\1", line)
    return line.strip(" -*•:,;")


def is_sentence(line: str, language: str) -> bool:
    """Return whether a line is natural language, long enough, of one script and not damaged."""
    bare = "".join(line.split())
    if not (MIN_CJK_CHARS if language in CJK_LANGUAGES else MIN_CHARS) <= len(line) <= MAX_CHARS:
        return False
    letters = sum(char.isalpha() or unicodedata.category(char)[0] == "M" for char in bare)
    if letters < MIN_LETTER_SHARE * len(bare) or CODE.search(line) or DAMAGE.search(line):
        return False
    return not ((foreign := FOREIGN_LETTERS.get(language)) and foreign.search(line))


def keep_main_script(lines: Iterable[str], language: str) -> list[str]:
    """Return the lines in the script of the language, or of most lines, that have few words in another."""
    scripts = {line: find_main_script(line) for line in lines}
    usual = SCRIPTS.get(language) or Counter(script for script, _ in scripts.values()).most_common(1)[0][0]
    return [line for line, (script, share) in scripts.items() if script == usual and share >= MIN_SCRIPT_SHARE]


@lru_cache(maxsize=1)
def read_sentences() -> dict[str, list[str]]:
    """Return real sentences by language, from the messages of the packages; English from the messages themselves."""
    lines: dict[str, dict[str, None]] = {"en": {}}
    for package in MESSAGE_PACKAGES:
        for locale, path in list_catalogs(package):
            language = to_language(locale)
            if language in EXCLUDED_CODES:
                continue
            for message, translation in parse_catalog(path.read_bytes()):
                if message and " " in message:
                    lines["en"].setdefault(message)
                if message and language != "en" and translation != message:
                    lines.setdefault(language, {}).setdefault(translation)
    english = set(select_sentences(lines["en"], "en"))
    sentences = {"en": sorted(english)}
    for language in sorted(lines.keys() - {"en"}):
        selected = [line for line in select_sentences(lines[language], language) if line not in english]
        if selected:
            sentences[language] = sorted(selected)
    return sentences


def select_sentences(messages: Iterable[str], language: str) -> list[str]:
    """Return the different lines of the messages that are sentences of the language."""
    cleaned = dict.fromkeys(line for message in messages for line in clean_message(message))
    sentences = [line for line in cleaned if is_sentence(line, language)]
    return keep_main_script(sentences, language) if sentences else []


# Words and names


@cache
def read_lexicon(language: str) -> Lexicon:
    """Return the words of a language: from wordfreq where it has them, else from the messages."""
    real = read_sentences().get(language, [])
    script = find_main_script(" ".join(real[:500]))[0] or "LATIN"
    counts = read_frequencies(language)
    if not counts and language not in UNSPACED_LANGUAGES:
        words = (word.strip(".,:;!?()\"'«»„“”…") for line in real for word in line.split())
        counts = dict(Counter(to_lower(word, language) for word in words))
    chosen = {word: count for word, count in counts.items() if is_word(word, script)}
    rare = [word for word in list_forms(language) if is_word(word, script)]
    rare = rare or list(chosen)[-MAX_RARE_WORDS:]
    return Lexicon(tuple(chosen), tuple(accumulate(chosen.values())), tuple(rare))


def read_frequencies(language: str) -> dict[str, float]:
    """Return the most frequent words of wordfreq; an empty table if it does not know the language."""
    code = {"sr-Latn": "sh", "hr": "sh", "bs": "sh"}.get(language, language)
    if code not in wordfreq.available_languages("best") or language in {"sr", "zh-Hant"}:
        return {}
    words = islice(wordfreq.get_frequency_dict(code, wordlist="best").items(), MAX_LEXICON_WORDS)
    if language == "el":  # wordfreq folds the final sigma
        return {re.sub("σ$", "ς", word): frequency for word, frequency in words}
    if language == "de":  # and ß
        eszett = {
            form.replace("ß", "ss"): form for form in DefaultDictionaryFactory().get_dictionary("de") if "ß" in form
        }
        return {eszett.get(word, word): frequency for word, frequency in words}
    return dict(words)


def is_word(word: str, script: str) -> bool:
    """Return whether a word consists of letters and marks of one script."""
    return bool(word) and all(
        (script_of(char) == script if char.isalpha() else unicodedata.category(char)[0] == "M" or char in "'’-")
        for char in word
    )


def list_forms(language: str) -> list[str]:
    """Return word forms of simplemma's dictionary, evenly spread over it."""
    code = {"sr-Latn": "hbs", "hr": "hbs", "bs": "hbs", "fil": "tl"}.get(language, language)
    try:
        forms = DefaultDictionaryFactory().get_dictionary(code)
    except ValueError:
        return []
    step = max(1, len(forms) // MAX_RARE_WORDS)
    return [unicodedata.normalize("NFC", form) for form in islice(forms, 0, None, step) if len(form) > 3]


@cache
def read_names(language: str) -> tuple[str, ...]:
    """Return names of people, places, streets, companies and professions, as Faker and pycountry have them."""
    script = find_main_script(" ".join(read_sentences().get(language, [])[:500]))[0]
    names = dict.fromkeys([*list_invented_names(language), *list_place_names(language)])
    kept = [name for name in names if find_main_script(name)[0] == script and not DAMAGE.search(name)]
    return tuple(kept)


def list_invented_names(language: str) -> list[str]:
    """Return names that Faker makes for the locales of a language."""
    locales = [locale for locale in AVAILABLE_LOCALES if to_language(locale) == language]
    if not locales:
        return []
    per_kind = max(20, MAX_NAMES // (7 * len(locales)))
    names: list[str] = []
    for locale in locales:
        fake = faker.Faker(locale)
        fake.seed_instance(20261129)
        kinds: list[Callable[[], str]] = [
            getattr(fake, kind) for kind in "name first_name last_name city street_name company job".split()
            if hasattr(fake, kind)
        ]  # fmt: skip
        names += [" ".join(kind().split()) for kind in kinds for _ in range(per_kind)]
    return [unicodedata.normalize("NFC", name) for name in names]


@lru_cache(maxsize=1)
def read_place_names() -> dict[str, list[str]]:
    """Return the short messages of pycountry by language."""
    names: dict[str, list[str]] = {}
    for locale, path in list_catalogs(NAME_PACKAGE):
        found = [name for message, name in parse_catalog(path.read_bytes()) if message and name != message]
        names.setdefault(to_language(locale), []).extend(name for name in found if len(name) < 40)
    return names


def list_place_names(language: str) -> list[str]:
    """Return names of countries, their parts, languages and currencies, evenly spread."""
    names = sorted({unicodedata.normalize("NFC", name) for name in read_place_names().get(language, [])})
    return names[:: max(1, len(names) // MAX_NAMES)]


# Made sentences


def make_sentences(language: str, rng: Random, count: int = 1) -> list[str]:
    """Return sentences of 6 to 25 words drawn by frequency, or an empty list without words of the language."""
    if language in UNSPACED_LANGUAGES and not read_lexicon(language).words:
        return [join_clauses(language, rng) for _ in range(count) if read_sentences().get(language)]
    if not read_lexicon(language).words:
        return []
    return [make_sentence(language, rng) for _ in range(count)]


def make_sentence(language: str, rng: Random) -> str:
    """Return one sentence of drawn words."""
    tokens = [draw_token(language, rng) for _ in range(rng.randint(6, 25))]
    if rng.random() < 0.3:
        quote(tokens, language, rng)
    for i in range(1, len(tokens) - 1):
        if rng.random() < 0.08:
            tokens[i] += COMMAS.get(language, ",")
    space = "" if language in UNSPACED_LANGUAGES else " "
    if space and rng.random() < 0.2:
        tokens.insert(rng.randint(2, len(tokens) - 1), rng.choice("–—–"))
    text = capitalize(space.join(tokens), language) + rng.choice(ENDINGS.get(language, "...!?"))
    return unicodedata.normalize("NFC", vary_letters(text, language, rng))


def join_clauses(language: str, rng: Random) -> str:
    """Return a sentence of two or three clauses from the messages of a language without spaces between words."""
    real = read_sentences()[language]
    clauses = [re.split(r"[ ，。、！？：,.]", rng.choice(real))[0] for _ in range(rng.randint(2, 3))]
    if rng.random() < 0.4 and (names := read_names(language)):
        clauses.insert(1, rng.choice(names))
    return COMMAS.get(language, " ").join(filter(None, clauses)) + rng.choice(ENDINGS.get(language, " "))


def draw_token(language: str, rng: Random) -> str:
    """Return a word by frequency, or sometimes a rare word, a name, a number or a date."""
    lexicon, choice = read_lexicon(language), rng.random()
    if choice < 0.03:
        return format_number(language, rng)
    if choice < 0.10 and (names := read_names(draw_name_language(language, rng))):
        return rng.choice(names)
    if choice < 0.24:
        word = rng.choice(lexicon.rare)
    elif choice < 0.34:
        word = rng.choice(lexicon.words)
    else:
        word = rng.choices(lexicon.words, cum_weights=lexicon.cumulative)[0]
    return decorate(word, language, rng)


def draw_name_language(language: str, rng: Random) -> str:
    """Return the language, or sometimes another that is written in Latin letters if this one is."""
    if language in NAME_LANGUAGES and rng.random() < FOREIGN_NAME_SHARE:
        return rng.choice(NAME_LANGUAGES)
    return language


def decorate(word: str, language: str, rng: Random) -> str:
    """Return the word with the apostrophes and capitals of the language."""
    apostrophe = "’" if rng.random() < 0.8 else "'"
    word = word.replace("'", apostrophe)
    if rng.random() < NOUN_CAPITALS.get(language, 0.03):
        word = capitalize(word, language)
    if language in ELISIONS and word[0] in VOWELS and rng.random() < 0.4:
        return rng.choice(ELISIONS[language]) + apostrophe + word
    if language in SUFFIXES and len(word) > 3 and "’" not in word and rng.random() < 0.08:
        return word + apostrophe + rng.choice(SUFFIXES[language])
    return word


def quote(tokens: list[str], language: str, rng: Random) -> None:
    """Put one to five of the tokens in quotation marks of the language."""
    pairs = [marks for marks, languages in QUOTES.items() if language in languages.split()] or ["“”", '""']
    marks = rng.choice(pairs)
    start = rng.randrange(len(tokens) - 1)
    end = min(len(tokens) - 1, start + rng.randint(0, 4))
    inner = "\u00a0" if language == "fr" and marks == "«»" and rng.random() < 0.7 else ""
    tokens[start] = marks[0] + inner + tokens[start]
    tokens[end] += inner + marks[1]


def format_number(language: str, rng: Random) -> str:
    """Return a number, an amount, a percentage or a date as the language writes it."""
    number = rng.choice([rng.randint(2, 99), rng.randint(100, 99_999), rng.randint(1, 999) / 10])
    try:
        locale = Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return str(number)
    if rng.random() < 0.4:
        day = date(rng.randint(1900, 2026), rng.randint(1, 12), rng.randint(1, 28))
        text: str = format_date(day, rng.choice(["long", "full", "medium"]), locale=locale)
    else:
        text = format_decimal(number, locale=locale) + rng.choice(["", "", "", "%", "\u00a0%", " €", " km", "\u00a0€"])
    return text.replace("\u202f", "\u00a0" if rng.random() < 0.5 else " ")


def vary_letters(text: str, language: str, rng: Random) -> str:
    """Return the text, a third of the time with the letters that old charsets had."""
    table = OLD_LETTERS.get(language)
    return text.translate(table) if table and rng.random() < 1 / 3 else text


def set_quotes(text: str, language: str, rng: Random) -> str:
    """Return a message with the typographic apostrophes, quotation marks and dashes of the language."""
    if '"' not in text and "'" not in text and " - " not in text:
        return text
    pairs = [marks for marks, languages in QUOTES.items() if language in languages.split() and marks != '""']
    marks = rng.choice(pairs or ["“”"])
    text = re.sub(r'"([^"]*)"', lambda match: f"{marks[0]}{match[1]}{marks[1]}", text)
    text = re.sub(r"(?<=[^\W\d_])'(?=[^\W\d_])", "’", text)
    return text.replace(" - ", f" {rng.choice('–—')} ")


def add_sign(line: str, rng: Random) -> str:
    """Return the sentence with an emoji or a sign before, after or within it."""
    sign = rng.choice(SIGNS.split())
    place = rng.randrange(4)
    if place == 0:
        return f"{sign} {line}"
    if place == 1:
        words = line.split(" ")
        words.insert(rng.randint(0, len(words)), sign)
        return " ".join(words)
    return f"{line} {sign}" if place == 2 else f"{line}{sign}"


def sample_texts(rng: Random, size: int = 600) -> dict[str, list[str]]:
    """Return up to `size` sentences a language, half of them real and half made, in random order."""
    samples: dict[str, list[str]] = {}
    for language, real in read_sentences().items():
        chosen = rng.sample(real, min(len(real), size // 2))
        chosen = [set_quotes(line, language, rng) if rng.random() < 0.6 else line for line in chosen]
        chosen = [vary_letters(line, language, rng) for line in chosen]
        # A language with few messages has few words for sentences.
        chosen += make_sentences(language, rng, min(size // 2, 4 * len(real)))
        chosen = [add_sign(line, rng) if rng.random() < SIGN_SHARE else line for line in chosen]
        rng.shuffle(chosen)
        samples[language] = chosen
    return samples
