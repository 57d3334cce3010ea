"""Fuzzing: whatever comes in at a door, the answer is one of those that were promised.

`fuzz.doors` are the doors with what must hold behind each, for any bytes; `python -m fuzz` throws inputs at them that
grow by what they reach (atheris, libFuzzer); `python -m fuzz.contract` does it over HTTP, by the contract
(schemathesis).
"""
