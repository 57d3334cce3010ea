"""Articles that are damaged in part or as a whole, with the text that is right.

A mixture holds the fields of an article (a title and a body, or a text alone) as they arrive and as they should be.
Where a chain has several steps, undoing only the last is a step in the right direction: those texts are kept, too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from tools.train_model.damage import (
    LOSSY_CODECS,
    Chain,
    Damage,
    apply_chain,
    drop_all_controls,
    list_damages,
    lose,
    spaces_for_hard_spaces,
)
from tools.train_model.phrases import make_hard_spaces, make_phrase
from tools.train_model.texts import CJK_LANGUAGES, UNSPACED_LANGUAGES, capitalize, find_main_script, to_lower, to_upper

Sentences = Mapping[str, Sequence[str]]
MAX_TRIES = 12
MIN_SENTENCES = 12
MIN_TITLE_CHARS, MAX_TITLE_CHARS = 25, 90
MIN_CJK_TITLE_CHARS = 8
MIN_LONG_ARTICLE_SENTENCES = 15
APOSTROPHE = re.compile(r"(?<=[^\W\d_])['’](?=[^\W\d_])")
PUNCTUATION = re.compile("[‘’“”„–—]")
# A no-break space after a word, and before one only.
SPACE_AFTER_WORD, SPACE_BEFORE_WORD = re.compile("(?<=[^ ])\u00a0 ?"), re.compile("(?<= )\u00a0(?=[^ ])")
MIN_PLAIN_WORDS = 6
# The share of lossy texts where only the words that lost something are still damaged.
_REPAIRED_SHARE = 0.25
CLAUSE_END = re.compile(r"[，。、！？：；,.!?:;\s「」『』（）()“”]+")
# A clean word that names the picture, the source or the place before a damaged text.
LABELS = {
    "CYRILLIC": "Фото Россия Источник Москва Видео Автор Київ София Україна Новости".split(),
    "GREEK": "Αθήνα Πηγή Φωτογραφία Ελλάδα Βίντεο".split(),
    "HEBREW": "צילום ישראל מקור וידאו".split(),
    "ARABIC": "مصر المصدر صورة القاهرة بيروت".split(),
    "CJK": "写真 图片 来源 東京 北京 记者".split(),
    "HANGUL": "사진 서울 출처".split(),
    "LATIN": "Photo Foto Source Video Reuters Update TV Interview London".split(),
}


@dataclass(frozen=True)
class Mixture:
    """Fields as they arrive and as they should be, and the texts on the way between them."""

    damaged: tuple[str, ...]
    clean: tuple[str, ...]
    intermediate: tuple[tuple[str, ...], ...]
    form: str


@dataclass(frozen=True)
class Source:
    """Sentences of a language, and the chain that damages them."""

    sentences: Sentences
    damage: Damage
    rng: Random

    def draw(self, language: str | None = None) -> str:
        """Return a sentence of the language of the damage, or of another."""
        return self.rng.choice(self.sentences[language or self.damage.language])

    def draw_many(self, low: int, high: int) -> list[str]:
        """Return between `low` and `high` sentences."""
        return [self.draw() for _ in range(self.rng.randint(low, high))]

    def draw_other_language(self) -> str:
        """Return a language other than that of the damage."""
        return self.rng.choice([language for language in sorted(self.sentences) if language != self.damage.language])


class Undamaged(Exception):
    """The text cannot be damaged in the way asked for, or stays the same."""


# The fields of an article before damage: a string is clean, and in a `Broken` the text goes through the chain.
@dataclass(frozen=True)
class Broken:
    """A part of a field that goes through a chain."""

    text: str
    chain: Chain


Field = list["str | Broken"]


def normalize(text: str) -> str:
    """Return what counts as the same text: NFC, single spaces, no soft hyphens."""
    # str.split() and \s take U+0085 for white space, too, which misread text holds in place of an ellipsis.
    return re.sub("[ \t\n\r\u00a0]+", " ", unicodedata.normalize("NFC", text.replace("\u00ad", ""))).strip(" ")


def break_part(part: str | Broken, steps: int | None = None) -> str:
    """Return the part after all or the first steps of its chain."""
    if isinstance(part, str):
        return part
    text = apply_chain(part.text, part.chain[:steps])
    if text is None or (steps is None and normalize(text) == normalize(part.text)):
        raise Undamaged
    return text


def build(fields: Sequence[Field], form: str) -> Mixture:
    """Return the mixture of the fields: each as it arrives, as it should be, and on the way."""
    parts = [part for field in fields for part in field if isinstance(part, Broken)]
    depth = max(len(part.chain) for part in parts)

    def join(show: Callable[[str | Broken], str]) -> tuple[str, ...]:
        return tuple("".join(map(show, field)) for field in fields)

    return Mixture(
        damaged=join(break_part),
        clean=join(lambda part: part if isinstance(part, str) else part.text),
        intermediate=tuple(join(partial(break_part, steps=steps)) for steps in range(depth - 1, 0, -1)),
        form=form,
    )


# Parts of sentences


def join_sentences(sentences: Sequence[str], language: str) -> str:
    """Return a paragraph of the sentences."""
    return ("" if language in CJK_LANGUAGES - {"ko"} else " ").join(sentences)


def cut_title(source: Source) -> str:
    """Return a headline: a short sentence or the words at the start of a long one."""
    language, rng = source.damage.language, source.rng
    low = MIN_CJK_TITLE_CHARS if language in CJK_LANGUAGES else MIN_TITLE_CHARS
    sentence = source.draw().rstrip(".。")
    if len(sentence) < low:
        raise Undamaged
    limit = rng.randint(low, 40 if language in CJK_LANGUAGES else MAX_TITLE_CHARS)
    if len(sentence) <= limit:
        return sentence
    cut = sentence[: limit + 1]
    return cut[:limit] if language in UNSPACED_LANGUAGES or " " not in cut else cut.rpartition(" ")[0]


def cut_words(sentence: str, language: str, rng: Random) -> str:
    """Return one to four adjacent words that are not all ASCII; without spaces between words, a clause."""
    if language in UNSPACED_LANGUAGES:
        return rng.choice([clause for clause in CLAUSE_END.split(sentence) if 2 <= len(clause) <= 14] or [sentence[:8]])
    words = sentence.split()
    count = rng.randint(1, 4)
    starts = [i for i in range(len(words) - count + 1) if not " ".join(words[i : i + count]).isascii()]
    if not starts:
        raise Undamaged
    start = rng.choice(starts)
    return " ".join(words[start : start + count])


def make_body(source: Source, low: int = 1, high: int = 4) -> str:
    """Return a body of paragraphs of one to four sentences."""
    language = source.damage.language
    paragraphs = [join_sentences(source.draw_many(1, 4), language) for _ in range(source.rng.randint(low, high))]
    return "\n\n".join(paragraphs)


def break_word(sentence: str, source: Source) -> Field:
    """Return the sentence with one word broken."""
    words = sentence.split(" ")
    positions = [i for i, word in enumerate(words) if not word.isascii()]
    if not positions or len(words) < 3:
        raise Undamaged
    i = source.rng.choice(positions)
    before, after = " ".join(words[:i]), " ".join(words[i + 1 :])
    return [before + " " if before else "", source_break(source, words[i]), " " + after if after else ""]


def source_break(source: Source, text: str) -> Broken:
    """Return the text, to go through the chain of the source."""
    return Broken(text, source.damage.chain)


# Forms of damage


def make_whole(source: Source) -> list[Field]:
    """Make an article with a damaged title and body."""
    title = cut_title(source)
    damaged_title: str | Broken = source_break(source, title)
    if title.isascii():
        damaged_title = title
    return [[damaged_title], [source_break(source, make_body(source))]]


def make_alone(source: Source) -> list[Field]:
    """Make one damaged sentence."""
    return [[source_break(source, source.draw())]]


def make_title(source: Source) -> list[Field]:
    """Make a damaged headline without a body."""
    return [[source_break(source, cut_title(source))]]


def make_short(source: Source) -> list[Field]:
    """Make one to four damaged words."""
    return [[source_break(source, cut_words(source.draw(), source.damage.language, source.rng))]]


def make_capitals(source: Source) -> list[Field]:
    """Make a damaged headline or a few damaged words in capitals."""
    text = cut_title(source) if source.rng.random() < 0.5 else make_short_text(source)
    return [[source_break(source, to_upper(text, source.damage.language))]]


def make_short_text(source: Source) -> str:
    """Return one to four words of a sentence."""
    return cut_words(source.draw(), source.damage.language, source.rng)


def make_paragraph(source: Source) -> list[Field]:
    """Make a damaged paragraph between clean ones."""
    return [[source.draw() + "\n\n", source_break(source, source.draw()), "\n\n" + source.draw()]]


def make_line_after(source: Source) -> list[Field]:
    """Make a damaged sentence after a clean one on the same line."""
    return [[source.draw() + " ", source_break(source, source.draw())]]


def make_line_before(source: Source) -> list[Field]:
    """Make a damaged sentence before a clean one on the same line, and a clean paragraph."""
    return [[source_break(source, source.draw()), f" {source.draw()}\n\n{source.draw()}"]]


def make_word(source: Source) -> list[Field]:
    """Make a clean sentence with one damaged word, half the time with a clean paragraph."""
    field = break_word(source.draw(), source)
    return [[*field, "\n\n" + source.draw()] if source.rng.random() < 0.5 else field]


def make_word_in_article(source: Source) -> list[Field]:
    """Make a long clean article with one damaged word."""
    before, after = source.draw_many(3, 9), source.draw_many(3, 9)
    return [[" ".join(before) + "\n\n", *break_word(source.draw(), source), "\n\n" + " ".join(after)]]


def make_title_only(source: Source) -> list[Field]:
    """Make a damaged title over a clean body."""
    return [[source_break(source, cut_title(source))], [make_body(source)]]


def make_body_only(source: Source) -> list[Field]:
    """Make a damaged body under a clean title."""
    return [[cut_title(source)], [source_break(source, make_body(source))]]


def make_sentence_in_article(source: Source) -> list[Field]:
    """Make one damaged sentence in a long clean article."""
    low = MIN_LONG_ARTICLE_SENTENCES // 2 + 1
    before, after = source.draw_many(low, low + 5), source.draw_many(low, low + 5)
    separator = source.rng.choice(["\n\n", "\n", " "])
    language = source.damage.language
    return [
        [
            join_sentences(before, language) + separator,
            source_break(source, source.draw()),
            separator + join_sentences(after, language),
        ]
    ]


def make_two_kinds(source: Source) -> list[Field]:
    """Make two sentences damaged in different ways, and a clean one."""
    others = [
        damage.chain for damage in list_damages()
        if damage.language == source.damage.language and damage.chain != source.damage.chain
    ]  # fmt: skip
    if not others:
        raise Undamaged
    second = Broken(source.draw(), source.rng.choice(others))
    parts: Field = [source_break(source, source.draw()), second, source.draw()]
    source.rng.shuffle(parts)
    separator = source.rng.choice(["\n\n", "\n", " "])
    return [[parts[0], separator, parts[1], separator, parts[2]]]


def make_among_foreign(source: Source) -> list[Field]:
    """Make a damaged sentence between clean ones of another language."""
    language = source.draw_other_language()
    separator = source.rng.choice(["\n\n", "\n", " "])
    text = source.draw() if source.rng.random() < 0.7 else make_short_text(source)
    return [[source.draw(language) + separator, source_break(source, text), separator + source.draw(language)]]


def make_label(source: Source) -> list[Field]:
    """Make a clean label in the script of the language before or after a damaged text."""
    text = source.draw()
    labels = LABELS.get(find_main_script(text)[0])
    if not labels:
        raise Undamaged
    label = source.rng.choice(labels)
    choice = source.rng.random()
    if choice < 0.6:
        return [[label + source.rng.choice([": ", " — ", " | ", ". ", " - "]), source_break(source, text)]]
    if choice < 0.8:
        return [[source_break(source, text), source.rng.choice([f" ({label})", f" / {label}", f" — {label}"])]]
    return [[f"{label} {source.rng.choice(labels)}: ", source_break(source, cut_title(source))]]


def make_signs(source: Source) -> list[Field]:
    """Make phrases with signs: alone, in a sentence of plain words, or in a clean article."""
    rng, choice = source.rng, source.rng.random()
    words = [word for _ in range(4) for word in source.draw().split(" ") if word.isascii() and word.isalpha()]
    if len(words) < MIN_PLAIN_WORDS:
        raise Undamaged
    phrases = [make_phrase(words, rng) for _ in range(rng.choice([1, 1, 1, 2, 2, 3, 5]))]
    if choice < 0.35:
        return [[source_break(source, rng.choice([", ", " ", "\n"]).join(phrases))]]
    for phrase in phrases:
        words.insert(rng.randint(0, len(words)), phrase)
    text = capitalize(" ".join(words), source.damage.language) + rng.choice(["", "."])
    if choice < 0.75:
        return [[source_break(source, text)]]
    clean = [word for word in source.draw_many(2, 6) if word.isascii()]
    if not clean:
        raise Undamaged
    separator = rng.choice(["\n\n", " "])
    return [[separator.join(clean) + separator, source_break(source, text)]]


def make_apostrophes(source: Source) -> list[Field]:
    """Make one to five sentences with apostrophes, quotes or dashes."""
    drawn = [text for text in source.draw_many(20, 40) if PUNCTUATION.search(text)]
    if source.rng.random() < 0.6:
        drawn = [text for text in drawn if PUNCTUATION.sub("", text).isascii()]
    if not drawn:
        raise Undamaged
    return [[source_break(source, " ".join(drawn[: source.rng.randint(1, 5)]))]]


def make_spaced(source: Source) -> list[Field]:
    """Make sentences or some words with no-break spaces."""
    rng = source.rng
    drawn = source.draw_many(2, 12)
    if rng.random() < 0.6:
        drawn = [text for text in drawn if text.isascii()]
    text = make_hard_spaces(" ".join(drawn[:6]), source.damage.language, rng)
    words = text.split(" ")
    places = [i for i, word in enumerate(words) if "\u00a0" in word]
    if not places:
        raise Undamaged
    if rng.random() < 0.4:
        place = rng.choice(places)
        text = " ".join(words[max(0, place - rng.randint(0, 3)) : place + rng.randint(1, 4)])
    return [[source_break(source, text)]]


DAMAGED_FORMS: dict[str, Callable[[Source], list[Field]]] = {
    "whole": make_whole, "alone": make_alone, "title": make_title, "short": make_short, "capitals": make_capitals,
    "paragraph": make_paragraph, "line-after": make_line_after, "line-before": make_line_before, "word": make_word,
    "word-in-article": make_word_in_article, "title-only": make_title_only, "body-only": make_body_only,
    "sentence-in-article": make_sentence_in_article, "two-kinds": make_two_kinds, "among-foreign": make_among_foreign,
    "label": make_label, "signs": make_signs,
}  # fmt: skip
# Forms that lose certain bytes.
LOST_FORMS: dict[str, tuple[Callable[[Source], list[Field]], Callable[[str], str]]] = {
    "lost-quotes": (make_apostrophes, drop_all_controls), "lost-spaces": (make_spaced, spaces_for_hard_spaces),
}  # fmt: skip
# Forms for UTF-8 that was decoded as another charset once.
ONCE_FORMS = ("signs", *LOST_FORMS)
LOSSY_FORMS = ("alone", "title", "short", "line-after", "line-before", "word", "whole", "paragraph")


def is_utf8(damage: Damage) -> bool:
    """Return whether the text was in UTF-8."""
    return damage.chain[0][0] == "utf-8"


def is_lossy(damage: Damage) -> bool:
    """Return whether the damage is of a kind that often loses bytes."""
    return is_utf8(damage) and damage.chain[-1][1] in LOSSY_CODECS


def build_lost(fields: Sequence[Field], form: str, change: Callable[[str], str]) -> Mixture:
    """Return the mixture of the fields where the damaged parts lost certain bytes. No-break spaces count as spaces."""
    changed = False
    damaged, clean = [""] * len(fields), [""] * len(fields)
    for i, field in enumerate(fields):
        for part in field:
            before = break_part(part)
            after = before if isinstance(part, str) else change(before)
            changed |= after != before
            damaged[i] += after
            right = part if isinstance(part, str) else part.text
            # Both texts need the same number of words. A lone lead byte is a word.
            clean[i] += SPACE_BEFORE_WORD.sub("\u00a0 ", SPACE_AFTER_WORD.sub(" ", right))
    if not changed:
        raise Undamaged
    return Mixture(tuple(damaged), tuple(clean), (), form)


def build_lossy(fields: Sequence[Field], rng: Random) -> Mixture:
    """Return the mixture of the fields where the damaged parts also lost something, all in the same way."""
    seed = rng.getrandbits(32)
    if rng.random() < _REPAIRED_SHARE:
        fields = [[piece for part in field for piece in isolate_losses(part, seed)] for field in fields]
    changed = False
    damaged, clean = [""] * len(fields), [""] * len(fields)
    for i, field in enumerate(fields):
        for part in field:
            before = after = break_part(part)
            right = part if isinstance(part, str) else part.text
            if not isinstance(part, str):
                after = lose(before, Random(seed))
                right = follow_case(before, after, right)
                changed |= after != before
            damaged[i] += after
            clean[i] += right
    if not changed or list(map(normalize, damaged)) == list(map(normalize, clean)):
        raise Undamaged
    return Mixture(tuple(damaged), tuple(clean), (), "lossy")


def isolate_losses(part: str | Broken, seed: int) -> Iterator[str | Broken]:
    """Yield a part as another program leaves it that repairs all words but those that lost something."""
    if isinstance(part, str):
        yield part
        return
    for i, word in enumerate(part.text.split(" ")):
        yield " " * (i > 0)
        damaged = apply_chain(word, part.chain)
        is_lost = damaged is not None and damaged != word and lose(damaged, Random(seed)) != damaged
        yield Broken(word, part.chain) if is_lost else word


def follow_case(before: str, after: str, clean: str) -> str:
    """Return the clean text in small letters or capitals if the ASCII letters of the damaged one became so."""
    plain, changed = re.sub("[^A-Za-z]", "", before), re.sub("[^A-Za-z]", "", after)
    if plain != changed == plain.lower():
        return clean.lower()
    return clean.upper() if plain != changed == plain.upper() else clean


def make_mixture(sentences: Sentences, damage: Damage, form: str, rng: Random) -> Mixture | None:
    """Return a damaged article of the form, or None if the sentences cannot be damaged so.

    Args:
        sentences: Clean sentences by language, as `texts.sample_texts` returns them.
        damage: The chain and the language, one of `damage.list_damages`.
        form: One of `DAMAGED_FORMS`, of `LOST_FORMS`, or "lossy".
        rng: The source of randomness.
    """
    may_be_lossy = form == "lossy" or form in LOST_FORMS
    if len(sentences.get(damage.language, ())) < MIN_SENTENCES or (may_be_lossy and not is_lossy(damage)):
        return None
    if form in ONCE_FORMS and not (is_utf8(damage) and len(damage.chain) == 1):
        return None
    source = Source(sentences, damage, rng)
    for _ in range(MAX_TRIES):
        try:
            if form in LOST_FORMS:
                make, change = LOST_FORMS[form]
                return build_lost(make(source), form, change)
            if form != "lossy":
                return build(DAMAGED_FORMS[form](source), form)
            inner = rng.choice(LOSSY_FORMS)
            return build_lossy(DAMAGED_FORMS[inner](source), rng)
        except Undamaged:
            continue
    return None


# Clean forms


def to_ascii_upper(text: str, _language: str) -> str:
    """Return the text with only its ASCII letters in capitals, as old programs do: `FACILITéS`."""
    return re.sub("[a-z]+", lambda match: match[0].upper(), text)


def to_title_case(text: str, language: str) -> str:
    """Return the text with a capital at every word."""
    return " ".join(capitalize(word, language) for word in text.split(" "))


CASES = (to_upper, to_title_case, to_ascii_upper, to_lower)


def make_clean_article(sentences: Sentences, language: str, rng: Random) -> tuple[str, ...]:
    """Make a title and a body of one to four paragraphs."""
    draw = sentences[language]
    paragraphs = [
        join_sentences([rng.choice(draw) for _ in range(rng.randint(1, 4))], language) for _ in range(rng.randint(1, 4))
    ]
    return rng.choice(draw)[: rng.randint(20, MAX_TITLE_CHARS)].strip(), "\n\n".join(paragraphs)


def make_clean_words(sentences: Sentences, language: str, rng: Random) -> tuple[str, ...]:
    """Make one to four words."""
    return (cut_words(rng.choice(sentences[language]), language, rng),)


def make_clean_cut(sentences: Sentences, language: str, rng: Random) -> tuple[str, ...]:
    """Make a sentence that is cut anywhere, half the time with an ellipsis."""
    text = rng.choice(sentences[language])
    return (text[rng.randint(0, 8) : rng.randint(12, 80)].strip() + rng.choice(["", "…", "..."]),)


def make_clean_case(sentences: Sentences, language: str, rng: Random) -> tuple[str, ...]:
    """Make a sentence or some words in capitals, title case or small letters."""
    text = rng.choice(sentences[language])
    if rng.random() < 0.5:
        text = cut_words(text, language, rng)
    return (rng.choice(CASES)(text, language),)


def make_clean_languages(sentences: Sentences, language: str, rng: Random) -> tuple[str, ...]:
    """Make sentences of two languages, on one line or in two paragraphs."""
    other = rng.choice(sorted(sentences))
    lines = [rng.choice(sentences[language]), rng.choice(sentences[other]), rng.choice(sentences[language])]
    return (rng.choice([" ", "\n\n", " / ", "\n"]).join(lines[: rng.randint(2, 3)]),)


def make_clean_quote(sentences: Sentences, language: str, rng: Random) -> tuple[str, ...]:
    """Make a sentence with quoted words of another language."""
    other = rng.choice(sorted(sentences))
    words = rng.choice(sentences[language]).split(" ")
    foreign = cut_words(rng.choice(sentences[other]), other, rng)
    marks = rng.choice(["“”", "«»", "„“", "()", '""', "‘’", "  "])
    words.insert(rng.randint(0, len(words)), f"{marks[0]}{foreign}{marks[1]}".strip())
    return (" ".join(words),)


def make_clean_acute(sentences: Sentences, language: str, rng: Random) -> tuple[str, ...]:
    """Make a sentence with accents for its apostrophes, as some people type them: `l´avis`."""
    text = rng.choice(sentences[language])
    if not APOSTROPHE.search(text):
        raise Undamaged
    return (APOSTROPHE.sub(rng.choice("´´`"), text),)


def make_clean_sentence(sentences: Sentences, language: str, rng: Random) -> tuple[str, ...]:
    """Make one sentence."""
    return (rng.choice(sentences[language]),)


CLEAN_FORMS: dict[str, Callable[[Sentences, str, Random], tuple[str, ...]]] = {
    "clean-article": make_clean_article, "clean-sentence": make_clean_sentence, "clean-words": make_clean_words,
    "clean-cut": make_clean_cut, "clean-case": make_clean_case, "clean-languages": make_clean_languages,
    "clean-quote": make_clean_quote, "clean-acute": make_clean_acute,
}  # fmt: skip


def make_clean(sentences: Sentences, language: str, form: str, rng: Random) -> Mixture | None:
    """Return clean text of the form, which is to stay as it is, or None if there are too few sentences."""
    if len(sentences.get(language, ())) < MIN_SENTENCES:
        return None
    for _ in range(MAX_TRIES):
        try:
            fields = CLEAN_FORMS[form](sentences, language, rng)
        except Undamaged:
            continue
        if any(not field.isascii() for field in fields):
            return Mixture(fields, fields, (), form)
    return None
