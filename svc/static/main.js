// The page sends the input to the service shortly after each change, and shows the result beside it.

import { ChangeList } from "./changelist.js";
import { EXAMPLES } from "./examples.js";
import { firstArticle, guess } from "./guess.js";
import * as link from "./link.js";
import { yieldToBrowser } from "./marks.js";
import * as options from "./options.js";
import { Panes } from "./panes.js";
import { ProblemError, curl, send } from "./service.js";
import * as view from "./view.js";

const TYPING_PAUSE_MS = 250;
const SLOW_AFTER_MS = 1500;
// Longer texts are cleaned by a button: cleaning while typing would slow the browser down.
const MAX_LIVE_CHARS = 100_000;
// Browsers insert longer texts too slowly in a way that can be undone.
const MAX_UNDOABLE_CHARS = 100_000;

const form = document.getElementById("editor");
const input = document.getElementById("input");
const cleanButton = document.getElementById("clean-now");
const list = new ChangeList(form, (number, place) => panes.choose(number, place, true), (number, place) => panes.focusMark(number, place));
const panes = new Panes(form, (number, place, isPressed) => {
  list.choose(number, place, isPressed);
  panes.choose(number, place, isPressed);
});
const inputByMode = { text: "", json: "" };
let file = null;
let mode = "text";
let timer;
let pending; // the AbortController of the current request
let saveCount = 0;

function readState() {
  return {
    mode,
    file,
    text: mode === "file" ? "" : input.value,
    charset: form.elements.declared_charset.value.trim(),
    key: form.elements.key.value.trim(),
    options: options.read(form),
  };
}

function clearResult(message = "") {
  panes.clear();
  list.show([], message);
}

function setMode(newMode) {
  if (mode !== "file") inputByMode[mode] = input.value;
  mode = newMode;
  form.dataset.mode = mode;
  form.elements.mode.value = mode;
  document.getElementById("file-choice").hidden = mode !== "file";
  input.readOnly = mode === "file";
  input.value = mode === "file" ? "" : inputByMode[mode];
  form.elements.declared_charset.disabled = mode !== "text";
  clearResult();
}

function cleanLater() {
  clearTimeout(timer);
  pending?.abort(); // its result would belong to the previous input
  const isLong = input.value.length > MAX_LIVE_CHARS && mode !== "file";
  cleanButton.hidden = !isLong;
  view.setBusy(!isLong);
  if (isLong) waitForButton();
  else timer = setTimeout(() => clean(), TYPING_PAUSE_MS);
}

function waitForButton() {
  view.setStatus("A long text: press Clean, or Ctrl+Enter, when it is ready.");
  view.setLink("", mode);
  if (location.hash) history.replaceState(null, "", location.pathname);
}

// Clean the input. The link of the page is kept if the user has done nothing yet.
async function clean({ isFirst = false } = {}) {
  clearTimeout(timer);
  pending?.abort();
  const state = readState();
  cleanButton.hidden = state.text.length <= MAX_LIVE_CHARS;
  showHint(state);
  if (!(state.mode === "file" ? state.file : state.text.trim())) {
    view.showEmpty(state.mode === "file" ? "Choose a file, or drop one anywhere on the page." : "");
    clearResult("Each change is explained here.");
    view.setBusy(false);
    return save(state);
  }
  const current = (pending = new AbortController());
  const slowTimer = setTimeout(() => view.setStatus("Still working. Your input is kept."), SLOW_AFTER_MS);
  view.setStatus("Cleaning…");
  view.setBusy(true);
  let hasResponse = false;
  try {
    const { article, duration } = await send(state, current.signal);
    hasResponse = true;
    const text = state.mode === "file" ? decodeFile(state.file, article) : state.text;
    if (state.mode === "file") input.value = text;
    // One step after the other, so that the browser can respond between them: a long text has many changes.
    const steps = [
      () => list.show(panes.read(article, state, text), "Nothing was changed."),
      () => panes.show(article),
      () => view.showArticle(article, duration, curl(state)),
    ];
    for (const step of steps) {
      if (text.length > MAX_LIVE_CHARS) await yieldToBrowser();
      if (current.signal.aborted) return;
      step();
    }
  } catch (error) {
    if (current.signal.aborted) return;
    if (!(error instanceof ProblemError)) console.warn(error);
    const unexpected = hasResponse
      ? { title: "The page failed", detail: String(error) }
      : { title: "No response", detail: "Your input is kept." };
    showFailure(state, error instanceof ProblemError ? error.problem : unexpected);
  } finally {
    clearTimeout(slowTimer);
    if (!current.signal.aborted) view.setBusy(false);
  }
  if (!isFirst) save(state);
}

function showFailure(state, problem) {
  const locate = panes.createLocator(state);
  list.show([], "The input was not cleaned.");
  panes.markErrors(problem, locate);
  view.showProblem(problem, form, { retry: () => clean(), select: (start, end) => panes.select(start, end), locate });
}

function showHint(state) {
  const hint = guess(state.mode, state.text);
  if (hint) view.showHint(hint.question, hint.label, () => acceptHint(hint.mode, state.text));
  else view.showHint("");
}

async function acceptHint(newMode, text) {
  let note = "";
  if (newMode === "file") {
    file = { name: "page.html", bytes: new TextEncoder().encode(text).buffer, type: "text/html; charset=utf-8" };
    setMode("file");
  } else if (newMode === "json") {
    const article = firstArticle(text);
    note = article.note;
    setInput("json", article.text);
  } else setInput("text", text);
  input.focus();
  await clean();
  if (note) view.showHint(note);
}

// Decode a file as the service did. Both use the charset names of the Encoding Standard.
function decodeFile({ bytes }, article) {
  try {
    return new TextDecoder(article.encoding.name).decode(bytes);
  } catch {
    return `(This browser cannot decode ${article.encoding.name}.)`;
  }
}

// Save the state in the address of the page, except for files.
async function save({ mode, text, charset, options }) {
  const count = (saveCount += 1);
  const isSaved = mode !== "file" && text && text.length <= MAX_LIVE_CHARS;
  const fragment = isSaved ? await link.write({ m: mode, t: text, c: charset, o: options }) : "";
  if (count !== saveCount) return; // a newer state was saved meanwhile
  history.replaceState(null, "", fragment || location.pathname);
  view.setLink(fragment, mode);
}

async function restore() {
  if (!link.isState(location.hash)) return;
  const state = await link.read(location.hash);
  if (typeof state?.t !== "string") {
    view.setStatus("This link is incomplete or damaged.");
    view.setBusy(false);
    return;
  }
  setMode(state.m === "json" ? "json" : "text");
  input.value = state.t;
  form.elements.declared_charset.value = typeof state.c === "string" ? state.c : "";
  options.write(form, state.o ?? {});
  if (Object.keys(state.o ?? {}).length) document.getElementById("options").open = true;
  await clean();
}

const TYPES = { html: "text/html", htm: "text/html", xhtml: "application/xhtml+xml", txt: "text/plain", md: "text/plain", json: "application/json" };
const JSON_EXTENSIONS = new Set(["json", "jsonl", "ndjson"]);
const TABLE_EXTENSIONS = new Set(["csv", "tsv"]);

async function openFile(chosen) {
  let bytes;
  try {
    bytes = await chosen.arrayBuffer();
  } catch {
    return view.showProblem({ title: "Cannot read the file", detail: "It is a folder, or it no longer exists.", status: 400 }, form, {});
  }
  const extension = chosen.name.toLowerCase().split(".").pop();
  if (JSON_EXTENSIONS.has(extension) || chosen.type === "application/json") {
    const text = decodeUtf8(bytes);
    if (text !== null) {
      const article = firstArticle(text);
      setInput("json", article.text);
      await clean();
      return article.note && view.showHint(article.note);
    }
  }
  file = { name: chosen.name, bytes, type: TYPES[extension] ?? "application/octet-stream" };
  setMode("file");
  await clean();
  if (TABLE_EXTENSIONS.has(extension)) view.showHint("A table is read as one text here. The command copydesk clean reads its rows.");
}

// Open a dropped file, and show its name in the file control.
function dropFile(dropped) {
  const transfer = new DataTransfer();
  transfer.items.add(dropped);
  document.getElementById("file").files = transfer.files;
  openFile(dropped);
}

function decodeUtf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function openExample(example) {
  if (typeof example === "string") setInput("text", example);
  else setInput("json", JSON.stringify(example, null, 2));
  clean();
}

// Replace the input in a way that the browser can undo.
function setInput(newMode, text) {
  const focused = document.activeElement;
  setMode(newMode);
  if (text.length > MAX_UNDOABLE_CHARS) {
    input.value = text;
    return;
  }
  input.focus({ preventScroll: true });
  input.select();
  if (!document.execCommand("insertText", false, text)) input.value = text;
  focused?.focus({ preventScroll: true });
}

// Insert a long text at once. Browsers need minutes for a megabyte, as they keep each line for the undo history.
function pasteLongText(event) {
  const text = event.clipboardData.getData("text/plain");
  if (text.length <= MAX_UNDOABLE_CHARS || input.readOnly) return;
  event.preventDefault();
  input.setRangeText(text, input.selectionStart, input.selectionEnd, "end");
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function start() {
  options.build(document.getElementById("choices"));
  for (const [name, example] of EXAMPLES) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(name);
    button.addEventListener("click", () => openExample(example));
    document.getElementById("examples").append(button);
  }
  form.dataset.mode = mode;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", (event) => {
    if (event.target.name === "mode") {
      setMode(event.target.value);
      return clean();
    }
    if (event.target.type !== "file") cleanLater();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) clean();
  });
  input.addEventListener("paste", pasteLongText);
  cleanButton.addEventListener("click", () => clean());
  document.getElementById("file").addEventListener("change", (event) => event.target.files[0] && openFile(event.target.files[0]));
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      if (![...event.dataTransfer.types].includes("Files")) return;
      event.preventDefault();
      document.body.classList.toggle("dropping", name === "dragover");
      if (name === "drop" && event.dataTransfer.files.length) dropFile(event.dataTransfer.files[0]);
    });
  }
  addEventListener("hashchange", restore);
  view.start();
  if (link.isState(location.hash)) restore();
  else if (input.value.trim()) clean(); // the browser restored the input of an earlier visit
  else {
    input.value = EXAMPLES[0][1];
    clean({ isFirst: true });
  }
}

start();
