"""Fuzzing of the parsers, the pipeline and the HTTP contract.

- `fuzz.targets`: the fuzz targets. Each takes any bytes and checks the result.
- `python -m fuzz`: coverage-guided fuzzing of the targets with atheris (libFuzzer).
- `python -m fuzz.contract`: fuzzing of a running server by its OpenAPI document with schemathesis.
"""
