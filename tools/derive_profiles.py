"""Derive copydesk/langmodel/data/bigrams.txt: bigram counts of languages that langdetect does not have.

Without a model of a language, repair may damage its texts: without Icelandic, `Þórður` looks like mojibake. langdetect
has counts for 55 languages. For others this script counts letters and pairs of letters in texts under free licenses:

* the sample texts and alphabets of gflanguages (Google Fonts; Apache-2.0),
* the translations of Django's own messages (BSD-3-Clause).

Only the counts are kept. `make profiles` runs this script in a separate environment. The result is committed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import gflanguages

OUT = Path(__file__).parent.parent / "copydesk/langmodel/data/bigrams.txt"

# By script, with the tags of gflanguages and Django: languages of the press that langdetect does not have. Extinct
# languages, and scripts without a legacy charset, are not needed for repair.
LANGUAGES = {
    "Latn": "ast ay az bi bm br bs ceb co crh cy dsb ee eo eu fo fur fy ga gd gl gn ha haw hsb ht ig ilo io is jv kab "
    "kea kl ku la lb lg ln mg mi ms mt nn ny oc om pap pcm qu rm rn rw sc se sg sm sn sr_Latn st su szl tet tk tn to "
    "ts tt ug uz ve vec wa wo xh yo zu",
    "Cyrl": "ab ba be ce cv kk ky kv mn os sah sr tg tt udm tk uz az",
    "Arab": "ckb ps sd ug ks",
    "Armn": "hy",
    "Geor": "ka",
    "Hebr": "yi",
    "Ethi": "am ti",
    "Khmr": "km",
    "Laoo": "lo",
    "Mymr": "my",
    "Sinh": "si",
    "Orya": "or",
}
# Languages of langdetect with profiles that may lack a rare letter. Their alphabets are added.
LANGDETECT = {
    "Latn": "af ca cs da de en es et fi fr hr hu id it lt lv nl no pl pt ro sk sl so sq sv sw vi",
    "Cyrl": "ru uk bg mk",
    "Grek": "el",
    "Hebr": "he",
    "Arab": "ar fa ur",
}
_WORD = re.compile(r"[^\W\d_]+(?:\u200c?[^\W\d_]|[\u0300-\u036f])*")
_MESSAGE = re.compile(r'^msgstr(?:\[\d\])? ((?:"(?:[^"\\]|\\.)*"\s*)+)', re.MULTILINE)
_PLACEHOLDER = re.compile(r"%(?:\([a-z_]+\))?[a-z]|\{[^}]*\}|<[^>]*>|\\[a-z\"]")
# Rarer pairs are omitted.
_MIN_PAIR_COUNT = 2
# The count that is added for every letter of the alphabet.
_ALPHABET_COUNT = 3


def main() -> None:
    """Write the table: a line per language with its tag, its script, and the count of each letter and pair."""
    languages = gflanguages.LoadLanguages()
    lines = [
        "# Counts of letters and of pairs of letters; _ is a word's edge. Written by tools/derive_profiles.py from",
        "# the texts of gflanguages (Apache-2.0) and Django (BSD-3-Clause).",
    ]
    for script, tags in LANGUAGES.items():
        for tag in tags.split():
            counts = _count_letters("\n".join(_iterate_texts(languages, tag, script)), script)
            counts.update(_alphabet(languages, tag, script) * _ALPHABET_COUNT)
            lines.append(f"{tag}\t{script}\t{_format_counts(counts)}")
    for script, tags in LANGDETECT.items():
        lines += [
            f"{tag}\t{script}\t{_format_counts(Counter(_alphabet(languages, tag, script)))}" for tag in tags.split()
        ]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _iterate_texts(languages: dict[str, object], tag: str, script: str) -> Iterator[str]:
    language = languages.get(f"{tag.partition('_')[0]}_{script}")
    if language is not None:
        sample = language.sample_text  # type: ignore[attr-defined]
        yield from (value for _, value in sample.ListFields() if isinstance(value, str))
    for catalogue in files("django").rglob(f"locale/{tag}/LC_MESSAGES/*.po"):  # type: ignore[attr-defined]
        for message in _MESSAGE.finditer(catalogue.read_text(encoding="utf-8")):
            yield _PLACEHOLDER.sub(" ", re.sub(r'"\s*"', "", message[1]))


def _alphabet(languages: dict[str, object], tag: str, script: str) -> list[str]:
    language = languages.get(f"{tag.partition('_')[0]}_{script}")
    alphabet = language.exemplar_chars.base.lower() if language else ""  # type: ignore[attr-defined]
    return [letter for letter in unicodedata.normalize("NFC", alphabet) if _WORD.fullmatch(letter)]


def _count_letters(text: str, script: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for word in _WORD.findall(unicodedata.normalize("NFC", text).lower()):
        if not _is_in_script(word, script):
            continue
        counts.update(word)
        counts.update(f" {word} "[i : i + 2] for i in range(len(word) + 1))
    return counts


def _is_in_script(word: str, script: str) -> bool:
    names = {"Latn": "LATIN", "Cyrl": "CYRILLIC", "Arab": "ARABIC", "Hebr": "HEBREW"}
    unicode_name = names.get(script)
    return not word.isascii() if unicode_name is None else unicode_name in unicodedata.name(word[0], "")


def _format_counts(counts: Counter[str]) -> str:
    kept = [(gram, n) for gram, n in sorted(counts.items()) if n >= _MIN_PAIR_COUNT or len(gram) == 1]
    return " ".join(f"{gram.replace(' ', '_')}{n}" for gram, n in kept)


if __name__ == "__main__":
    main()
