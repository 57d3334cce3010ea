// Everything around the two sides: status, problems, warnings, the article, the JSON, the command.

import * as reader from "./reader.js";

const byId = (id) => document.getElementById(id);
const copyable = { json: "", curl: "", link: "" };

function createElement(tag, ...parts) {
  const element = document.createElement(tag);
  element.append(...parts);
  return element;
}

export function setStatus(message) {
  byId("status").textContent = message;
}

function clearProblem() {
  byId("problem").hidden = true;
  for (const field of document.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
}

export function showEmpty(message) {
  clearProblem();
  setStatus(message);
  byId("result").hidden = byId("warnings").hidden = true;
}

export function showArticle(article, duration, curl) {
  clearProblem();
  setStatus([summarize(article.changes), duration !== null && `${duration < 10 ? duration.toFixed(1) : Math.round(duration)} ms in the service`].filter(Boolean).join(" · "));
  byId("warnings").hidden = !article.warnings.length;
  byId("warnings").replaceChildren(...article.warnings.map((warning) => createElement("li", createElement("code", warning.field), `: ${warning.detail}`)));
  reader.show(byId("reader"), article);
  copyable.json = JSON.stringify(article, null, 2);
  copyable.curl = curl;
  byId("json").textContent = copyable.json;
  byId("curl").textContent = curl;
  byId("result").hidden = false;
}

function summarize(changes) {
  if (!changes.length) return "No changes";
  const counts = new Map();
  for (const { kind, count } of changes) counts.set(kind, (counts.get(kind) ?? 0) + count);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return `${total} ${total === 1 ? "change" : "changes"}: ${[...counts].map(([kind, count]) => `${count} ${kind}`).join(", ")}`;
}

// Show a problem in the service's words, and mark the input that it names.
export function showProblem(problem, form, actions) {
  clearProblem();
  setStatus("");
  byId("result").hidden = byId("warnings").hidden = true;
  const parts = [createElement("h2", problem.title), createElement("p", problem.detail)];
  const list = createElement("ul");
  const markInput = (error, message) => {
    const range = actions.locate(error);
    if (range) {
      const button = createElement("button", "Show");
      button.type = "button";
      button.addEventListener("click", () => actions.select(...range));
      message.append(" ", button);
    }
    controlOf(form, error)?.setAttribute("aria-invalid", "true");
  };
  for (const error of problem.errors ?? []) {
    const name = error.pointer || error.parameter ? createElement("code", error.pointer ?? error.parameter) : "";
    const message = createElement("li", name, ` ${error.detail}`);
    markInput(error, message);
    list.append(message);
  }
  if (problem.errors?.length) parts.push(list);
  else if (problem.offset !== undefined) markInput(problem, parts[1]);
  if (problem.status === 401) {
    byId("options").open = true;
    form.elements.key.setAttribute("aria-invalid", "true");
  }
  if (!problem.status || problem.status >= 500) {
    const button = createElement("button", "Try again");
    button.type = "button";
    button.addEventListener("click", actions.retry);
    parts.push(createElement("p", button));
  }
  byId("problem").replaceChildren(...parts);
  byId("problem").hidden = false;
}

// Return the control that an error is about.
function controlOf(form, { pointer, parameter }) {
  if (parameter) return form.elements[parameter];
  if (pointer === "/declared_charset" && !form.elements.declared_charset.disabled) return form.elements.declared_charset;
  return form.querySelector("#input");
}

export function setLink(fragment, mode) {
  copyable.link = fragment && new URL(fragment, document.baseURI).href;
  byId("link").disabled = !fragment;
  byId("link-status").textContent = fragment ? "" : mode === "file" ? "A file cannot be shared by a link." : "The text is too long for a link.";
}

async function copy(text, button) {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Blocked: select the text and copy it"; // over plain HTTP, except on localhost
  }
  setTimeout(() => { button.textContent = label; }, 2000);
}

export function start() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", () => copy(copyable[button.dataset.copy], button));
  }
  byId("link").addEventListener("click", (event) => copy(copyable.link, event.target));
}
