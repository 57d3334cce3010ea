// Texts with marks. A long text is painted in chunks, so that the browser can respond between them.

const CHUNK_CHARS = 6_000;
// Without a line break, a text area and the layer below it break lines alike only in one piece.
const MAX_LINE_CHARS = 100_000;

// Put a text into an element, with marks at ranges { start, end, className, decorate(mark) }, sorted by start.
// Each chunk is a block that ends with a line break.
export async function paint(element, text, ranges, signal) {
  element.replaceChildren();
  let next = 0;
  let position = 0;
  for (const end of chunkEnds(text)) {
    if (position) await yieldToBrowser();
    if (signal?.aborted) return;
    const block = document.createElement("div");
    if (text.length > CHUNK_CHARS) block.className = "part";
    const isLast = end === text.length;
    for (; next < ranges.length && (ranges[next].start < end || isLast); next++) {
      const { start, end: rangeEnd, className, decorate } = ranges[next];
      if (rangeEnd < position || (start < position && rangeEnd === position)) continue;
      const mark = document.createElement("mark");
      mark.className = className;
      mark.append(text.slice(Math.max(start, position), Math.min(rangeEnd, end)));
      decorate?.(mark);
      block.append(text.slice(position, Math.max(start, position)), mark);
      position = Math.max(position, Math.min(rangeEnd, end));
      if (rangeEnd > end) break; // the rest is in the next chunk
    }
    block.append(text.slice(position, end));
    position = end;
    element.append(block);
  }
}

function* chunkEnds(text) {
  let start = 0;
  if (!text) yield 0;
  while (start < text.length) {
    const lineBreak = text.indexOf("\n", start + CHUNK_CHARS);
    start = lineBreak < 0 || start + CHUNK_CHARS > text.length ? text.length : lineBreak + 1;
    yield start;
  }
}

export function hasVeryLongLine(text) {
  for (let start = 0; start < text.length;) {
    const end = text.indexOf("\n", start);
    if ((end < 0 ? text.length : end) - start > MAX_LINE_CHARS) return true;
    if (end < 0) return false;
    start = end + 1;
  }
  return false;
}

export function yieldToBrowser() {
  return new Promise((resolve) => { setTimeout(resolve); });
}

// Replace invisible characters by their code points.
export function visible(text) {
  const result = text.replace(/[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (c) => (c === "\n" ? "↵" : `⟨U+${c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟩`));
  return /^ +$/.test(result) ? "␣".repeat(result.length) : result;
}
