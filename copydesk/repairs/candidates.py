"""Candidates: the explanations of damage that are worth scoring in the whole article.

They are looked for in groups of suspicious tokens: in all of them, in those of each script, and in those of each line,
because an article may have several kinds of damage. In each group, all pairs of charsets are ranked by the letters that
they give, and the best are scored with the language model.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from copydesk.cache import bounded_cache
from copydesk.encoding.charsets import MULTIBYTE, SPELLED, WIDESPREAD, prior_cost
from copydesk.encoding.code_tables import VNI_LETTER, accented_letter
from copydesk.langmodel.model import LATIN, UNITS_PER_BIT, Booleans, Codes, Floats, LanguageModel, load_model
from copydesk.repairs import special_readings
from copydesk.repairs.byte_tables import INDEX, SINGLE_BYTE, WESTERN, byte_tables
from copydesk.repairs.letter_costs import NEAR_LANGUAGES, Near, near_languages
from copydesk.repairs.lost_bytes import find_kept
from copydesk.repairs.pairs import EQUAL_PAIRS, MAX_BEHIND_BITS, MIN_SHARE, rank_pairs
from copydesk.repairs.readings import (
    UTF8,
    Candidate,
    Reading,
    Tokens,
    read_again,
    read_candidates,
    read_tokens,
    show_scored,
)
from copydesk.repairs.screen import FOREIGN_WORD_BITS, Screened, likely_languages, looks_like_utf8

# What damaged text is decoded as again.
_DECODED_AGAIN = (WESTERN, "windows-1251", "windows-1250", "macintosh", "ibm850", "ibm437")
_MAX_TIMES = 3
# The share of the tokens that must still look like UTF-8.
_MIN_DEEPER_SHARE = 0.5
# The charsets that multibyte text is decoded as: also those of DOS, as in names of files in zip archives.
_MULTIBYTE_DECODED_AS = (WESTERN, *WIDESPREAD, "ibm852", "ibm866")
# How many candidates a group keeps, and the article.
_KEPT_BY_GROUP, _KEPT, _KEPT_IF_EXPLAINED = 4, 8, 3
_GROUP_TOKENS = 16
# How many tokens are sorted by script.
_CLASSIFIED_TOKENS = 64
_MAX_GROUPS = 7
_LINES = 4
_FIRST_CJK = 0x3000
_CJK_BESIDE_LATIN = re.compile("[a-zA-Z][\u2e80-\ud7ff\uff61-\uff9f]|[\u2e80-\ud7ff\uff61-\uff9f][a-zA-Z]")
# A word with at most twenty ASCII characters before the first one beyond ASCII.
_WORD_BEYOND_ASCII = re.compile("(?<![A-Za-z0-9])[A-Za-z0-9]{0,20}[^\x00-\x7f]")
# At least this share of the tokens must have a letter with an accent in such a charset.
_MIN_SPELLED_SHARE = 0.5
_WESTERN_LEADS = frozenset("ÂÃâÐÑÄÅØÙ×ÎÏãåäï")
_SPECIAL_TOKENS = 4
_UTF8_BONUS_BITS = 8.0
_PRIOR_WEIGHT = 0.5
_MAX_LOSS_BITS = 2.0
# The minimum gain of the best candidate, in bits. Of generated texts with a likely repair, one in a thousand gains
# less, but of clean texts with suspicious tokens, most do.
MIN_GAIN_BITS = 4.0
# If the first groups gain less, the lines are not tried by themselves.
_MIN_GROUP_BITS = 1.0
# This number of characters proves UTF-8, if it was decoded as another charset or as a Western one.
_MIN_UTF8_CHARS = (3, 2)
_MAX_SAMPLE_CHARS = 120


@dataclass(slots=True)
class _Scored:
    candidate: Candidate
    gain: float


def find_candidates(screened: Screened, lines: Sequence[int], declared: str | None) -> list[Candidate]:
    """Return the candidates that explain some of the suspicious tokens, best first.

    Args:
        screened: the suspicious tokens.
        lines: the number of the first line of each.
        declared: the charset that the text was decoded as, if known.
    """
    kept: dict[tuple[str, str, tuple[str, ...]], _Scored] = {}
    near = near_languages(screened.context)
    groups, required = _groups(screened, lines)
    for i, group in enumerate(groups):
        if i >= required and len(groups[0]) < _GROUP_TOKENS and _best_gain(kept) < _MIN_GROUP_BITS:
            break
        scored, is_explained = _score_group(group, screened.context, near, declared, is_first=i == 0)
        for one in scored:
            other = kept.get(one.candidate.key)
            if other is None or one.gain > other.gain:
                kept[one.candidate.key] = one
        if is_explained:
            best = sorted(kept.values(), key=lambda one: -one.gain)[:_KEPT_IF_EXPLAINED]
            return [one.candidate for one in best if one.gain > best[0].gain - MAX_BEHIND_BITS]
    if _best_gain(kept) < MIN_GAIN_BITS:
        return []
    return [one.candidate for one in sorted(kept.values(), key=lambda one: -one.gain)[:_KEPT]]


def _best_gain(kept: dict[tuple[str, str, tuple[str, ...]], _Scored]) -> float:
    return max((one.gain for one in kept.values()), default=-np.inf)


def _groups(screened: Screened, lines: Sequence[int]) -> tuple[list[list[str]], int]:
    """Return groups of suspicious tokens, and how many of them are scored in any case."""
    if len(screened.tokens) == 1:
        return [list(screened.tokens)], 1
    model = load_model()
    order = np.argsort(-screened.excess, kind="stable").tolist()
    half = _GROUP_TOKENS // 2
    rest = order[half:]
    tokens = screened.tokens
    groups = [[tokens[i] for i in order[:half] + rest[:: max(1, len(rest) // half)][:half]]]
    first = order[:_CLASSIFIED_TOKENS]
    joined = Tokens.of([tokens[i] for i in first])
    by_script: dict[int, list[str]] = {}
    for token, script in zip(joined.texts, _main_scripts(model, joined), strict=True):
        by_script.setdefault(script, []).append(token)
    if len(by_script) > 1:
        groups += [group[:_GROUP_TOKENS] for group in by_script.values()]
    is_foreign = (joined.codes > 0x7F) & (byte_tables().to_byte[0].take(joined.codes) == 0)
    is_western = (np.add.reduceat(is_foreign, joined.starts) == 0).tolist()
    western = list(compress(joined.texts, is_western))
    if 0 < len(western) < len(first):
        groups.append(western[:_GROUP_TOKENS])
    required = len(groups)
    by_line: dict[int, list[int]] = {}
    for i in order:
        by_line.setdefault(lines[i], []).append(i)
    if len(by_line) > 1:
        weights = np.minimum(screened.excess + 6, 20)
        worth = (group for group in by_line.values() if len(group) > 1 or len(order) < _LINES)
        best = sorted(worth, key=lambda group: -float(weights[group].sum()))[:_LINES]
        groups += [[tokens[i] for i in group[:12]] for group in best]
    distinct: list[list[str]] = []
    seen: set[frozenset[str]] = set()
    for i, group in enumerate(groups):
        key = frozenset(group)
        if key not in seen:
            seen.add(key)
            distinct.append(group)
        elif i < required:
            required -= 1
    return distinct[:_MAX_GROUPS], required


def _main_scripts(model: LanguageModel, tokens: Tokens) -> list[int]:
    """Return the script of most characters beyond ASCII of each token."""
    is_high = tokens.codes > 0x7F
    owners = np.repeat(np.arange(len(tokens.starts)), np.add.reduceat(is_high, tokens.starts, dtype=np.intp))
    scripts = model.script_of.take(tokens.codes[is_high])
    counts = np.bincount(owners * 256 + scripts, minlength=256 * len(tokens.starts)).reshape(-1, 256)
    # Of equal numbers, those of letters count.
    main: list[int] = (255 - counts[:, ::-1].argmax(1)).tolist()
    return main


def _score_group(
    group: Sequence[str], context: Floats, near: Near, declared: str | None, *, is_first: bool
) -> tuple[list[_Scored], bool]:
    """Return the best candidates of a group, and whether one of them explains nearly all its tokens."""
    tokens = Tokens.of(list(dict.fromkeys(map(_skip_plain_start, group))), _MAX_SAMPLE_CHARS)
    readings, is_complete = _read_all(tokens, _candidates(_utf8_pairs(tokens), declared), near)
    if not is_complete:
        others = dict.fromkeys((*rank_pairs(tokens, near, declared), *_multibyte_pairs(tokens)))
        more, is_complete = _read_all(tokens, _candidates(others, declared), near)
        readings |= more
    if is_complete:
        readings = {one: texts for one, texts in readings.items() if one.is_utf8}
    if not readings:
        return [], False
    candidates = list(readings)
    gains = _gains(tokens, list(readings.values()), context)
    total = np.maximum(gains, -_MAX_LOSS_BITS).sum(1)
    total -= _PRIOR_WEIGHT * np.array([candidate.prior for candidate in candidates], np.float32)
    total += np.where((total > 0) & np.array([one.is_utf8 for one in candidates]), _UTF8_BONUS_BITS, 0.0)
    order = np.argsort(-total, kind="stable").tolist()
    explained = (gains[order[0]] > _MAX_LOSS_BITS).mean() >= 0.9
    # Clean tokens may have hidden UTF-8 in the first group. It is tried again without them.
    explained &= candidates[order[0]].is_utf8 or looks_like_utf8(tokens).mean() < _MIN_DEEPER_SHARE
    kept: list[_Scored] = []
    seen: dict[tuple[str, ...], list[Candidate]] = {}
    legacy = 0
    for i in order:
        candidate, texts = candidates[i], tuple(readings[candidates[i]])
        if total[i] < -_KEPT_BY_GROUP:
            break
        equal = seen.setdefault(texts, [])
        if not _is_worth_hearing(candidate.decoded_as, equal) or (legacy >= _KEPT_BY_GROUP and not candidate.is_utf8):
            continue
        equal.append(candidate)
        kept.append(_Scored(candidate, float(total[i])))
        legacy += not candidate.is_utf8
    return kept, bool(explained and is_first and len(tokens.texts) > 7)


def _skip_plain_start(token: str) -> str:
    """Return a long token from the word on that has the first character beyond ASCII: the end of a URL."""
    if len(token) <= _MAX_SAMPLE_CHARS:
        return token
    start = _WORD_BEYOND_ASCII.search(token)
    return token[start.start() :] if start else token


def _is_worth_hearing(decoded_as: str, equal: Sequence[Candidate]) -> bool:
    """Return whether a candidate with the same readings as others may differ from them elsewhere."""
    return len(equal) < EQUAL_PAIRS and all(one.decoded_as == decoded_as for one in equal)


def _reads_everything(tokens: Tokens, readings: Sequence[str], minimum: int) -> bool:
    """Return whether a reading changes all tokens, and gives some characters beyond ASCII in fewer characters."""
    if any(reading == token for reading, token in zip(readings, tokens.texts, strict=True)):
        return False
    beyond = sum(character > "\x7f" for reading in readings for character in reading)
    return beyond >= minimum and sum(map(len, readings)) <= sum(map(len, tokens.texts)) - minimum


def _candidates(pairs: Iterable[tuple[str, str]], declared: str | None) -> list[Candidate]:
    return [_candidate(one, other, declared) for one, other in pairs]


@bounded_cache
def _candidate(decoded_as: str, actual: str, declared: str | None) -> Candidate:
    return Candidate(decoded_as, actual, prior_cost(decoded_as, actual, declared))


def _read_all(tokens: Tokens, candidates: Sequence[Candidate], near: Near) -> tuple[dict[Candidate, list[str]], bool]:
    """Return the text of each token under the candidates that change any, and whether all are plain UTF-8 in one."""
    unchanged = list(tokens.texts)
    results: dict[Candidate, list[str]] = {}
    is_complete = False
    for candidate, plain in read_candidates(tokens, candidates):
        has_all = None not in plain
        may_be_special = not has_all and candidate.is_utf8 and candidate.decoded_as in INDEX
        readings = _add_special(tokens, plain, candidate, near) if may_be_special else plain
        texts = fill_readings(tokens, readings)
        if texts != unchanged:
            results[candidate] = texts
            if candidate.is_utf8:
                minimum = _MIN_UTF8_CHARS[candidate.decoded_as == WESTERN]
                is_complete |= has_all and _reads_everything(tokens, texts, minimum)
                results |= dict(_read_deeper(tokens, candidate, readings))
    return results, is_complete


def _add_special(tokens: Tokens, readings: Sequence[Reading], candidate: Candidate, near: Near) -> list[Reading]:
    """Give some tokens without a reading their first special one."""
    results = list(readings)
    unread = [i for i, reading in enumerate(results) if reading is None]
    if not unread or (len(unread) == len(results) and candidate.decoded_as != WESTERN):
        return results
    kept = find_kept(tokens.texts, candidate.decoded_as)
    for i in unread[:_SPECIAL_TOKENS]:
        found = special_readings.find(tokens.texts[i], candidate, near, kept)
        results[i] = next((one.text for one in found), None)
    return results


def fill_readings(tokens: Tokens, readings: Sequence[Reading]) -> list[str]:
    """Return the reading of each token, or the token itself where it has none."""
    return [token if reading is None else reading for token, reading in zip(tokens.texts, readings, strict=True)]


def _read_deeper(
    tokens: Tokens, candidate: Candidate, readings: Sequence[Reading]
) -> Iterator[tuple[Candidate, list[str]]]:
    """Yield the candidates of text that was damaged twice or three times."""
    current = list(readings)
    for _ in range(_MAX_TIMES):
        changed = [text for text in current if text is not None and not text.isascii()]
        if not changed:
            return
        damaged = int(looks_like_utf8(Tokens.of(changed)).sum())
        if damaged < _MIN_DEEPER_SHARE * len(changed):
            return
        best: tuple[int, Candidate, list[Reading]] | None = None
        plain = read_tokens(tokens, candidate)
        for again in dict.fromkeys((candidate.decoded_as, *_DECODED_AGAIN)):
            results = read_again(tokens, plain, again)
            improved = sum(one != other for one, other in zip(results, current, strict=True))
            if improved >= _MIN_DEEPER_SHARE * damaged and (best is None or improved > best[0]):
                deeper = Candidate(candidate.decoded_as, UTF8, candidate.prior + 2, (*candidate.again, again))
                best = improved, deeper, results
        if best is None:
            return
        _, candidate, current = best
        yield candidate, fill_readings(tokens, current)


def _gains(tokens: Tokens, readings: Sequence[Sequence[str]], context: Floats) -> Floats:
    """Return by how many bits each reading is cheaper than the token (readings × tokens)."""
    count = len(tokens.texts)
    # Many candidates read a token in the same way.
    rows: dict[str, int] = {}
    flat = [rows.setdefault(text, len(rows)) for text in tokens.texts]
    shown = show_scored([text for texts in readings for text in texts])
    flat += [rows.setdefault(text, len(rows)) for text in shown]
    order = np.array(flat).reshape(-1, count)
    scored = Tokens.of(list(rows))
    columns = likely_languages(context, NEAR_LANGUAGES)
    costs = load_model().token_costs(scored.codes, scored.starts, {LATIN: columns})
    total = costs.fixed.astype(np.float32).take(order)
    for script, by_language in costs.by_script.items():
        bits = by_language.astype(np.float32)
        if bits.shape[1] > 1:
            bits = np.minimum(bits, bits.min(1, keepdims=True) + FOREIGN_WORD_BITS * UNITS_PER_BIT)
        bits = bits.take(order, axis=0)
        sums = bits.sum(1)
        if script == LATIN:
            sums = sums + context[list(costs.columns[LATIN])] * UNITS_PER_BIT
        total += bits[np.arange(len(bits)), :, sums.argmin(1)]
    gains: Floats = (total[0] - total[1:]) / UNITS_PER_BIT
    return gains


def _utf8_pairs(tokens: Tokens) -> list[tuple[str, str]]:
    """Return the charsets in which a lead byte of UTF-8 comes before a continuation byte."""
    leads, follows = _utf8_bytes()
    codes = tokens.codes
    found = int(np.bitwise_or.reduce(leads.take(codes[:-1]) & follows.take(codes[1:])))
    pairs: list[tuple[str, str]] = []
    if found:
        characters = np.unique(codes[codes > 0x7F])
        shares = (byte_tables().to_byte.take(characters, axis=1) > 0).mean(1).tolist()
        pairs = [
            (name, UTF8)
            for bit, (name, share) in enumerate(zip(SINGLE_BYTE, shares, strict=True))
            if found >> bit & 1 and share >= MIN_SHARE
        ]
    if not found & 1 and not _WESTERN_LEADS.isdisjoint("".join(tokens.texts)):
        pairs.append((WESTERN, UTF8))  # with another case, or with a byte that became a space
    return pairs


@cache
def _utf8_bytes() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return which code points are lead bytes and continuation bytes, as one bit for each of `SINGLE_BYTE`."""
    leads, follows = np.zeros((2, 0x10000), np.uint64)
    for bit, name in enumerate(SINGLE_BYTE):
        encoded = byte_tables().to_byte[INDEX[name]]
        leads[(encoded >= 0xC2) & (encoded < 0xF5)] |= np.uint64(1 << bit)
        follows[(encoded >= 0x80) & (encoded < 0xC0)] |= np.uint64(1 << bit)
    return leads, follows


def _multibyte_pairs(tokens: Tokens) -> list[tuple[str, str]]:
    """Return the pairs with charsets of several bytes by character that may explain tokens."""
    codes = tokens.codes
    pairs: list[tuple[str, str]] = [(WESTERN, name) for name in _spelled(tokens)]
    if codes.max() >= _FIRST_CJK and _is_cjk(codes).any():
        pairs += [(one, UTF8) for one in MULTIBYTE]
        pairs += [(one, other) for one in MULTIBYTE for other in MULTIBYTE if one != other]
        if any(map(_CJK_BESIDE_LATIN.search, tokens.texts)):
            pairs += [(one, WESTERN) for one in MULTIBYTE]
    is_high: NDArray[np.bool_] = codes > 0x7F
    adjacent = int(np.count_nonzero(is_high[1:] & is_high[:-1]))
    if adjacent:
        # Box drawing alone is not damage.
        has_letters = bool((is_high & load_model().is_letter[codes]).any())
        decoded_as = _MULTIBYTE_DECODED_AS if adjacent > 1 and has_letters else (WESTERN,)
        encoded = byte_tables().to_byte[:, np.unique(codes[is_high])]
        has_most = (encoded > 0).mean(1) >= MIN_SHARE
        pairs += [(one, other) for one in decoded_as if has_most[INDEX[one]] for other in MULTIBYTE]
    return pairs


def _is_cjk(codes: Codes) -> Booleans:
    return ((codes >= _FIRST_CJK) & (codes < 0xFB00)) | ((codes >= 0xFF60) & (codes < 0xFFA0))


def _spelled(tokens: Tokens) -> Iterator[str]:
    """Yield the charsets with letters of several bytes that tokens may be in."""
    for charset in SPELLED:
        pattern = VNI_LETTER if charset == "vni" else accented_letter(charset)
        if sum(map(bool, map(pattern.search, tokens.texts))) >= _MIN_SPELLED_SHARE * len(tokens.texts):
            yield charset
