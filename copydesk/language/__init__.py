"""Language detection: the costs of letters in each language as probabilities, with rejection of unknown languages."""

from copydesk.language.detect import detect_language, find_best_language, known_languages, warm_up

__all__ = ["detect_language", "find_best_language", "known_languages", "warm_up"]
