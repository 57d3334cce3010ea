"""Tags: split, stripped and deduplicated, in their first spelling.

Tags are sent as a list, or as one string with one of many separators.

* Semicolons, bars and line breaks always separate.
* A comma may be part of a tag (`Paris, Texas`), so commas separate only if the result is a single tag otherwise. They
  never split a number (`10,000 steps`) or a suffix (`Washington, D.C.`, `Sammy Davis, Jr.`).

Hash signs, quotes around a tag, a label before it and a full stop after it are removed. Words and letter case stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import regex

from copydesk.transforms.folding import fold_case

# A longer string is not a tag: only its blanks are stripped.
_MAX_TAG_CHARS = 200

_SEPARATOR = regex.compile(r"[;|；｜؛\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# Suffixes of names that are not a tag alone, unlike `U.S.`: states, generations, degrees, kinds of companies.
_SUFFIX = (
    r"(?:D\.\s?C|N\.\s?[YJHMCD]|S\.\s?[CD]|R\.\s?I|W\.\s?Va|B\.\s?C|Jr|Sr|Ph\.\s?D|M\.\s?D|Esq|Inc|Ltd|Corp)\.|"
    r"Jr|PhD|Inc|Ltd|LLC|(?<=Washington,\s*)DC"
)
_COMMA_SEPARATOR = regex.compile(rf"(?!,\s*+(?:{_SUFFIX})\s*+(?:[,、，،]|$))(?:[、，،]|,(?!\d{{3}}(?!\d))|(?<!\d),)")
_LABELS = (
    "tags?|key ?words?|topics|related topics|filed under|schlag(?:worte|wörter|wort)|stich(?:worte|wörter)|themen|"
    "mots[- ]cl[ée]s|étiquettes|etiquetas|palabras clave|palavras[- ]chave|temas|paraules clau|parole chiave|etichette|"
    "argomenti|trefwoorden|onderwerpen|nyckelord|nøkkelord|nøgleord|emneord|avainsanat|asiasanat|tagi|słowa kluczowe|"
    "štítky|klíčová slova|kľúčové slová|ključne besede|ključne riječi|oznake|címkék|kulcsszavak|etichete|cuvinte cheie|"
    "etiketler|anahtar kelimeler|ετικέτες|λέξεις[- ]κλειδιά|теги|тэги|метки|ключевые слова|ключові слова|мітки|"
    "ключови думи|етикети|ознаке|кључне речи|وسوم|الوسوم|الكلمات المفتاحية|کلمات کلیدی|برچسب‌?ها|תגיות|מילות מפתח|"
    "टैग|কিওয়ার্ড|แท็ก|คำสำคัญ|thẻ|từ khóa|kata kunci|标签|標籤|关键词|關鍵詞|關鍵字|关键字|タグ|キーワード|태그|키워드"
)
_LABEL = regex.compile(rf"(?:(?:{_LABELS})\s*+[:：]\s*+)++", regex.IGNORECASE)
_HASH_SIGNS = ("#", "＃")
_HASH_PREFIX = regex.compile(r"[#＃]++(?=\p{L}|\p{N}++[\p{L}_])")
_DOUBLE_QUOTES = frozenset('"“”„‟«»「」『』')
_QUOTES = _DOUBLE_QUOTES | frozenset("'‘’‚‹›`")
_EDGE_CHARS = " \t\u00a0\u3000,;|、，،；"
_SENTENCE = regex.compile(r"[^.]*+(?<=\p{Ll}{5})\.")
_CONTENT = regex.compile(r"[\p{L}\p{N}\p{S}]")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag.

    Attributes:
        text: the tag.
        source: the index of its raw string.
    """

    text: str
    source: int


def split(raws: Sequence[str]) -> tuple[Tag, ...]:
    """Split raw strings into tags.

    Args:
        raws: the strings of the field `tags`.

    Returns:
        The tags without duplicates, in order, in their first spelling.

    >>> [tag.text for tag in split(["Tags: #Climate, Paris; climate"])]
    ['Climate, Paris', 'climate']
    >>> [tag.text for tag in split(["Climate, PARIS, paris, Washington, D.C., U.S."])]
    ['Climate', 'PARIS', 'Washington, D.C.', 'U.S.']
    >>> split(["Washington, D.C.", "Politics"])
    (Tag(text='Washington, D.C.', source=0), Tag(text='Politics', source=1))
    """
    tags = _deduplicate(Tag(text, i) for i, raw in enumerate(raws) for text in _split_raw(raw, _SEPARATOR))
    if len(tags) == 1:
        only = tags[0]
        return _deduplicate(Tag(text, only.source) for text in _split_raw(only.text, _COMMA_SEPARATOR))
    return tags


def _split_raw(raw: str, separator: regex.Pattern[str]) -> Iterator[str]:
    """Yield the stripped tags of a string. If all words start with a hash sign, each is a tag."""
    for part in separator.split(raw):
        text = part.strip(_EDGE_CHARS)
        text = _remove_label(text) if len(text) <= _MAX_TAG_CHARS else text
        words = text.split() if text[:1] in _HASH_SIGNS else []
        are_hashtags = len(words) > 1 and all(map(_HASH_PREFIX.match, words))
        yield from map(_strip_tag, words if are_hashtags else (text,))


def _deduplicate(tags: Iterable[Tag]) -> tuple[Tag, ...]:
    """Return the first of equal tags. Tags without a letter, digit or symbol are dropped."""
    unique: dict[str, Tag] = {}
    for tag in tags:
        if _CONTENT.search(tag.text):
            unique.setdefault(fold_case(tag.text), tag)
    return tuple(unique.values())


def _strip_tag(text: str) -> str:
    """Strip labels, quotes, hash signs and punctuation until nothing changes."""
    text, previous = " ".join(text.split()).strip(_EDGE_CHARS), ""
    while text != previous and len(text) <= _MAX_TAG_CHARS:
        previous = text
        text = _remove_quotes(_remove_label(text))
        hashes = _HASH_PREFIX.match(text)
        text = text[hashes.end() :] if hashes else text
        text = (text[:-1] if _SENTENCE.fullmatch(text) else text).strip(_EDGE_CHARS + ":：")
    return text


def _remove_label(text: str) -> str:
    label = _LABEL.match(text) if ":" in text or "：" in text else None
    return text[label.end() :] if label else text


def _remove_quotes(text: str) -> str:
    """Remove a pair of quotes around a tag, or a single double quote. An apostrophe (`'90s`) stays."""
    if len(text) < 2 or not (text[0] in _QUOTES or text[-1] in _QUOTES):
        return text
    quotes = sum(character in _QUOTES for character in text)
    if quotes == 2 and text[0] in _QUOTES and text[-1] in _QUOTES:
        return text[1:-1]
    if quotes == 1 and (text[0] in _DOUBLE_QUOTES or text[-1] in _DOUBLE_QUOTES):
        return text[1:] if text[0] in _DOUBLE_QUOTES else text[:-1]
    return text
