// The details of one change, with buttons for its neighbors and for its places on both sides.

import { visible } from "./marks.js";

const MAX_CHARS = 200;

function createElement(tag, text, className = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.append(text);
  return element;
}

function truncate(text) {
  return text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS - 1)}…` : text;
}

export function show(element, changes, number, actions) {
  const change = changes[number];
  const pair = createElement("p", "", "pair");
  const after = change.after ? createElement("bdi", truncate(visible(change.after)), "is") : createElement("em", "removed");
  pair.append(createElement("bdi", truncate(visible(change.before)), "was"), " → ", after);
  const facts = createElement("p", "", "facts");
  const meter = document.createElement("meter");
  meter.value = change.confidence;
  meter.setAttribute("aria-label", "Confidence");
  // 0.998 is shown as 99 %: only a certain change has 100 %. Confidences have three decimals.
  const percent = Math.floor(Math.round(change.confidence * 1000) / 10);
  const confidence = createElement("span", `Confidence ${percent} % `);
  confidence.append(meter);
  facts.append(createElement("span", change.kind, "chip"), createElement("span", change.field, "chip"), confidence);
  if (change.count > 1) facts.append(createElement("span", `${change.count} occurrences`));
  for (const step of change.plan) facts.append(createElement("span", truncate(visible(step.join(" "))), "chip"));
  const buttons = createElement("p", "", "facts");
  const addButton = (label, action, enabled) => {
    const button = createElement("button", label);
    button.type = "button";
    button.disabled = !enabled;
    button.addEventListener("click", action);
    buttons.append(button);
  };
  addButton("Previous", () => actions.goTo(number - 1), number > 0);
  addButton("Next", () => actions.goTo(number + 1), number < changes.length - 1);
  addButton("Show in input", () => actions.showInput(number), actions.isInInput(number));
  addButton("Show in clean text", () => actions.showClean(number), true);
  addButton("Close", actions.close, true);
  buttons.append(createElement("span", `${number + 1} of ${changes.length}`));
  const explanation = createElement("p", change.explanation);
  explanation.setAttribute("role", "status");
  element.replaceChildren(pair, explanation, facts, buttons);
  element.hidden = false;
}
