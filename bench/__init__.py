"""Measurements, each a module that is run: `python -m bench.NAME`. README.md says what they found.

They start services and balancers as the tests do, with tests/helpers.
"""
