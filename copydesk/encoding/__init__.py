"""Charsets and their detection."""
