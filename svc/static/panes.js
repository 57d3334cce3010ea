// The two panes: the input, with marks on a layer below its text area, and the clean text. A change has marks in both.

import { groupByField, readChanges, valueOf } from "./changes.js";
import { hasVeryLongLine, paint, visible } from "./marks.js";
import { classOf, fieldName } from "./names.js";
import { ScrollSync } from "./scroll.js";
import { createPointerLocator, sourceInJson, sourceInText } from "./source.js";

const LISTS = new Set(["authors", "tags"]);

export class Panes {
  // `onMark(number, place, isPressed)` is called for the mark of a change under the pointer, the cursor or the focus.
  constructor(form, onMark) {
    this.input = form.querySelector("#input");
    this.shadow = form.querySelector("#shadow");
    this.clean = form.querySelector("#clean");
    this.note = form.querySelector("#input-note");
    this.onMark = onMark;
    this.scroll = new ScrollSync(this.input, this.clean, this.shadow);
    this.clear();
    this.input.addEventListener("input", () => this.clearInputMarks());
    for (const name of ["click", "keyup"]) this.input.addEventListener(name, () => this.chooseAtCursor());
    this.input.addEventListener("mousemove", (event) => {
      const mark = document.elementsFromPoint(event.clientX, event.clientY).find((e) => e.dataset.change && this.shadow.contains(e));
      if (mark) this.call(mark, false);
    });
    for (const name of ["mouseover", "focusin"]) {
      this.clean.addEventListener(name, ({ target }) => this.call(target.closest("mark"), false));
    }
    this.clean.addEventListener("click", ({ target }) => this.call(target.closest("mark"), true));
    this.clean.addEventListener("keydown", (event) => this.handleKey(event));
  }

  call(mark, isPressed) {
    if (mark?.dataset.change) this.onMark(Number(mark.dataset.change), Number(mark.dataset.place), isPressed);
  }

  clear() {
    this.clearInputMarks();
    this.changes = [];
    this.clean.replaceChildren();
  }

  // While the user types, the marks of the input are outdated; the clean side stays until the response arrives.
  clearInputMarks() {
    this.painting?.abort();
    this.ranges = [];
    this.note.hidden = true;
    if (this.shadow.firstChild) this.shadow.replaceChildren();
    this.scroll.forget();
  }

  // Return the changes of a result. `text` is the input before the text area normalized its line breaks.
  read(article, state, text) {
    this.clearInputMarks();
    const source = state.mode === "json" ? sourceInJson(text) : sourceInText(text);
    this.changes = readChanges(article, source);
    // Offsets in the text that was extracted from a web page are not those of its source.
    this.isExtracted = this.changes.some((change) => change.field === "text" && change.before && !change.places[0].range);
    if (this.isExtracted && state.mode !== "json") for (const { places } of this.changes) for (const place of places) place.range = null;
    return this.changes;
  }

  // Paint both sides; a long text appears in parts.
  show(article) {
    const { signal } = (this.painting = new AbortController());
    this.paintInput(signal);
    this.paintClean(article, signal);
  }

  async paintInput(signal) {
    const ranges = this.changes.flatMap(({ number, kind, places }) => places.flatMap(({ range }, place) => (
      range && range[1] > range[0] ? [{ start: range[0], end: range[1], number, place, className: classOf(kind), decorate: identify(number, place) }] : [])));
    this.ranges = ranges.sort((one, other) => one.start - other.start);
    const text = this.input.value;
    const isTooLong = hasVeryLongLine(text);
    this.note.hidden = !(this.isExtracted || isTooLong) || !this.changes.length;
    this.note.textContent = isTooLong ? "Not marked here: a line is very long." : "Not marked here: the text was extracted.";
    if (isTooLong || !ranges.length) return;
    await paint(this.shadow, `${text}\n`, ranges, signal);
    if (!signal.aborted) this.scroll.follow();
  }

  // The text comes after all other fields that were changed.
  async paintClean(article, signal) {
    this.clean.replaceChildren();
    this.clean.scrollTop = 0;
    const groups = groupByField(this.changes);
    const names = new Set([...groups.keys()].map((field) => (LISTS.has(field.split("/")[0]) ? field.split("/")[0] : field)));
    names.delete("text");
    const jobs = [];
    const addField = (name, fields, tag) => {
      if (names.size) {
        const title = document.createElement("h3");
        title.textContent = name;
        this.clean.append(title);
      }
      const box = document.createElement(tag);
      for (const field of fields) {
        const element = document.createElement(tag === "ol" ? "li" : "div");
        box.append(element);
        jobs.push([element, field]);
      }
      this.clean.append(box);
    };
    for (const name of names) {
      if (LISTS.has(name)) addField(name, article[name].map((_, i) => `${name}/${i}`), "ol");
      else addField(fieldName(name), [name], "div");
    }
    addField("text", ["text"], "div");
    for (const [element, field] of jobs) {
      await paint(element, valueOf(article, field), this.rangesOf(article, field, groups.get(field) ?? []), signal);
      if (signal.aborted) return;
      if (field !== "text") element.firstChild.dir = "auto";
    }
    const first = this.clean.querySelector("mark");
    if (first) first.tabIndex = 0; // the Tab key stops once; the arrow keys move between marks
  }

  rangesOf(article, field, changes) {
    const ranges = changes.flatMap(({ number, kind, places, before }) => places.map(({ start, end }, place) => ({
      start, end, number, className: classOf(kind), decorate: (mark) => {
        identify(number, place)(mark);
        mark.tabIndex = -1;
        mark.setAttribute("role", "button");
        if (!mark.textContent.trim()) mark.setAttribute("aria-label", `${visible(before).slice(0, 60)}, changed`);
      },
    })));
    ranges.sort((one, other) => one.start - other.start);
    // What was removed at one place has one mark there.
    return ranges.filter(({ start, end, number }, i) => !(i && start === end && ranges[i - 1].start === end && ranges[i - 1].number === number));
  }

  handleKey(event) {
    const mark = event.target.closest("mark");
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!mark) return;
    if (step) {
      const marks = [...this.clean.querySelectorAll("mark")];
      marks[marks.indexOf(mark) + step]?.focus();
    } else if (event.key === "Enter" || event.key === " ") this.call(mark, true);
    else return;
    event.preventDefault();
  }

  chooseAtCursor() {
    const cursor = this.input.selectionStart;
    const range = this.ranges.find(({ start, end }) => start <= cursor && cursor < end) ?? this.ranges.find(({ end }) => cursor === end);
    if (range) this.onMark(range.number, range.place, false);
  }

  // Mark a place as chosen in both panes; with `scroll`, move both to it.
  choose(number, place, scroll) {
    for (const mark of this.chosen ?? []) mark.classList.remove("chosen");
    const selector = `mark[data-change="${number}"][data-place="${place}"]`;
    const [inInput, inClean] = [this.shadow.querySelector(selector), this.clean.querySelector(selector)];
    this.chosen = [inInput, inClean].filter(Boolean);
    for (const mark of this.chosen) mark.classList.add("chosen");
    if (scroll) this.scroll.show(inInput, inClean);
  }

  focusMark(number, place) {
    this.clean.querySelector(`mark[data-change="${number}"][data-place="${place}"]`)?.focus({ preventScroll: true });
  }

  select(start, end) {
    this.input.focus();
    this.input.setSelectionRange(start, end);
    const mark = [...this.shadow.querySelectorAll("mark")].find((one) => Number(one.dataset.start) === start);
    if (mark) this.scroll.show(mark, null);
  }

  // Return a function that returns the range in the text area that a problem or an error is about, or null.
  createLocator({ mode, text }) {
    if (mode !== "json") return () => null;
    const locatePointer = createPointerLocator(text);
    return ({ pointer, offset }) => {
      if (offset === undefined) return pointer === undefined ? null : locatePointer(pointer);
      const start = Array.from(text).slice(0, offset).join("").length;
      return [Math.min(start, Math.max(0, text.length - 1)), Math.min(start + 1, text.length)];
    };
  }

  // `locate` returns the range of an error, or null.
  markErrors(problem, locate) {
    this.clear();
    const { signal } = (this.painting = new AbortController());
    const errors = problem.errors ?? (problem.offset === undefined ? [] : [problem]);
    const ranges = errors.map(locate).filter(Boolean).sort((one, other) => one[0] - other[0]);
    if (!ranges.length) return;
    paint(this.shadow, `${this.input.value}\n`, ranges.map(([start, end]) => (
      { start, end, className: "wrong", decorate: (mark) => { mark.dataset.start = start; } })), signal);
    this.scroll.follow();
  }
}

function identify(number, place) {
  return (mark) => Object.assign(mark.dataset, { change: number, place });
}
