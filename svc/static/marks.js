// Texts with marks at their changes.

const REPAIR_KINDS = new Set(["mojibake", "charset", "entity", "escape", "lossy"]);
const REMOVAL_KINDS = new Set(["boilerplate", "metadata"]);
// More marks slow a browser down.
const MAX_MARKS = 2000;

function classOf(kind) {
  if (kind === "wrong") return "wrong";
  return REPAIR_KINDS.has(kind) ? "" : REMOVAL_KINDS.has(kind) ? "gone" : "tidy";
}

// Put a text into an element, with marks at ranges [start, end, number of the change, kind], sorted by start.
export function show(element, text, ranges, decorate = () => {}) {
  const parts = [];
  let position = 0;
  for (const [start, end, number, kind] of ranges.slice(0, MAX_MARKS)) {
    if (start < position) continue;
    const mark = document.createElement("mark");
    mark.className = classOf(kind);
    mark.dataset.change = number;
    mark.dataset.start = start;
    mark.append(text.slice(start, end));
    decorate(mark, number);
    parts.push(text.slice(position, start), mark);
    position = end;
  }
  element.replaceChildren(...parts, text.slice(position));
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

// Replace invisible characters by their code points.
export function visible(text) {
  const result = text.replace(/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (c) => (c === "\n" ? "↵" : `⟨U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`));
  return /^ +$/.test(result) ? "␣".repeat(result.length) : result;
}
