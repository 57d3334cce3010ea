"""Letter statistics of languages and scripts."""
