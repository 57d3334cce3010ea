"""The manifest of the model file: where each language comes from, and under which licence."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tools.train_model.counts import LanguageCounts

# Licences of the data in each package, which may differ from that of its code.
LICENCES = {
    "wordfreq": "CC-BY-SA-4.0",
    "lingua-language-detector": "Apache-2.0; counted in the Leipzig Corpora Collection (CC-BY)",
    "langdetect": "Apache-2.0",
    "simplemma": "MIT; word forms of sources under ODbL-1.0, CC-BY-SA and others",
    "Django": "BSD-3-Clause",
    "wagtail": "BSD-3-Clause",
    "babel": "BSD-3-Clause; CLDR under Unicode-3.0",
    "gflanguages": "Apache-2.0; CLDR under Unicode-3.0",
}


def write(
    path: Path,
    *,
    sha256: str,
    counts: Sequence[LanguageCounts],
    word_counts: Mapping[str, int],
    arrays: Mapping[str, NDArray[np.generic]],
) -> None:
    """Write the manifest as JSON."""
    manifest = {
        "sha256": sha256,
        "command": "python -m tools.train_model model",
        "packages": {name: {"version": version(name), "licence": text} for name, text in LICENCES.items()},
        "languages": {
            count.language.tag: {
                "script": count.language.script,
                "counts": list(count.sources),
                "words": word_counts.get(count.language.tag, 0),
            }
            for count in counts
        },
        "arrays": {name: {"shape": list(array.shape), "bytes": array.nbytes} for name, array in arrays.items()},
    }
    path.write_text(json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", "utf-8")
