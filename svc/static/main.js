// The page sends the input to the service shortly after each change, and shows the result beside it.

import { EXAMPLES } from "./examples.js";
import * as link from "./link.js";
import * as options from "./options.js";
import { ProblemError, curl, send } from "./service.js";
import { Sides } from "./sides.js";
import * as view from "./view.js";

const TYPING_PAUSE_MS = 250;
const SLOW_AFTER_MS = 1500;
// Browsers insert longer texts too slowly in a way that can be undone.
const MAX_UNDOABLE_CHARS = 200_000;

const form = document.getElementById("editor");
const input = document.getElementById("input");
const sides = new Sides(form);
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

function setMode(newMode) {
  if (mode !== "file") inputByMode[mode] = input.value;
  mode = newMode;
  form.dataset.mode = mode;
  form.elements.mode.value = mode;
  document.getElementById("file-choice").hidden = mode !== "file";
  input.readOnly = mode === "file";
  input.value = mode === "file" ? "" : inputByMode[mode];
  form.elements.declared_charset.disabled = mode !== "text";
  sides.clear();
}

function cleanLater() {
  clearTimeout(timer);
  pending?.abort(); // its result would belong to the previous input
  timer = setTimeout(clean, TYPING_PAUSE_MS);
}

async function clean() {
  clearTimeout(timer);
  pending?.abort();
  const state = readState();
  if (!(state.mode === "file" ? state.file : state.text.trim())) {
    view.showEmpty(state.mode === "file" ? "Choose a file, or drop one anywhere on the page." : "");
    sides.clear();
    return save(state);
  }
  const current = (pending = new AbortController());
  const slowTimer = setTimeout(() => view.setStatus("Still working. Your input is kept."), SLOW_AFTER_MS);
  view.setStatus("Cleaning…");
  try {
    const { article, duration } = await send(state, current.signal);
    const text = state.mode === "file" ? decodeFile(state.file, article) : state.text;
    if (state.mode === "file") input.value = text;
    sides.show(article, state, text);
    view.showArticle(article, duration, curl(state));
  } catch (error) {
    if (current.signal.aborted) return;
    const problem = error instanceof ProblemError ? error.problem : { title: "No response", detail: "Your input is kept." };
    sides.showErrors(state, problem);
    view.showProblem(problem, form, { retry: clean, select: (start, end) => sides.select(start, end), locate: (item) => sides.locate(state, item) });
  } finally {
    clearTimeout(slowTimer);
  }
  save(state);
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
  const fragment = mode === "file" || !text ? "" : await link.write({ m: mode, t: text, c: charset, o: options });
  if (count !== saveCount) return; // a newer state was saved meanwhile
  history.replaceState(null, "", fragment || location.pathname);
  view.setLink(fragment, mode);
}

async function restore() {
  const state = await link.read(location.hash);
  if (typeof state?.t !== "string") return link.isState(location.hash) && view.setStatus("This link is incomplete or damaged.");
  setMode(state.m === "json" ? "json" : "text");
  input.value = state.t;
  form.elements.declared_charset.value = typeof state.c === "string" ? state.c : "";
  options.write(form, state.o ?? {});
  if (Object.keys(state.o ?? {}).length) document.getElementById("options").open = true;
  await clean();
}

const TYPES = { html: "text/html", htm: "text/html", xhtml: "application/xhtml+xml", txt: "text/plain", md: "text/plain", json: "application/json" };

async function openFile(chosen) {
  let bytes;
  try {
    bytes = await chosen.arrayBuffer();
  } catch {
    return view.showProblem({ title: "Cannot read the file", detail: "It is a folder, or it no longer exists.", status: 400 }, form, {});
  }
  const extension = chosen.name.toLowerCase().split(".").pop();
  if (extension === "json" || chosen.type === "application/json") {
    const text = decodeUtf8(bytes);
    if (text !== null) {
      setInput("json", text);
      return clean();
    }
  }
  file = { name: chosen.name, bytes, type: TYPES[extension] ?? "application/octet-stream" };
  setMode("file");
  return clean();
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
  input.focus();
  input.select();
  if (text.length > MAX_UNDOABLE_CHARS || !document.execCommand("insertText", false, text)) input.value = text;
  focused?.focus();
}

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
if (location.hash) restore();
else if (input.value.trim()) clean(); // the browser restored the input of an earlier visit
