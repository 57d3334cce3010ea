"""Derive copydesk/langmodel/data/bigrams.txt: how languages that langdetect does not know are spelt.

Repair must know a language to leave it alone: without Icelandic, `Þórður` looks like damage. langdetect carries counts
for 55 languages. For the others this script counts letters and pairs of letters in texts under free licences:

* the sample texts and alphabets of gflanguages (Google Fonts; Apache-2.0),
* the translations of Django's own messages (BSD-3-Clause).

Only the counts are kept. `make profiles` runs this in an environment of its own; the result is committed.
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

# By script, as gflanguages and Django name them. Languages of the world's press that langdetect lacks; dead ones and
# those written in scripts that no legacy charset held are of no use to repair.
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
# Languages that langdetect knows, whose profiles may lack a rare letter: their alphabets are added.
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
_FEWEST = 2
_SEEN = 3


def main() -> None:
    """Write the table: a line a language, its tag, its script, and each letter and pair with its count."""
    known = gflanguages.LoadLanguages()
    lines = [
        "# Counts of letters and of pairs of letters; _ is a word's edge. Written by tools/derive_profiles.py from",
        "# the texts of gflanguages (Apache-2.0) and Django (BSD-3-Clause).",
    ]
    for script, tags in LANGUAGES.items():
        for tag in tags.split():
            counts = _counts("\n".join(_texts(known, tag, script)), script)
            # Every letter of the alphabet counts as if it had been seen a few times.
            counts.update(_letters(known, tag, script) * _SEEN)
            lines.append(f"{tag}\t{script}\t{_told(counts)}")
    for script, tags in LANGDETECT.items():
        lines += [f"{tag}\t{script}\t{_told(Counter(_letters(known, tag, script)))}" for tag in tags.split()]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _texts(known: dict[str, object], tag: str, script: str) -> Iterator[str]:
    language = known.get(f"{tag.partition('_')[0]}_{script}")
    if language is not None:
        sample = language.sample_text  # type: ignore[attr-defined]
        yield from (value for _, value in sample.ListFields() if isinstance(value, str))
    for catalogue in files("django").rglob(f"locale/{tag}/LC_MESSAGES/*.po"):  # type: ignore[attr-defined]
        for message in _MESSAGE.finditer(catalogue.read_text(encoding="utf-8")):
            yield _PLACEHOLDER.sub(" ", re.sub(r'"\s*"', "", message[1]))


def _letters(known: dict[str, object], tag: str, script: str) -> list[str]:
    language = known.get(f"{tag.partition('_')[0]}_{script}")
    alphabet = language.exemplar_chars.base.lower() if language else ""  # type: ignore[attr-defined]
    return [letter for letter in unicodedata.normalize("NFC", alphabet) if _WORD.fullmatch(letter)]


def _counts(text: str, script: str) -> Counter[str]:
    counts: Counter[str] = Counter()
    for word in _WORD.findall(unicodedata.normalize("NFC", text).lower()):
        if not _written_in(word, script):
            continue
        counts.update(word)
        counts.update(f" {word} "[at : at + 2] for at in range(len(word) + 1))
    return counts


def _written_in(word: str, script: str) -> bool:
    names = {"Latn": "LATIN", "Cyrl": "CYRILLIC", "Arab": "ARABIC", "Hebr": "HEBREW"}
    wanted = names.get(script)
    return not word.isascii() if wanted is None else wanted in unicodedata.name(word[0], "")


def _told(counts: Counter[str]) -> str:
    kept = [(gram, n) for gram, n in sorted(counts.items()) if n >= _FEWEST or len(gram) == 1]
    return " ".join(f"{gram.replace(' ', '_')}{n}" for gram, n in kept)


if __name__ == "__main__":
    main()
