"""Tests of Copydesk."""
