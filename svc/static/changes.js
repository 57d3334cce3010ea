// The changes of a response in the order of the page, with all their places in the clean article and in the input.

import { findParts } from "./stretch.js";

// A longer change is marked only where its texts differ.
const MAX_WHOLE_CHARS = 200;

// The text is the last field of the clean side.
const byField = (one, other) => (one.field === "text") - (other.field === "text");

// Return the changes: { number, field, kind, before, after, explanation, confidence, count, places }.
// A place is { start, end, range }: offsets in the clean field, and its range in the text area or null.
// `source` gives the strings of the input that a field may come from; without it, no place has a range.
export function readChanges(article, source) {
  const changes = [...article.changes].sort(byField).map((change, number) => ({ ...change, number, count: change.count ?? 1 }));
  const used = new Set();
  for (const [field, group] of groupByField(changes)) {
    addPlaces(group, valueOf(article, field), source ? source(field) : [], used);
  }
  return changes;
}

// Return a map from fields to their changes. Map.groupBy needs browsers of 2024.
export function groupByField(changes) {
  const groups = new Map();
  for (const change of changes) {
    if (!groups.has(change.field)) groups.set(change.field, []);
    groups.get(change.field).push(change);
  }
  return groups;
}

// Return the value at a path of the clean article, or "" if it is no string.
export function valueOf(article, path) {
  if (path === "language") return article.language.declared ?? "";
  const value = path.split("/").reduce((parent, key) => parent?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], article);
  return typeof value === "string" ? value : "";
}

function addPlaces(group, clean, sources, used) {
  const toUnits = indexCodePoints(clean);
  for (const change of group) {
    const origin = findOrigin(change, sources, used);
    const parts = partsOf(change);
    change.places = (change.starts ?? [change.start]).flatMap((offset, i) => parts.map(([from, to, first, last]) => {
      const start = toUnits(offset) ?? clean.length;
      const range = origin && [origin.source.toInput(origin.starts[i] + from), origin.source.toInput(origin.starts[i] + to)];
      return { start: start + first, end: start + last, range };
    }));
  }
}

// Return the parts of a change, as offsets in its `before` and in its `after`. Only a stretch and a long change have several.
function partsOf({ before, after, count, starts }) {
  const hasParts = !starts && (count > 1 || before.length > MAX_WHOLE_CHARS);
  const parts = hasParts ? findParts(before, after) : [];
  return parts.length ? parts : [[0, before.length, 0, after.length]];
}

// Return which string of the input has the original text of a change at all its places, or null.
// No two changes have the same place.
function findOrigin({ before, original_start: first, original_starts: offsets = [first] }, sources, used) {
  for (const source of sources) {
    const starts = offsets.map(source.toUnits);
    const keys = starts.map((start) => `${source.name} ${start}`);
    if (!starts.every((start, i) => start !== undefined && source.text.startsWith(before, start) && !used.has(keys[i]))) continue;
    for (const key of keys) used.add(key);
    return { source, starts };
  }
  return null;
}

// Return a function from offsets in code points to offsets in UTF-16 code units.
export function indexCodePoints(text) {
  if (!/[\ud800-\udfff]/.test(text)) return (offset) => offset;
  const offsets = [];
  let position = 0;
  for (const character of text) {
    offsets.push(position);
    position += character.length;
  }
  offsets.push(position);
  return (offset) => offsets[offset];
}
