// What stands around the two sides: the state of things, problems, warnings, the article, the JSON, the command.

import * as reader from "./reader.js";

const at = (id) => document.getElementById(id);
const shown = { json: "", curl: "", link: "" };

function element(tag, ...parts) {
  const made = document.createElement(tag);
  made.append(...parts);
  return made;
}

export function say(text) {
  at("status").textContent = text;
}

function settle() {
  at("problem").hidden = true;
  for (const field of document.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
}

export function nothing(text) {
  settle();
  say(text);
  at("result").hidden = at("warnings").hidden = true;
}

export function answered(article, took, curl) {
  settle();
  say([summary(article.changes), took !== null && `${took < 10 ? took.toFixed(1) : Math.round(took)} ms in the service`].filter(Boolean).join(" · "));
  at("warnings").hidden = !article.warnings.length;
  at("warnings").replaceChildren(...article.warnings.map((w) => element("li", element("code", w.field), `: ${w.detail}`)));
  reader.show(at("reader"), article);
  shown.json = JSON.stringify(article, null, 2);
  shown.curl = curl;
  at("json").textContent = shown.json;
  at("curl").textContent = curl;
  at("result").hidden = false;
}

function summary(changes) {
  if (!changes.length) return "Nothing was changed.";
  const counts = new Map();
  for (const { kind, count } of changes) counts.set(kind, (counts.get(kind) ?? 0) + count);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  return `${total} ${total === 1 ? "change" : "changes"}: ${[...counts].map(([kind, count]) => `${count} ${kind}`).join(", ")}`;
}

// Show a problem in the server's words, and mark what it names.
export function problem(told, form, go) {
  settle();
  say("");
  at("result").hidden = at("warnings").hidden = true;
  const parts = [element("h2", told.title), element("p", told.detail)];
  const list = element("ul");
  const name = (item, said) => {
    const place = go.place(item);
    if (place) {
      const button = element("button", "Show");
      button.type = "button";
      button.addEventListener("click", () => go.point(...place));
      said.append(" ", button);
    }
    named(form, item)?.setAttribute("aria-invalid", "true");
  };
  for (const item of told.errors ?? []) {
    const said = element("li", item.pointer || item.parameter ? element("code", item.pointer ?? item.parameter) : "", ` ${item.detail}`);
    name(item, said);
    list.append(said);
  }
  if (told.errors?.length) parts.push(list);
  else if (told.offset !== undefined) name(told, parts[1]);
  if (told.status === 401) {
    at("options").open = true;
    form.elements.key.setAttribute("aria-invalid", "true");
  }
  if (!told.status || told.status >= 500) {
    const again = element("button", "Try again");
    again.type = "button";
    again.addEventListener("click", go.again);
    parts.push(element("p", again));
  }
  at("problem").replaceChildren(...parts);
  at("problem").hidden = false;
}

// The control that an error is about.
function named(form, { pointer, parameter }) {
  if (parameter) return form.elements[parameter];
  if (pointer === "/declared_charset" && !form.elements.declared_charset.disabled) return form.elements.declared_charset;
  return form.querySelector("#came");
}

export function linked(fragment, mode) {
  shown.link = fragment && new URL(fragment, document.baseURI).href;
  at("link").disabled = !fragment;
  at("link-said").textContent = fragment ? "" : mode === "file" ? "A file has no link." : "This is too long for a link.";
}

async function copy(text, button) {
  const was = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not allowed here: select it and copy"; // over plain HTTP, but for localhost
  }
  setTimeout(() => { button.textContent = was; }, 2000);
}

export function start() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", () => copy(shown[button.dataset.copy], button));
  }
  at("link").addEventListener("click", (event) => copy(shown.link, event.target));
}
