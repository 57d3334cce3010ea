// What happened at one place: the change in words, and the way to its neighbours and its other side.

import { visible } from "./marks.js";

function part(tag, text, name = "") {
  const element = document.createElement(tag);
  element.className = name;
  element.append(text);
  return element;
}

function cut(text) {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}

export function show(element, changes, number, go) {
  const change = changes[number];
  const pair = part("p", "", "pair");
  const now = change.after ? part("bdi", cut(visible(change.after)), "is") : part("em", "nothing");
  pair.append(part("bdi", cut(visible(change.before)), "was"), " → ", now);
  const facts = part("p", "", "facts");
  const meter = document.createElement("meter");
  meter.value = change.confidence;
  meter.setAttribute("aria-label", "Confidence");
  const sure = part("span", `${Math.round(change.confidence * 100)} % sure `);
  sure.append(meter);
  facts.append(part("span", change.kind, "chip"), part("span", change.field, "chip"), sure);
  if (change.count > 1) facts.append(part("span", `${change.count} alike`));
  for (const step of change.plan) facts.append(part("span", cut(visible(step.join(" "))), "chip"));
  const ways = part("p", "", "facts");
  const way = (said, act, able) => {
    const button = part("button", said);
    button.type = "button";
    button.disabled = !able;
    button.addEventListener("click", act);
    ways.append(button);
  };
  way("Previous", () => go.to(number - 1), number > 0);
  way("Next", () => go.to(number + 1), number < changes.length - 1);
  way("Show as it came", () => go.came(number), go.hasCame(number));
  way("Show clean", () => go.clean(number), true);
  way("Close", go.close, true);
  ways.append(part("span", `${number + 1} of ${changes.length}`));
  const said = part("p", change.explanation, "said");
  said.setAttribute("role", "status");
  element.replaceChildren(pair, said, facts, ways);
  element.hidden = false;
}
