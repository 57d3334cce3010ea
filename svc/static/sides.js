// The two sides: the input, with marks below its text area, and the clean text. A change has a mark on both.

import * as inspector from "./inspector.js";
import { indexCodePoints, show, visible } from "./marks.js";
import { locateInJson, locateInText, locatePointer } from "./source.js";

const byStart = (one, other) => one[0] - other[0];

export class Sides {
  constructor(form) {
    this.input = form.querySelector("#input");
    this.shadow = form.querySelector("#shadow");
    this.clean = form.querySelector("#clean");
    this.card = form.querySelector("#inspector");
    this.clear();
    this.input.addEventListener("scroll", () => this.syncScroll());
    this.input.addEventListener("input", () => this.clearInputMarks());
    for (const name of ["click", "keyup"]) this.input.addEventListener(name, () => this.showAtCursor());
    this.input.addEventListener("mousemove", (event) => {
      const mark = document.elementsFromPoint(event.clientX, event.clientY).find((e) => e.parentElement === this.shadow);
      if (mark) this.choose(Number(mark.dataset.change));
    });
    for (const name of ["mouseover", "focusin"]) {
      this.clean.addEventListener(name, (event) => this.withMark(event, (number) => this.choose(number)));
    }
    this.clean.addEventListener("click", (event) => this.withMark(event, (number) => this.showInput(number)));
    this.clean.addEventListener("keydown", (event) => this.handleKey(event));
  }

  clear() {
    this.changes = [];
    this.ranges = [];
    this.shadow.replaceChildren();
    this.clean.replaceChildren();
    this.close();
  }

  // While the user types, the marks of the input are outdated; the clean side stays until the response arrives.
  clearInputMarks() {
    this.ranges = [];
    this.shadow.replaceChildren();
    this.close();
  }

  // Show a result. `text` is the input before the text area normalized its line breaks.
  show(article, state, text) {
    // In the order of the clean side: the text is the last field.
    this.changes = article.changes.toSorted((one, other) => (one.field === "text") - (other.field === "text"));
    this.chosen = null;
    const locate = state.mode === "json" ? locateInJson(text) : locateInText(text);
    const ranges = this.changes.map((change, number) => {
      const range = change.before && locate(change);
      return range ? [...range, number, change.kind] : null;
    });
    // The source of an HTML page is not the text that was extracted from it.
    const isPage = state.mode === "file" && this.changes.some((c, n) => c.field === "text" && c.before && !ranges[n]);
    this.ranges = isPage ? [] : ranges.filter(Boolean).sort(byStart);
    show(this.shadow, `${this.input.value}\n`, this.ranges);
    this.syncScroll();
    this.clean.replaceChildren(...this.createFields(article));
    this.close();
  }

  // The text, after all other fields that were changed.
  createFields(article) {
    const byField = Map.groupBy(this.changes.map((change, number) => ({ ...change, number })), (change) => change.field);
    const names = [...byField.keys()].filter((name) => name !== "text");
    const parts = names.flatMap((name) => this.createField(name, valueOf(article, name), byField.get(name), true));
    return [...parts, ...this.createField("text", article.text, byField.get("text") ?? [], names.length > 0)];
  }

  createField(name, text, changes, hasTitle) {
    const toOffset = indexCodePoints(text);
    const ranges = changes.map((c) => [toOffset(c.start), toOffset(c.end), c.number, c.kind]).sort(byStart);
    const element = document.createElement("div");
    element.dir = "auto";
    show(element, text, ranges, (mark, number) => {
      mark.tabIndex = number ? -1 : 0; // the Tab key stops once; the arrow keys move between marks
      mark.setAttribute("role", "button");
      if (!mark.textContent.trim()) mark.setAttribute("aria-label", `${visible(this.changes[number].before).slice(0, 60)}, changed`);
    });
    const title = document.createElement("h3");
    title.textContent = name;
    return hasTitle ? [title, element] : [element];
  }

  withMark(event, action) {
    const mark = event.target.closest("mark");
    if (mark) action(Number(mark.dataset.change));
  }

  handleKey(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    this.withMark(event, (number) => {
      if (step) this.goTo(number + step);
      else if (event.key === "Enter" || event.key === " ") this.showInput(number);
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
      goTo: (n) => this.goTo(n, true),
      showInput: (n) => this.showInput(n),
      isInInput: (n) => this.ranges.some((range) => range[2] === n),
      showClean: (n) => this.showClean(n, true),
      close: () => this.close(),
    });
  }

  // Go to another change. The focus moves to its mark on the clean side, or stays in the card.
  goTo(number, keepFocus = false) {
    if (!(number >= 0 && number < this.changes.length)) return;
    const label = keepFocus ? document.activeElement?.textContent : null;
    this.choose(number);
    this.showClean(number, !keepFocus);
    if (!keepFocus) return;
    const buttons = [...this.card.querySelectorAll("button:enabled")];
    (buttons.find((button) => button.textContent === label) ?? buttons[0]).focus();
  }

  close() {
    // If the focus is in the card, it moves to the mark of the change.
    if (this.card.contains(document.activeElement)) this.clean.querySelector("mark.chosen")?.focus();
    this.chosen = null;
    this.card.hidden = true;
    for (const mark of document.querySelectorAll("mark.chosen")) mark.classList.remove("chosen");
  }

  showClean(number, focus) {
    const mark = this.clean.querySelector(`mark[data-change="${number}"]`);
    if (!mark) return;
    scrollIntoBox(this.clean, mark);
    if (focus) mark.focus({ preventScroll: true });
    this.choose(number);
  }

  showInput(number) {
    const range = this.ranges.find((one) => one[2] === number);
    this.choose(number);
    if (range) this.select(range[0], range[1]);
  }

  select(start, end) {
    const mark = [...this.shadow.children].find((one) => Number(one.dataset.start) === start);
    this.input.focus();
    this.input.setSelectionRange(start, end);
    if (mark) this.input.scrollTop = Math.max(0, mark.offsetTop - this.input.clientHeight / 3);
  }

  showAtCursor() {
    const cursor = this.input.selectionStart;
    const range = this.ranges.find(([start, end]) => start <= cursor && cursor < end) ?? this.ranges.find(([, end]) => cursor === end);
    if (range) this.showClean(range[2], false);
  }

  syncScroll() {
    this.shadow.scrollTop = this.input.scrollTop;
  }

  // Return the range in the text area that a problem or an error is about, or null.
  locate(state, { pointer, offset }) {
    if (state.mode !== "json") return null;
    if (offset !== undefined) {
      const start = indexCodePoints(state.text)(offset) ?? state.text.length;
      return [Math.min(start, Math.max(0, state.text.length - 1)), Math.min(start + 1, state.text.length)];
    }
    return pointer === undefined ? null : locatePointer(state.text, pointer);
  }

  showErrors(state, problem) {
    this.clear();
    const errors = problem.errors ?? (problem.offset === undefined ? [] : [problem]);
    const ranges = errors.map((error) => this.locate(state, error)).filter(Boolean).sort(byStart);
    show(this.shadow, `${this.input.value}\n`, ranges.map(([start, end]) => [start, end, -1, "wrong"]));
    this.syncScroll();
  }
}

// Return the value at a path of the clean article; only strings have marks.
function valueOf(article, path) {
  if (path === "language") return article.language.declared ?? "";
  const value = path.split("/").reduce((parent, key) => parent?.[key.replaceAll("~1", "/").replaceAll("~0", "~")], article);
  return typeof value === "string" ? value : "";
}

function scrollIntoBox(box, element) {
  const [outer, inner] = [box.getBoundingClientRect(), element.getBoundingClientRect()];
  if (inner.top < outer.top || inner.bottom > outer.bottom) box.scrollTop += inner.top - outer.top - outer.height / 3;
}
