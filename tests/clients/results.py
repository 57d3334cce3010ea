"""What every program prints: a result of each operation by its id, and some more."""

from __future__ import annotations

import yaml

from schemas.openapi import PATH

EXPECTED = {
    "cleanArticle": ["Envoy's answer", 'Russia\'s envoy said "no".', ["Anna Bell"], "2024-03-05"],
    "page": ["Кафе закрыто из-за наводнения.", "windows-1251", "news.example", "und"],
    "cleanBatch": ['Russia\'s envoy said "no".', 1, "/articles/1/text"],
    "feed": "It rains.",
    "cleanText": "Russia’s envoy",
    "getLimits": 64,
    "getLiveness": "alive",
    "getReadiness": "ready",
    "getMetrics": True,
    "getContractAsJson": "3.1.0",
    "getContractAsYaml": "openapi:",
    "invalid": ["urn:copydesk:problem:validation-failed", "/text"],
    "unauthorized": 401,
}
_OPERATIONS = [
    operation["operationId"]
    for item in yaml.safe_load(PATH.read_text(encoding="utf-8"))["paths"].values()
    for operation in item.values()
]
# A program cannot leave out an operation.
assert EXPECTED.keys() >= set(_OPERATIONS)
