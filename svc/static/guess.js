// Guesses that the input is of another type than the one that is set.

const OBJECT = /^\s*\{\s*"(?:[^"\\]|\\.){0,100}"\s*:/;
const LIST = /^\s*\[\s*\{\s*"(?:[^"\\]|\\.){0,100}"\s*:/;
const PAGE = /^\s*<(?:!doctype\s+html|html)\b/i;

// Return a hint { question, label, mode }, or null.
export function guess(mode, text) {
  const start = text.slice(0, 1000);
  if (mode === "text") {
    if (OBJECT.test(start)) return { question: "This looks like JSON.", label: "Read it as an article", mode: "json" };
    if (LIST.test(start)) return { question: "This looks like a list of articles as JSON.", label: "Read the first one", mode: "json" };
    if (PAGE.test(start)) return { question: "This looks like the source of a web page.", label: "Read it as a page", mode: "file" };
  }
  if (mode === "json" && /^\s*[^\s{["]/.test(start)) return { question: "This does not look like JSON.", label: "Read it as text", mode: "text" };
  return null;
}

// Return the first article of a JSON document, a list or JSON lines, and a note if there are more.
export function firstArticle(text) {
  const lines = text.split("\n").filter((line) => line.trim());
  const document = parse(text);
  if (Array.isArray(document) && isObject(document[0])) {
    return { text: JSON.stringify(document[0], null, 2), note: document.length > 1 ? `The first of ${document.length} articles.` : "" };
  }
  if (document === undefined && lines.length > 1 && isObject(parse(lines[0]))) {
    return { text: JSON.stringify(parse(lines[0]), null, 2), note: `The first of ${lines.length} lines. The page cleans one article.` };
  }
  return { text, note: "" };
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
