"""Tags as single words or names: split, trimmed, and each once, as it was first spelt.

A list comes as a list, or as one string with any of a dozen separators. The danger is a comma that belongs to a tag:
`Paris, Texas`. So commas divide only where nothing else has: in what would be the one and only tag. They never divide a
number (`10,000 steps`), nor take off what is no tag alone (`Washington, D.C.`, `Sammy Davis, Jr.`). Semicolons, bars
and line breaks always divide. Hash signs, quotes around a tag, a label before it and a full stop after it go. The name
stays: nothing is split into words, made singular or lower case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from unicodedata import normalize

import regex

# Longer pieces are no tags, and are only rid of the blanks around them.
_LONGEST = 200

_ALWAYS = regex.compile(r"[;|；｜؛\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# What follows a name and never stands alone, unlike `U.S.`: states and provinces, generations, degrees, kinds of firms.
_ADDED = (
    r"(?:D\.\s?C|N\.\s?[YJHMCD]|S\.\s?[CD]|R\.\s?I|W\.\s?Va|B\.\s?C|Jr|Sr|Ph\.\s?D|M\.\s?D|Esq|Inc|Ltd|Corp)\.|"
    r"Jr|PhD|Inc|Ltd|LLC|(?<=Washington,\s*)DC"
)
_COMMAS = regex.compile(rf"(?!,\s*+(?:{_ADDED})\s*+(?:[,、，،]|$))(?:[、，،]|,(?!\d{{3}}(?!\d))|(?<!\d),)")
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
_HASHES = ("#", "＃")
_HASH = regex.compile(r"[#＃]++(?=\p{L}|\p{N}++[\p{L}_])")
_DOUBLE = frozenset('"“”„‟«»「」『』')
_QUOTES = _DOUBLE | frozenset("'‘’‚‹›`")
_EDGES = " \t\u00a0\u3000,;|、，،；"
_SENTENCE = regex.compile(r"[^.]*+(?<=\p{Ll}{5})\.")
_CONTENT = regex.compile(r"[\p{L}\p{N}\p{S}]")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag and the index of the raw string that it is from."""

    text: str
    source: int


def split(raws: Sequence[str]) -> tuple[Tag, ...]:
    """Return the tags in raw strings: each once, in the order and the spelling in which they first came.

    >>> [tag.text for tag in split(["Tags: #Climate, Paris; climate"])]
    ['Climate, Paris', 'climate']
    >>> [tag.text for tag in split(["Climate, PARIS, paris, Washington, D.C., U.S."])]
    ['Climate', 'PARIS', 'Washington, D.C.', 'U.S.']
    >>> split(["Washington, D.C.", "Politics"])
    (Tag(text='Washington, D.C.', source=0), Tag(text='Politics', source=1))
    """
    tags = _once(Tag(text, at) for at, raw in enumerate(raws) for text in _split(raw, _ALWAYS))
    if len(tags) == 1:
        only = tags[0]
        return _once(Tag(text, only.source) for text in _split(only.text, _COMMAS))
    return tags


def _split(raw: str, separator: regex.Pattern[str]) -> Iterator[str]:
    """Yield the tags of a string, trimmed; words that all begin with a hash are a tag each."""
    for piece in separator.split(raw):
        bare = piece.strip(_EDGES)
        bare = _unlabelled(bare) if len(bare) <= _LONGEST else bare
        words = bare.split() if bare[:1] in _HASHES else []
        alike = len(words) > 1 and all(map(_HASH.match, words))
        yield from map(_trimmed, words if alike else (bare,))


def _once(tags: Iterable[Tag]) -> tuple[Tag, ...]:
    """Keep the first of each; drop what has neither a letter nor a digit nor a symbol."""
    first: dict[str, Tag] = {}
    for tag in tags:
        if _CONTENT.search(tag.text):
            first.setdefault(normalize("NFKC", normalize("NFKC", tag.text).casefold()), tag)
    return tuple(first.values())


def _trimmed(text: str) -> str:
    """Take off what is around a tag until nothing more comes off."""
    text, before = " ".join(text.split()).strip(_EDGES), ""
    while text != before and len(text) <= _LONGEST:
        before = text
        text = _unquoted(_unlabelled(text))
        hashes = _HASH.match(text)
        text = text[hashes.end() :] if hashes else text
        text = (text[:-1] if _SENTENCE.fullmatch(text) else text).strip(_EDGES + ":：")
    return text


def _unlabelled(text: str) -> str:
    label = _LABEL.match(text) if ":" in text or "：" in text else None
    return text[label.end() :] if label else text


def _unquoted(text: str) -> str:
    """Take off a pair of quotes around a tag, or one that lost the other; an apostrophe (`'90s`) is neither."""
    if len(text) < 2 or not (text[0] in _QUOTES or text[-1] in _QUOTES):
        return text
    quotes = sum(sign in _QUOTES for sign in text)
    if quotes == 2 and text[0] in _QUOTES and text[-1] in _QUOTES:
        return text[1:-1]
    if quotes == 1 and (text[0] in _DOUBLE or text[-1] in _DOUBLE):
        return text[1:] if text[0] in _DOUBLE else text[:-1]
    return text
