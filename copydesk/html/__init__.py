"""HTML: recognition (`sniff`), text of fragments (`fragment`), articles of pages (`extract`).

Only `extract` and the modules that it imports need the extra `html`. The others work on strings.
"""
