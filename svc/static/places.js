// The places of changes. A change with a count stands for several, of which the response has the first place only.

// Two texts are aligned again after this many equal characters, at most this far from a difference.
const SYNC_CHARS = 6;
const MAX_SYNC_DISTANCE = 64;
// A difference shows at most this many characters after the start of a change.
const MAX_LOOKBACK = 200;

// Return for each change its places [start, end, originalStart, originalEnd], in the order of the text.
// The changes are those of one field, sorted by `start`, with offsets in UTF-16 code units; `original` is the field as sent.
export function findPlaces(original, clean, changes) {
  const places = changes.map(() => []);
  const repeated = groupByFirstCharacter(changes);
  let i = 0;
  let j = 0;
  for (const [index, change] of changes.entries()) {
    if (change.originalStart >= i && change.start >= j) {
      walkGap({ original, clean, repeated, places }, i, change.originalStart, j, change.start);
      [i, j] = [change.originalEnd, change.end];
    }
    for (const [from, to, originalFrom, originalTo] of partsOf(change)) {
      places[index].push([change.start + from, change.start + to, change.originalStart + originalFrom, change.originalStart + originalTo]);
    }
  }
  walkGap({ original, clean, repeated, places }, i, original.length, j, clean.length);
  return places.map((list) => list.sort((one, other) => one[0] - other[0] || one[2] - other[2]));
}

function groupByFirstCharacter(changes) {
  const groups = new Map();
  for (const [index, { before, after, count }] of changes.entries()) {
    if (count < 2 || !before) continue;
    if (!groups.has(before[0])) groups.set(before[0], []);
    groups.get(before[0]).push({ index, before, after });
  }
  for (const group of groups.values()) group.sort((one, other) => other.before.length - one.before.length);
  return groups;
}

// Find the repeated changes between two listed ones: wherever the texts differ.
function walkGap({ original, clean, repeated, places }, i, iEnd, j, jEnd) {
  let first = i; // no place starts before it
  while (i < iEnd || j < jEnd) {
    while (i < iEnd && j < jEnd && original.charCodeAt(i) === clean.charCodeAt(j)) { i++; j++; }
    if (i >= iEnd && j >= jEnd) return;
    const place = findRepeated(original, clean, repeated, i, j, { first, iEnd, jEnd });
    if (place) {
      places[place.index].push([place.start, place.end, place.originalStart, place.originalEnd]);
      [i, j] = [place.originalEnd, place.end];
    } else {
      const skipped = findSync(original, clean, i, j, iEnd, jEnd);
      if (!skipped) return;
      i += skipped[0];
      j += skipped[1];
    }
    first = i;
  }
}

// Return the repeated change that explains a difference. It may start before it: "  " and " " differ after one space.
function findRepeated(original, clean, repeated, i, j, { first, iEnd, jEnd }) {
  let fallback = null;
  for (let back = 0; back <= MAX_LOOKBACK && i - back >= first; back++) {
    const [originalStart, start] = [i - back, j - back];
    for (const { index, before, after } of repeated.get(original[originalStart]) ?? []) {
      const [originalEnd, end] = [originalStart + before.length, start + after.length];
      if (originalEnd > iEnd || end > jEnd || (originalEnd <= i && end <= j)) continue;
      if (!original.startsWith(before, originalStart) || !clean.startsWith(after, start)) continue;
      const place = { index, start, end, originalStart, originalEnd };
      if (original[originalEnd] === clean[end] || originalEnd === iEnd || end === jEnd) return place;
      fallback ??= place; // the next change may follow at once
    }
  }
  return fallback;
}

// Return how many characters of both texts to skip until they are equal again, or null.
function findSync(one, other, i, j, iEnd = one.length, jEnd = other.length) {
  for (let distance = 1; distance <= MAX_SYNC_DISTANCE; distance++) {
    for (let skip = 0; skip <= distance; skip++) {
      const [a, b] = [i + skip, j + distance - skip];
      if (a > iEnd || b > jEnd) continue;
      if (iEnd - a < SYNC_CHARS && iEnd - a !== jEnd - b) continue;
      if (one.slice(a, Math.min(iEnd, a + SYNC_CHARS)) === other.slice(b, Math.min(jEnd, b + SYNC_CHARS))) return [skip, distance - skip];
    }
  }
  return null;
}

// Return the parts of a change that was merged from neighbors, as offsets in `after` and in `before`.
function partsOf({ before, after, count }) {
  const whole = [0, after.length, 0, before.length];
  if (count < 2) return [whole];
  const parts = [];
  for (let i = 0, j = 0; i < before.length || j < after.length;) {
    while (i < before.length && before.charCodeAt(i) === after.charCodeAt(j)) { i++; j++; }
    if (i >= before.length && j >= after.length) break;
    const [skip, otherSkip] = findSync(before, after, i, j) ?? [before.length - i, after.length - j];
    parts.push([j, j + otherSkip, i, i + skip]);
    i += skip;
    j += otherSkip;
  }
  return parts.length > 1 ? parts : [whole];
}
