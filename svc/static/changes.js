// The changes of a response in the order of the page, with all their places in the clean article and in the input.

import { findPlaces } from "./places.js";

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
  const located = group.map((change) => {
    const start = toUnits(change.start) ?? clean.length;
    return { ...change, start, end: start + change.after.length, origin: findOrigin(change, sources, used) };
  });
  const origins = new Set(located.map((change) => change.origin?.source));
  const [only] = origins;
  if (origins.size === 1 && only) {
    const ordered = located.map((change) => ({ ...change, originalStart: change.origin.start, originalEnd: change.origin.end }));
    for (const [i, places] of findPlaces(only.text, clean, ordered).entries()) {
      group[i].places = places.map(([start, end, from, to]) => ({ start, end, range: [only.toInput(from), only.toInput(to)] }));
    }
    return;
  }
  for (const [i, { start, end, origin }] of located.entries()) {
    const range = origin && [origin.source.toInput(origin.start), origin.source.toInput(origin.end)];
    group[i].places = [{ start, end, range: range ?? null }];
  }
}

// Return where the input has the original text of a change, or null. No two changes have the same place.
function findOrigin({ before, original_start: offset }, sources, used) {
  for (const source of sources) {
    const start = source.toUnits(offset);
    const key = `${source.name} ${start}`;
    if (start === undefined || !source.text.startsWith(before, start) || used.has(key)) continue;
    used.add(key);
    return { source, start, end: start + before.length };
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
