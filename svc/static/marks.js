// Texts with what was changed marked in them.

const REPAIRS = new Set(["mojibake", "charset", "entity", "escape", "lossy"]);
const GONE = new Set(["boilerplate", "metadata"]);
// More than this nobody looks at one by one, and a browser grows slow.
const MOST = 2000;

function look(kind) {
  return REPAIRS.has(kind) ? "" : GONE.has(kind) ? "gone" : "tidy";
}

// Put a text into an element, with marks over [from, to, change's number, kind] of it, in order of place.
export function show(element, text, ranges, decorate = () => {}) {
  const parts = [];
  let at = 0;
  for (const [from, to, number, kind] of ranges.slice(0, MOST)) {
    if (from < at) continue;
    const mark = document.createElement("mark");
    mark.className = kind === "wrong" ? "wrong" : look(kind);
    mark.dataset.change = number;
    mark.dataset.from = from;
    mark.append(text.slice(from, to));
    decorate(mark, number);
    parts.push(text.slice(at, from), mark);
    at = to;
  }
  element.replaceChildren(...parts, text.slice(at));
}

// Return a function from code points of a text to places in it.
export function indexed(text) {
  if (!/[\ud800-\udfff]/.test(text)) return (at) => at;
  const found = [];
  let at = 0;
  for (const character of text) {
    found.push(at);
    at += character.length;
  }
  found.push(at);
  return (point) => found[point];
}

// Write what can't be seen by its number.
export function visible(text) {
  const seen = text.replace(/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (c) => (c === "\n" ? "↵" : `⟨U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`));
  return /^ +$/.test(seen) ? "␣".repeat(seen.length) : seen;
}
