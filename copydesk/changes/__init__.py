"""The change model: edits, their composition, plans that replay, and reports."""
