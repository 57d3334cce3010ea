"""The same article has the same result in each process, whatever the seed of its hashes."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.helpers.paths import ROOT

# One damaged article of each language, and one of each of some hostile kinds.
PROGRAM = """
import hashlib, json
from copydesk import pipeline
from copydesk.article import Article
from tests.helpers.corpus import read_corpus
from tests.helpers.corruption import generate_cases
from tests.helpers.hostile import KINDS

texts = {language: [raws[0]["text"][:600]] for language, raws in read_corpus().items()}
articles = [Article(text=case.damaged) for case in list(generate_cases(texts, 1))[::5]]
articles += [build(2_000) for build in list(KINDS.values())[::5]]
digest = hashlib.sha256()
for article in articles:
    digest.update(json.dumps(pipeline.clean(article).to_dict()).encode())
print(len(articles), digest.hexdigest())
"""


def test_hash_seeds_do_not_change_the_result() -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("0", "1", "4242")
    ]
    outputs = {process.communicate(timeout=300)[0] for process in running}
    [output] = outputs
    assert int(output.split()[0]) > 100
