// The list of changes with their explanations, and the legend of the marks.

import { visible } from "./marks.js";
import { CLASSES, classOf, fieldName, kindName } from "./names.js";

const MAX_CHARS = 100;
// A page has at most this many changes, so that it appears at once.
const PAGE_SIZE = 100;

function createElement(tag, text, className = "") {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(text);
  return element;
}

function truncate(text) {
  return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS - 1)}…` : text;
}

export class ChangeList {
  // `onPick(number, place)` is called when the user picks a change, `onLeave(number, place)` when Escape leaves the list.
  constructor(form, onPick, onLeave) {
    this.box = form.querySelector("#change-box");
    this.list = form.querySelector("#changes");
    this.total = form.querySelector("#total");
    this.legend = form.querySelector("#legend");
    this.pager = form.querySelector("#pager");
    Object.assign(this, { onPick, onLeave });
    this.list.addEventListener("click", ({ target }) => this.pick(target.closest("button")));
    this.list.addEventListener("keydown", (event) => this.handleKey(event));
    this.show([]);
  }

  show(changes, message = "") {
    this.changes = changes;
    this.current = null;
    const count = changes.reduce((sum, change) => sum + change.count, 0);
    this.total.textContent = count ? String(count) : "";
    this.legend.replaceChildren(...CLASSES.flatMap((entry) => this.createLegendEntry(entry)));
    this.legend.hidden = !changes.length;
    this.box.scrollTop = 0;
    this.showPage(0, message);
  }

  createLegendEntry([name, title, kinds]) {
    const counts = kinds.map((kind) => [kind, this.changes.reduce((sum, c) => sum + (c.kind === kind ? c.count : 0), 0)]).filter(([, count]) => count);
    if (!counts.length) return [];
    const entry = document.createElement("li");
    entry.append(createElement("mark", title, name), ` ${counts.map(([kind, count]) => `${count} ${kindName(kind)}`).join(", ")}`);
    return [entry];
  }

  showPage(start, message = "") {
    this.start = start;
    const page = this.changes.slice(start, start + PAGE_SIZE);
    this.list.start = start + 1;
    this.list.replaceChildren(...page.map((change) => this.createItem(change)));
    if (!page.length && message) this.list.append(createElement("li", message, "none"));
    if (page.length) this.list.querySelector("button").tabIndex = 0; // the Tab key stops once, as in the clean text
    this.pager.hidden = this.changes.length <= PAGE_SIZE;
    const turn = (label, to) => {
      const button = createElement("button", label);
      button.type = "button";
      button.disabled = to < 0 || to >= this.changes.length;
      button.addEventListener("click", () => {
        this.showPage(to);
        this.list.querySelector("button").focus();
      });
      return button;
    };
    this.pager.replaceChildren(turn("Earlier", start - PAGE_SIZE), createElement("span", `${start + 1} to ${start + page.length} of ${this.changes.length}`), turn("Later", start + PAGE_SIZE));
  }

  createItem(change) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.tabIndex = -1;
    button.dataset.number = change.number;
    const facts = createElement("span", "", "facts");
    facts.append(createElement("span", kindName(change.kind), `chip ${classOf(change.kind)}`));
    if (change.field !== "text") facts.append(`in ${fieldName(change.field)}`);
    if (change.count > 1) facts.append(createElement("span", `${change.count} times`));
    // 0.998 is shown as 99 %: only a certain change has 100 %. Confidences have three decimals.
    facts.append(createElement("span", `${Math.floor(Math.round(change.confidence * 1000) / 10)} % sure`, "sure"));
    const pair = createElement("span", "", `pair ${classOf(change.kind)}`);
    const after = change.after ? createElement("bdi", truncate(visible(change.after)), "is") : createElement("em", "removed");
    pair.append(createElement("bdi", truncate(visible(change.before)), "was"), " → ", after);
    button.append(facts, pair, createElement("span", change.explanation ? visible(change.explanation) : "", "why"), createElement("span", "", "place"));
    item.append(button);
    return item;
  }

  buttonOf(number) {
    if (number < this.start || number >= this.start + PAGE_SIZE) this.showPage(Math.floor(number / PAGE_SIZE) * PAGE_SIZE);
    return this.list.querySelector(`[data-number="${number}"]`);
  }

  // A second press on a change goes to its next place.
  pick(button) {
    if (!button) return;
    const number = Number(button.dataset.number);
    const { places } = this.changes[number];
    const place = this.current?.number === number ? (this.current.place + 1) % places.length : 0;
    this.choose(number, place);
    this.onPick(number, place);
  }

  // Mark a change as the current one, and scroll the list to it; with `focus`, move the focus to it.
  choose(number, place, focus = false) {
    if (!this.changes[number]) return;
    if (this.current) this.list.querySelector("[aria-current]")?.removeAttribute("aria-current");
    this.current = { number, place };
    const button = this.buttonOf(number);
    for (const other of this.list.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
    button.tabIndex = 0;
    button.setAttribute("aria-current", "true");
    const { places } = this.changes[number];
    button.querySelector(".place").textContent = places.length > 1 ? `Place ${place + 1} of ${places.length}` : "";
    const [outer, inner] = [this.box.getBoundingClientRect(), button.getBoundingClientRect()];
    if (inner.top < outer.top || inner.bottom > outer.bottom) this.box.scrollTop += inner.top - outer.top - outer.height / 4;
    if (focus) button.focus();
  }

  handleKey(event) {
    const button = event.target.closest("button");
    const number = Number(button?.dataset.number);
    const next = { ArrowDown: number + 1, ArrowUp: number - 1, Home: 0, End: this.changes.length - 1 }[event.key];
    if (event.key === "Escape") this.onLeave(number, this.current?.number === number ? this.current.place : 0);
    else if (next !== undefined && this.changes[next]) {
      this.choose(next, 0, true);
      this.onPick(next, 0);
    } else return;
    event.preventDefault();
  }
}
