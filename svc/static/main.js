// The page: what is on the desk goes to the service a moment after it changes, and what comes back is shown beside it.

import { EXAMPLES } from "./examples.js";
import * as link from "./link.js";
import * as options from "./options.js";
import { Problem, ask, curl } from "./service.js";
import { Sides } from "./sides.js";
import * as view from "./view.js";

// Milliseconds: after the last key, and until a wait is worth a word.
const PAUSE = 250;
const SLOW = 1500;
// Characters: more than this a browser takes too long to put in as if it were typed.
const LONG = 200_000;

const form = document.getElementById("desk");
const came = document.getElementById("came");
const sides = new Sides(form);
const typed = { text: "", json: "" }; // what stands in the text area in each mode, kept when the mode changes
let file = null;
let mode = "text";
let timer;
let under; // the request under way
let kept = 0; // how often the desk was kept

function desk() {
  return {
    mode,
    file,
    text: mode === "file" ? "" : came.value,
    charset: form.elements.declared_charset.value.trim(),
    key: form.elements.key.value.trim(),
    options: options.chosen(form),
  };
}

function switchTo(next) {
  if (mode !== "file") typed[mode] = came.value;
  mode = next;
  form.dataset.mode = mode;
  form.elements.mode.value = mode;
  document.getElementById("file-choice").hidden = mode !== "file";
  came.readOnly = mode === "file";
  came.value = mode === "file" ? "" : typed[mode];
  form.elements.declared_charset.disabled = mode !== "text";
  sides.clear();
}

function later() {
  clearTimeout(timer);
  under?.abort(); // its answer would be about what stood there before
  timer = setTimeout(clean, PAUSE);
}

async function clean() {
  clearTimeout(timer);
  under?.abort();
  const asked = desk();
  if (!(asked.mode === "file" ? asked.file : asked.text.trim())) {
    view.nothing(asked.mode === "file" ? "Choose a file, or drop one anywhere." : "");
    sides.clear();
    return keep(asked);
  }
  const mine = (under = new AbortController());
  const slow = setTimeout(() => view.say("Still working; what you typed is kept."), SLOW);
  view.say("Cleaning…");
  try {
    const { article, took } = await ask(asked, mine.signal);
    const text = asked.mode === "file" ? decoded(asked.file, article) : asked.text;
    if (asked.mode === "file") came.value = text;
    sides.show(article, asked, text);
    view.answered(article, took, curl(asked));
  } catch (error) {
    if (mine.signal.aborted) return;
    const told = error instanceof Problem ? error.told : { title: "The service did not answer", detail: "Nothing that you typed is lost." };
    sides.wrong(asked, told);
    view.problem(told, form, { again: clean, point: (from, to) => sides.select(from, to), place: (item) => sides.place(asked, item) });
  } finally {
    clearTimeout(slow);
  }
  keep(asked);
}

// A file is shown as the service decoded it: its names for charsets are the browser's, those of the Encoding Standard.
function decoded(known, article) {
  try {
    return new TextDecoder(article.encoding.name).decode(known.bytes);
  } catch {
    return `(This browser can’t show bytes in ${article.encoding.name}.)`;
  }
}

// Keep what is on the desk in the address; a file stays where it is.
async function keep({ mode: on, text, charset, options: told }) {
  const mine = (kept += 1);
  const fragment = on === "file" || !text ? "" : await link.write({ m: on, t: text, c: charset, o: told });
  if (mine !== kept) return; // of something that was there before
  history.replaceState(null, "", fragment || location.pathname);
  view.linked(fragment, on);
}

async function restore() {
  const state = await link.read(location.hash);
  if (typeof state?.t !== "string") return link.isOne(location.hash) && view.say("This link was cut off or changed on its way.");
  switchTo(state.m === "json" ? "json" : "text");
  came.value = state.t;
  form.elements.declared_charset.value = typeof state.c === "string" ? state.c : "";
  options.choose(form, state.o ?? {});
  if (Object.keys(state.o ?? {}).length) document.getElementById("options").open = true;
  await clean();
}

const TYPES = { html: "text/html", htm: "text/html", xhtml: "application/xhtml+xml", txt: "text/plain", md: "text/plain", json: "application/json" };

async function take(chosen) {
  let bytes;
  try {
    bytes = await chosen.arrayBuffer();
  } catch {
    return view.problem({ title: "This can’t be read", detail: "It is a folder, or it is not there any more.", status: 400 }, form, {});
  }
  const ending = chosen.name.toLowerCase().split(".").pop();
  if (ending === "json" || chosen.type === "application/json") {
    const text = utf8(bytes);
    if (text !== null) {
      put("json", text);
      return clean();
    }
  }
  file = { name: chosen.name, bytes, type: TYPES[ending] ?? "application/octet-stream" };
  switchTo("file");
  return clean();
}

// What is dropped is named where a chosen file is; one at a time.
function drop(dropped) {
  const one = new DataTransfer();
  one.items.add(dropped);
  document.getElementById("file").files = one.files;
  take(dropped);
}

function utf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function example(told) {
  if (typeof told === "string") put("text", told);
  else put("json", JSON.stringify(told, null, 2));
  clean();
}

// Put a text where another may stand, so that undoing brings that back.
function put(next, text) {
  const had = document.activeElement;
  switchTo(next);
  came.focus();
  came.select();
  if (text.length > LONG || !document.execCommand("insertText", false, text)) came.value = text;
  had?.focus();
}

options.build(document.getElementById("choices"));
for (const [name, told] of EXAMPLES) {
  const button = document.createElement("button");
  button.type = "button";
  button.append(name);
  button.addEventListener("click", () => example(told));
  document.getElementById("examples").append(button);
}
form.dataset.mode = mode;
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("input", (event) => {
  if (event.target.name === "mode") {
    switchTo(event.target.value);
    return clean();
  }
  if (event.target.type !== "file") later();
});
document.getElementById("file").addEventListener("change", (event) => event.target.files[0] && take(event.target.files[0]));
for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    document.body.classList.toggle("dropping", name === "dragover");
    if (name === "drop" && event.dataTransfer.files.length) drop(event.dataTransfer.files[0]);
  });
}
addEventListener("hashchange", restore);
view.start();
if (location.hash) restore();
else if (came.value.trim()) clean(); // what a browser filled in again
