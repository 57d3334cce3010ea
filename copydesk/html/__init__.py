"""Pages and pieces of HTML: told from prose (`markup`), read as text (`fragment`), read as an article (`extract`).

Only `extract` and what it imports need the extra `html`; the rest looks at strings.
"""
