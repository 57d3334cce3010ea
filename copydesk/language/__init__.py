"""Language detection: naive Bayes over langdetect's n-grams, deterministic, with rejection of unknown languages."""

from copydesk.language.detect import clear_caches, detect_language, find_best_language, known_languages, warm_up

__all__ = ["clear_caches", "detect_language", "find_best_language", "known_languages", "warm_up"]
