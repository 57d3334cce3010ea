// The parts of a stretch or a long change, of which the response has only the text around all of them.

// Two texts are aligned again after this many equal characters, at most this far from a difference.
const SYNC_CHARS = 6;
const MAX_SYNC_DISTANCE = 64;

// Return the parts where the texts differ: [offset in `before`, its end, offset in `after`, its end].
export function findParts(before, after) {
  const parts = [];
  for (let i = 0, j = 0; i < before.length || j < after.length;) {
    while (i < before.length && before.charCodeAt(i) === after.charCodeAt(j)) { i++; j++; }
    if (i >= before.length && j >= after.length) break;
    const [skip, otherSkip] = findSync(before, after, i, j) ?? [before.length - i, after.length - j];
    parts.push([i, i + skip, j, j + otherSkip]);
    i += skip;
    j += otherSkip;
  }
  return parts;
}

// Return how many characters of both texts to skip until they are equal again, or null.
function findSync(one, other, i, j) {
  for (let distance = 1; distance <= MAX_SYNC_DISTANCE; distance++) {
    for (let skip = 0; skip <= distance; skip++) {
      const [a, b] = [i + skip, j + distance - skip];
      if (a > one.length || b > other.length) continue;
      if (one.length - a < SYNC_CHARS && one.length - a !== other.length - b) continue;
      if (one.slice(a, a + SYNC_CHARS) === other.slice(b, b + SYNC_CHARS)) return [skip, distance - skip];
    }
  }
  return null;
}
