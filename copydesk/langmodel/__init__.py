"""The trained language model: costs of letters and signs, and known words, in about 80 languages."""
