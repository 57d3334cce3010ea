"""Character statistics of languages and scripts."""
