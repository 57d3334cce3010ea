"""Metadata: parsing and normalization of dates, datelines, authors, titles, URLs, languages and tags."""
