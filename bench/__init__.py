"""Benchmarks. Each is a module: `python -m bench.NAME`. README.md has the results.

They start servers and load balancers with tests/helpers, which the tests use, too.
"""
