"""Clean text that looks damaged, which repair must not change.

Every kind is a generator: alphabets, rows of code tables, units, boxes, phonetics, acronyms and so on. A kind varies in
its letters, case and context.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from tools.train_model.strange.alphabets import (
    make_alphabet_list,
    make_alphabet_pairs,
    make_alphabet_prose,
    make_dictionary,
    make_lone_letter,
    make_table_hex,
    make_table_of_letters,
    make_table_row,
)
from tools.train_model.strange.boxes import make_ascii_art, make_bar_table, make_box, make_tree
from tools.train_model.strange.draw import Draw
from tools.train_model.strange.names import (
    make_acronym,
    make_bibliography,
    make_brand,
    make_byline,
    make_name_list,
    make_single_word,
)
from tools.train_model.strange.notation import (
    make_chess,
    make_code,
    make_greek_prefix,
    make_mathematics,
    make_music,
    make_phonetics,
    make_romanized,
    make_transliteration,
)
from tools.train_model.strange.numbers import (
    make_coordinates,
    make_fraction,
    make_ordinal,
    make_price,
    make_score,
    make_unit,
)
from tools.train_model.strange.pictures import make_emoji, make_kaomoji, make_leetspeak
from tools.train_model.strange.scripts import (
    make_full_width,
    make_half_width,
    make_han_in_latin,
    make_homoglyph,
    make_script_in_latin,
)
from tools.train_model.strange.signs import (
    make_bullets,
    make_footnote,
    make_legal,
    make_product,
    make_sign_beside_word,
    make_trademark,
)
from tools.train_model.strange.spelling import (
    make_accented_word,
    make_cross_quote,
    make_decomposed,
    make_mention,
    make_middle_dot,
    make_old_spelling,
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
    "scores": make_score, "bylines": make_byline,
}  # fmt: skip
KINDS = tuple(GENERATORS)
# Kinds that are alike.
GROUPS = {
    "alphabets": (
        *("alphabet-pairs", "alphabet-list", "alphabet-prose", "table-row", "table-hex", "letter-table"),
        *("lone-letters", "dictionary"),
    ),
    "boxes": ("trees", "boxes", "bar-tables", "ascii-art"),
    "numbers": ("fractions", "units", "prices", "coordinates", "ordinals", "scores"),
    "signs": ("signs", "footnotes", "trademarks", "legal", "bullets", "products"),
    "names": ("acronyms", "brands", "name-lists", "single-words", "bibliographies", "bylines"),
    "notation": (
        *("phonetics", "transliteration", "romanized", "chess", "music", "mathematics", "code", "greek-prefixes"),
    ),
    "pictures": ("emoji", "kaomoji", "leetspeak"),
    "scripts": ("homoglyphs", "han-in-latin", "script-in-latin", "half-width", "full-width"),
    "spelling": ("old-spelling", "accented-words", "decomposed", "middle-dots", "cross-quotes"),
    "mentions": ("mojibake-mentioned",),
}


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
