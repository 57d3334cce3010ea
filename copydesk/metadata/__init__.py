"""Metadata: one module a family. Each reads what a scraper found and says only what it is sure of."""
