// The panes scroll together: places that belong together stay side by side.

// More anchors would not be seen, and each must be measured.
const MAX_ANCHORS = 200;

export class ScrollSync {
  constructor(input, clean, shadow) {
    Object.assign(this, { input, clean, shadow, anchors: null, expected: new Map() });
    input.addEventListener("scroll", () => {
      this.follow();
      this.align(input, clean);
    });
    clean.addEventListener("scroll", () => this.align(clean, input));
    new ResizeObserver(() => this.forget()).observe(input);
  }

  // Forget the measured anchors, as the content or the size changed.
  forget() {
    this.anchors = null;
  }

  // Keep the layer with the marks below the text area.
  follow() {
    this.shadow.scrollTop = this.input.scrollTop;
  }

  align(from, to) {
    if (this.expected.get(from) === from.scrollTop) return void this.expected.delete(from); // its own doing
    this.expected.delete(from);
    this.anchors ??= this.measure();
    const side = from === this.input ? 0 : 1;
    const middle = from.clientHeight / 2;
    this.move(to, interpolate(this.anchors, side, from.scrollTop + middle) - to.clientHeight / 2);
  }

  move(pane, top) {
    const before = pane.scrollTop;
    pane.scrollTop = top;
    if (pane.scrollTop !== before) this.expected.set(pane, pane.scrollTop);
    if (pane === this.input) this.follow();
  }

  // Scroll each pane to its mark, if there is one.
  show(inInput, inClean) {
    if (inInput) this.move(this.input, topOf(this.shadow, inInput) - this.input.clientHeight / 3);
    if (inClean) this.move(this.clean, topOf(this.clean, inClean) - this.clean.clientHeight / 3);
    if (inInput && !inClean) this.align(this.input, this.clean);
  }

  // Return pairs of heights that belong together, growing on both sides.
  measure() {
    const marks = [...this.shadow.querySelectorAll("mark[data-change]")];
    const step = Math.ceil(marks.length / MAX_ANCHORS);
    const anchors = [[0, 0]];
    for (let i = 0; i < marks.length; i += step) {
      const { change, place } = marks[i].dataset;
      const other = this.clean.querySelector(`mark[data-change="${change}"][data-place="${place}"]`);
      const pair = other && [topOf(this.shadow, marks[i]), topOf(this.clean, other)];
      const last = anchors.at(-1);
      if (pair && pair[0] >= last[0] && pair[1] >= last[1]) anchors.push(pair);
    }
    anchors.push([this.input.scrollHeight, this.clean.scrollHeight]);
    return anchors;
  }
}

function topOf(box, element) {
  return element.getBoundingClientRect().top - box.getBoundingClientRect().top + box.scrollTop;
}

function interpolate(anchors, side, height) {
  const end = anchors.findIndex((anchor) => anchor[side] >= height);
  const [one, other] = end < 0 ? anchors.slice(-2) : anchors.slice(Math.max(0, end - 1), Math.max(2, end + 1));
  const length = other[side] - one[side];
  const share = length ? (height - one[side]) / length : 0;
  return one[1 - side] + share * (other[1 - side] - one[1 - side]);
}
