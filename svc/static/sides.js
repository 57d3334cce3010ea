// The two sides: what came, under whose text area the marks lie, and what is clean. A change has its place in both.

import * as inspector from "./inspector.js";
import { indexed, show, visible } from "./marks.js";
import { ofJson, ofPointer, ofText } from "./source.js";

export class Sides {
  constructor(form) {
    this.came = form.querySelector("#came");
    this.shadow = form.querySelector("#shadow");
    this.clean = form.querySelector("#clean");
    this.card = form.querySelector("#inspector");
    this.clear();
    this.came.addEventListener("scroll", () => this.follow());
    this.came.addEventListener("input", () => this.forget());
    for (const name of ["click", "keyup"]) this.came.addEventListener(name, () => this.atCaret());
    this.came.addEventListener("mousemove", (event) => {
      const under = document.elementsFromPoint(event.clientX, event.clientY).find((e) => e.parentElement === this.shadow);
      if (under) this.choose(Number(under.dataset.change));
    });
    for (const name of ["mouseover", "focusin"]) {
      this.clean.addEventListener(name, (event) => this.ofMark(event, (number) => this.choose(number)));
    }
    this.clean.addEventListener("click", (event) => this.ofMark(event, (number) => this.toCame(number)));
    this.clean.addEventListener("keydown", (event) => this.key(event));
  }

  clear() {
    this.changes = [];
    this.ranges = [];
    this.shadow.replaceChildren();
    this.clean.replaceChildren();
    this.close();
  }

  // What is being typed is not what the marks are of any more; the clean side stays until the answer comes.
  forget() {
    this.ranges = [];
    this.shadow.replaceChildren();
    this.close();
  }

  // Show both sides of an answer; `text` is what the article was read from, before a text area had its way with it.
  show(article, asked, text) {
    // In the order of the clean side: the text is the last of the fields.
    this.changes = article.changes.toSorted((one, other) => (one.field === "text") - (other.field === "text"));
    this.chosen = null;
    const where = asked.mode === "json" ? ofJson(text) : ofText(text);
    const ranges = this.changes.map((change, number) => {
      const found = change.before && where(change);
      return found ? [...found, number, change.kind] : null;
    });
    // The source of a page is not the text that was read out of it.
    const isPage = asked.mode === "file" && this.changes.some((c, n) => c.field === "text" && c.before && !ranges[n]);
    this.ranges = isPage ? [] : ranges.filter(Boolean).sort((one, other) => one[0] - other[0]);
    show(this.shadow, `${this.came.value}\n`, this.ranges);
    this.follow();
    this.clean.replaceChildren(...this.fields(article));
    this.close();
  }

  // The text, and before it whatever else was changed.
  fields(article) {
    const byField = Map.groupBy(this.changes.map((change, number) => ({ ...change, number })), (change) => change.field);
    const names = [...byField.keys()].filter((name) => name !== "text");
    const parts = names.flatMap((name) => this.block(name, value(article, name), byField.get(name), true));
    return [...parts, ...this.block("text", article.text, byField.get("text") ?? [], names.length > 0)];
  }

  block(name, text, changes, titled) {
    const place = indexed(text);
    const ranges = changes.map((c) => [place(c.start), place(c.end), c.number, c.kind]).sort((one, other) => one[0] - other[0]);
    const element = document.createElement("div");
    element.dir = "auto";
    show(element, text, ranges, (mark, number) => {
      mark.tabIndex = number ? -1 : 0; // one stop for the Tab key; the arrows go on from there
      mark.setAttribute("role", "button");
      if (!mark.textContent.trim()) mark.setAttribute("aria-label", `${visible(this.changes[number].before).slice(0, 60)}, changed`);
    });
    const title = document.createElement("h3");
    title.textContent = name;
    return titled ? [title, element] : [element];
  }

  ofMark(event, act) {
    const mark = event.target.closest("mark");
    if (mark) act(Number(mark.dataset.change));
  }

  key(event) {
    const way = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    this.ofMark(event, (number) => {
      if (way) this.to(number + way);
      else if (event.key === "Enter" || event.key === " ") this.toCame(number);
      else if (event.key === "Escape") this.close();
      else return;
      event.preventDefault();
    });
  }

  choose(number) {
    if (!(number >= 0 && number < this.changes.length) || this.chosen === number) return;
    this.chosen = number;
    for (const mark of document.querySelectorAll("mark[data-change]")) {
      mark.classList.toggle("chosen", Number(mark.dataset.change) === number);
    }
    inspector.show(this.card, this.changes, number, {
      to: (other) => this.to(other, true),
      came: (one) => this.toCame(one),
      hasCame: (one) => this.ranges.some((range) => range[2] === one),
      clean: (one) => this.toClean(one, true),
      close: () => this.close(),
    });
  }

  // Go to another change: on the clean side, or, from the card, with the focus left where it is.
  to(number, stay = false) {
    if (!(number >= 0 && number < this.changes.length)) return;
    const active = stay ? document.activeElement?.textContent : null;
    this.choose(number);
    this.toClean(number, !stay);
    if (!stay) return;
    const buttons = [...this.card.querySelectorAll("button:enabled")];
    (buttons.find((button) => button.textContent === active) ?? buttons[0]).focus();
  }

  close() {
    // Whoever closes the card from within goes on where it was about.
    if (this.card.contains(document.activeElement)) this.clean.querySelector("mark.chosen")?.focus();
    this.chosen = null;
    this.card.hidden = true;
    for (const mark of document.querySelectorAll("mark.chosen")) mark.classList.remove("chosen");
  }

  toClean(number, focus) {
    const mark = this.clean.querySelector(`mark[data-change="${number}"]`);
    if (!mark) return;
    within(this.clean, mark);
    if (focus) mark.focus({ preventScroll: true });
    this.choose(number);
  }

  toCame(number) {
    const range = this.ranges.find((one) => one[2] === number);
    this.choose(number);
    if (range) this.select(range[0], range[1]);
  }

  select(from, to) {
    const mark = [...this.shadow.children].find((one) => Number(one.dataset.from) === from);
    this.came.focus();
    this.came.setSelectionRange(from, to);
    if (mark) this.came.scrollTop = Math.max(0, mark.offsetTop - this.came.clientHeight / 3);
  }

  atCaret() {
    const at = this.came.selectionStart;
    const range = this.ranges.find(([from, to]) => from <= at && at < to) ?? this.ranges.find(([, to]) => at === to);
    if (range) this.toClean(range[2], false);
  }

  follow() {
    this.shadow.scrollTop = this.came.scrollTop;
  }

  // Where a problem is: the place in the text area of what it names, if it names any.
  place(asked, { pointer, offset }) {
    if (asked.mode !== "json") return null;
    if (offset !== undefined) {
      const at = indexed(asked.text)(offset) ?? asked.text.length;
      return [Math.min(at, Math.max(0, asked.text.length - 1)), Math.min(at + 1, asked.text.length)];
    }
    return pointer === undefined ? null : ofPointer(asked.text, pointer);
  }

  wrong(asked, told) {
    this.clear();
    const items = told.errors ?? (told.offset === undefined ? [] : [told]);
    const places = items.map((item) => this.place(asked, item)).filter(Boolean);
    const ranges = places.sort((one, other) => one[0] - other[0]).map(([from, to]) => [from, to, -1, "wrong"]);
    show(this.shadow, `${this.came.value}\n`, ranges);
    this.follow();
  }
}

// Return the value of a path of the clean article; what is no text has no marks in it.
function value(article, path) {
  const found = path.split("/").reduce((inner, key) => inner?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], article);
  if (path === "language") return article.language.declared ?? "";
  return typeof found === "string" ? found : "";
}

function within(box, element) {
  const [outer, inner] = [box.getBoundingClientRect(), element.getBoundingClientRect()];
  if (inner.top < outer.top || inner.bottom > outer.bottom) box.scrollTop += inner.top - outer.top - outer.height / 3;
}
