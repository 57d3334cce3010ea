"""Copydesk: takes raw articles, returns clean ones and says what it changed."""

__version__ = "0.1.0"
