"""Attacks on a real service: gunicorn with two workers and the memory limit of the manifests in deploy/k8s.

- `bench.attack.target`: the attacked service, its memory limit, and what is measured.
- `bench.attack.bodies`: compressed bodies, long lines, many lines, many batches.
- `bench.attack.articles`: articles that cost CPU, escaped markup, hostile URLs.
- `bench.attack.clients`: clients that are slow, or never read.
- `bench.attack.operation`: keys that are revoked, a log that is not read, a master that is killed.
- `bench.attack.protocol`: requests at the edges of HTTP, invalid settings.
- `python -m bench.attack`: runs them.
"""
