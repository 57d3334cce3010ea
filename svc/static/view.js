// Everything around the panes: status, problems, hints, warnings, the article, the JSON, the command.

import { fieldName } from "./names.js";
import * as reader from "./reader.js";

// Longer texts are shown in part: the browser would be busy with them. Buttons copy and download all of them.
const MAX_SHOWN_CHARS = 20_000;
// Below 500, only these, which are mostly those of proxies, may pass without another input.
const RETRIED_STATUSES = new Set([403, 408, 429]);

const byId = (id) => document.getElementById(id);
// Each is written when it is needed: JSON of a long article costs time.
const content = { text: () => "", json: () => "", curl: () => "", link: () => "" };
const downloads = { text: ["clean.txt", "text/plain"], json: ["clean.json", "application/json"] };

function createElement(tag, ...parts) {
  const element = document.createElement(tag);
  element.append(...parts);
  return element;
}

// Return the parts of a text, with `code` as elements.
function formatCode(text) {
  return text.split("`").map((part, i) => (i % 2 ? createElement("code", part) : part));
}

function createButton(label, action) {
  const button = createElement("button", label);
  button.type = "button";
  button.addEventListener("click", action);
  return button;
}

export function setStatus(message) {
  byId("status").textContent = message;
  byId("brief").hidden = true;
}

export function setBusy(isBusy) {
  byId("clean-box").setAttribute("aria-busy", String(isBusy));
}

export function clearProblem() {
  byId("problem").hidden = true;
  byId("clean").hidden = false;
  for (const field of document.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
}

export function showEmpty(message) {
  clearProblem();
  setStatus(message);
  setContent(null, "");
  byId("result").hidden = byId("warnings").hidden = true;
}

function setContent(article, curl) {
  content.isLong = article?.text.length > MAX_SHOWN_CHARS;
  content.text = () => article.text;
  content.json = () => JSON.stringify(article, null, 2);
  content.curl = () => curl;
  for (const button of document.querySelectorAll('.head [data-copy], [data-download="text"]')) button.disabled = !article;
}

export function showArticle(article, duration, curl) {
  clearProblem();
  const { encoding } = article;
  setStatus([summarize(article.changes), encoding && `Bytes in ${encoding.name}${encoding.source === encoding.name ? "" : ` (${encoding.source})`}`, article.warnings.length && `${article.warnings.length} ${article.warnings.length === 1 ? "warning" : "warnings"}`,
    duration !== null && `${duration < 10 ? duration.toFixed(1) : Math.round(duration)} ms in the service`].filter(Boolean).join(" · "));
  byId("warnings").hidden = !article.warnings.length;
  byId("warnings").replaceChildren(...article.warnings.map((warning) => createElement("li", createElement("b", fieldName(warning.field)), ": ", ...formatCode(warning.detail))));
  reader.show(byId("reader"), article, MAX_SHOWN_CHARS);
  setContent(article, curl);
  byId("result").hidden = false;
  showDetails();
}

// Fill in the details, of a long article only if they are open.
function showDetails() {
  for (const [details, name] of [["document", "json"], ["command", "curl"]]) {
    if (byId("result").hidden || (content.isLong && !byId(details).open)) continue;
    const text = content[name]();
    byId(name).textContent = text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}\n… ${text.length - MAX_SHOWN_CHARS} more characters: copy ${name === "json" ? "or download " : ""}all.` : text;
  }
}

function summarize(changes) {
  if (!changes.length) return "No changes";
  const counts = new Map();
  for (const { kind, count = 1 } of changes) counts.set(kind, (counts.get(kind) ?? 0) + count);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return `${total} ${total === 1 ? "change" : "changes"}: ${[...counts].map(([kind, count]) => `${count} ${kind}`).join(", ")}`;
}

// Show a problem in the service's words in place of the clean text, and mark the input that it names.
export function showProblem(problem, form, actions) {
  clearProblem();
  setStatus("");
  setContent(null, "");
  byId("result").hidden = byId("warnings").hidden = true;
  const parts = [createElement("h3", problem.title)];
  // An error of the whole document has the same sentence.
  if (!problem.errors?.some((error) => error.detail === problem.detail)) parts.push(createElement("p", ...formatCode(problem.detail)));
  const list = createElement("ul");
  const markInput = (error, message) => {
    const range = actions.locate?.(error);
    if (range) message.append(" ", createButton("Show", () => actions.select(...range)));
    controlOf(form, error)?.setAttribute("aria-invalid", "true");
  };
  for (const error of problem.errors ?? []) {
    const name = error.pointer ? fieldName(error.pointer.slice(1)) : error.parameter ?? "";
    const message = createElement("li", createElement("b", name), name ? ": " : "", ...formatCode(error.detail));
    message.dataset.brief = message.textContent;
    markInput(error, message);
    list.append(message);
  }
  if (problem.errors?.length) parts.push(list);
  else if (problem.offset !== undefined) markInput(problem, parts[1]);
  if (problem.status === 401) {
    byId("options").open = true;
    form.elements.key.setAttribute("aria-invalid", "true");
  }
  const mayPass = !problem.status || problem.status >= 500 || RETRIED_STATUSES.has(problem.status);
  if (actions.retry && mayPass) parts.push(createElement("p", createButton("Try again", actions.retry)));
  byId("problem").replaceChildren(...parts);
  byId("problem").hidden = false;
  byId("clean").hidden = true;
  // On a phone, the problem may be outside the screen; this line never is. Screen readers hear the problem itself.
  byId("brief").textContent = [problem.title, ...(list.firstChild ? [list.firstChild.dataset.brief] : [problem.detail])].join(": ");
  byId("brief").hidden = false;
}

// Return the control that an error is about.
function controlOf(form, { pointer, parameter }) {
  if (parameter) return form.elements[parameter];
  if (pointer === "/declared_charset" && !form.elements.declared_charset.disabled) return form.elements.declared_charset;
  return form.elements.input;
}

// Show a question about the input with a button, a note without one, or nothing.
export function showHint(text, label, action) {
  const parts = text ? [createElement("span", text)] : [];
  if (label) parts.push(createButton(label, action));
  if (text) {
    const close = createButton("×", () => byId("hint").replaceChildren());
    close.setAttribute("aria-label", "Close the hint");
    parts.push(close);
  }
  byId("hint").replaceChildren(...parts);
}

export function setLink(fragment, mode) {
  content.link = () => fragment && new URL(fragment, document.baseURI).href;
  byId("link").disabled = !fragment;
  byId("link-status").textContent = fragment ? "" : mode === "file" ? "A file cannot be shared by a link." : "The text is too long for a link.";
}

async function copy(text, button) {
  const label = (button.dataset.label ??= button.textContent);
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Blocked: select and copy"; // over plain HTTP, except on localhost
  }
  setTimeout(() => { button.textContent = label; }, 2000);
}

function download(name) {
  const [fileName, type] = downloads[name];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content[name]()], { type: `${type};charset=utf-8` }));
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export function start() {
  for (const button of document.querySelectorAll("[data-copy]")) button.addEventListener("click", () => copy(content[button.dataset.copy](), button));
  for (const button of document.querySelectorAll("[data-download]")) button.addEventListener("click", () => download(button.dataset.download));
  for (const details of ["document", "command"]) byId(details).addEventListener("toggle", showDetails);
  byId("link").addEventListener("click", (event) => copy(content.link(), event.target));
}
