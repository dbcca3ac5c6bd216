// A picture on the page: it takes descriptions and weights, moves between two data, and answers the pointer.

import {fillCard, element, placeCard} from "./card.js";
import {inks, paintClasses} from "./colors.js";
import {placeControls} from "./controls.js";
import {draw, leastWeight} from "./drawing.js";
import {cost, encode, forward, missing, unpack, weightCount} from "./forward.js";
import {arrange, placeOf} from "./layout.js";
import {Atlas, sample, scalesOf} from "./maps.js";
import {under} from "./pointer.js";
import {saveButton} from "./save.js";
import {heading, layerSettings} from "./words.js";

// Multiplications of one forward pass while it moves, and at rest; pixels along an edge of a map.
const MOVING = 4.5e5, RESTING = 3e7, COARSEST = 10, FINEST = 40, LINE = 96;
// Maps are computed anew when the last time has been so many times as long ago as it took.
const SHARE = 4;
const REST_MS = 600;
// A picture after which the next frame comes so late (ms) is too much for this machine: then there are fewer.
const LATE = 24, FEWER = 55;

const STYLE = `
.nnplay-network { position: relative; color: var(--st-text-color); font: inherit; outline-offset: 2px }
.nnplay-network canvas.all { position: absolute; inset: 0; pointer-events: none }
.nnplay-network .scroller { position: absolute; left: 0; top: 0; overflow: auto hidden; scrollbar-width: thin }
.nnplay-network .controls { position: relative; height: 100% }
.nnplay-network .controls > * { position: absolute }
.nnplay-network .controls button {
  width: 24px; height: 24px; padding: 0; border: 0; border-radius: 12px; background: none; cursor: pointer;
  color: inherit; font-size: 1rem; line-height: 1; opacity: .55;
}
.nnplay-network .controls button:hover, .nnplay-network .controls button:focus-visible {
  opacity: 1; background: var(--st-secondary-background-color);
}
.nnplay-network .controls button:disabled { opacity: .2; cursor: default }
.nnplay-network .controls span { text-align: center; font-size: .8rem; pointer-events: none; line-height: 24px }
.nnplay-network .controls .count { font-weight: 600 }
.nnplay-network .controls .quiet { opacity: .7; font-size: .75rem; white-space: nowrap }
.nnplay-network .controls .row { text-align: left; padding: 0; justify-content: flex-start }
.nnplay-network .controls .name {
  opacity: .75; font-size: .8rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap;
}
.nnplay-network .controls .name:hover, .nnplay-network .controls .name:focus-visible { text-decoration: underline }
.nnplay-network .card {
  position: absolute; z-index: 3; width: max-content; max-width: 250px; padding: .6rem .75rem; pointer-events: none;
  background: var(--st-background-color); border: 1px solid var(--st-border-color); border-radius: .375rem;
  font-size: .8rem; line-height: 1.35; box-shadow: 0 2px 10px rgb(0 0 0 / .12);
}
.nnplay-network .card.pinned { pointer-events: auto; padding-right: 1.75rem }
.nnplay-network .card[hidden] { display: none }
.nnplay-network .card > * { display: block; margin: 0 0 .35rem }
.nnplay-network .card small { opacity: .7; font-size: .75rem }
.nnplay-network .card output { font-size: 1.2rem; font-variant-numeric: tabular-nums }
.nnplay-network .card code { font-size: .75rem; overflow-wrap: anywhere; background: none; color: inherit; padding: 0 }
.nnplay-network .card dl { display: grid; grid-template-columns: 1fr 1fr; gap: 0 .75rem }
.nnplay-network .card dl div { display: flex; justify-content: space-between; gap: .5rem }
.nnplay-network .card dt { opacity: .7; font-weight: 400 }
.nnplay-network .card dd { margin: 0; font-variant-numeric: tabular-nums }
.nnplay-network .card form { display: flex; gap: .35rem }
.nnplay-network .card label { display: grid; grid-template-columns: 5.5rem 1fr; align-items: center; gap: .35rem }
.nnplay-network .card select { min-width: 0 }
.nnplay-network .card label input { box-sizing: border-box }
.nnplay-network .card input[type=checkbox] { width: 1rem; height: 1rem; margin: .3rem 0 }
.nnplay-network .card .refused { font-size: .75rem; overflow-wrap: anywhere; border-left: 3px solid var(--st-red-color, currentColor); padding-left: .4rem }
.nnplay-network .card input, .nnplay-network .card select {
  width: 7rem; font: inherit; padding: .3rem .4rem; color: inherit; background: var(--st-background-color);
  border: 1px solid var(--st-border-color); border-radius: .25rem;
}
.nnplay-network .card button {
  font: inherit; color: inherit; cursor: pointer; background: var(--st-secondary-background-color);
  border: 1px solid var(--st-border-color); border-radius: .25rem; padding: .2rem .5rem; min-height: 24px;
}
.nnplay-network .card .close { position: absolute; top: .25rem; right: .25rem; margin: 0; border: 0; background: none }
.nnplay-network .card .weights { display: flex; flex-wrap: wrap; gap: .25rem; max-height: 110px; overflow: auto }
.nnplay-network .card .weights button { font-size: .7rem }
.nnplay-network .save {
  position: absolute; right: 0; bottom: 0; width: 24px; height: 24px; padding: 3px; border: 0; border-radius: 12px;
  background: none; color: inherit; cursor: pointer; opacity: 0;
}
.nnplay-network .save svg { display: block; width: 100%; height: 100%; fill: currentColor }
.nnplay-network:hover .save, .nnplay-network:focus-within .save { opacity: .45 }
.nnplay-network .save:hover, .nnplay-network .save:focus-visible { opacity: 1 !important }
@media (hover: none) { .nnplay-network .save { opacity: .45 } }
.nnplay-network .said { position: absolute; left: 0; right: 28px; bottom: 0; margin: 0; font-size: .8rem; opacity: .8 }
.nnplay-network .spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
`;

function floats(text) {
  return new Float32Array(Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer);
}

function columnsOf(values, rows) {
  const count = rows ? values.length / rows : 0;
  return Array.from({length: count}, (_, k) => Float32Array.from({length: rows}, (_, row) => values[row * count + k]));
}

export class Picture {
  constructor(parent, send) {
    this.send = send;
    this.root = element("div", {className: "nnplay-network", tabIndex: 0, role: "group"});
    this.canvas = element("canvas", {className: "all", role: "img"});
    this.context = this.canvas.getContext("2d");
    this.scroller = element("div", {className: "scroller"});
    this.controls = element("div", {className: "controls"});
    this.card = element("div", {className: "card", hidden: true});
    this.said = element("p", {className: "said"});
    this.spoken = element("div", {className: "spoken", "aria-live": "polite"});
    this.scroller.append(this.controls);
    this.root.append(element("style", {}, STYLE), this.canvas, this.scroller, this.card, this.said, saveButton(this), this.spoken);
    parent.append(this.root);
    this.dark = false;
    this.scroll = 0;
    this.interval = 250;
    this.gap = this.drawn = this.pictured = 0;
    this.scroller.onscroll = () => { this.scroll = this.scroller.scrollLeft; this.wake(); };
    this.root.onpointermove = event => this.point(event);
    this.root.onpointerleave = () => this.pointAt(null);
    this.root.onclick = event => this.click(event);
    this.root.onkeydown = event => this.key(event);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.root);
  }

  leave() {
    this.observer.disconnect();
    clearTimeout(this.later);
    cancelAnimationFrame(this.frame);
  }

  // ---- what the page tells

  describe(description) {
    if (this.told === description) return;
    this.told = description;
    const text = JSON.stringify({...description, id: ""}), same = this.text === text;
    this.text = text;
    this.description = description;
    // The same network from its start: what is drawn stays until its weights are there.
    if (same) return;
    this.layers = description.layers;
    this.largest = description.largest;
    this.missing = missing(description);
    this.computable = missing({...description, layers: [], cannot: ""}) === "";
    this.targets = floats(description.targets);
    this.points = columnsOf(floats(description.points), this.targets.length);
    this.to = this.weights = this.outputs = this.measured = this.inputs = null;
    this.broken = false;
    this.due = 0;
    this.ink();
    this.arrange();
    // Whoever sets a layer may go on setting it.
    if (this.marked?.kind === "layer" && this.marked.layer < this.layers.length - 1) this.showCard();
    else this.close();
    this.say();
  }

  // What came of the last request: "", or why it was refused; then the card shows again what counts.
  answer({refused, suggested}) {
    Object.assign(this, {refused, suggested});
    if (this.pinned && this.marked.kind === "layer") this.showCard();
  }

  // A line of JSON, then the weights as 32-bit floats; none while there are none yet.
  take(bytes) {
    const end = bytes.indexOf(10) + 1;
    const head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, end)));
    if (head.id !== this.description?.id) return false;
    if (head.dark !== this.dark) {
      this.dark = head.dark;
      this.ink();
      this.stale = true;
    }
    const numbers = new Float32Array(bytes.slice(end).buffer);
    const expected = this.layers.reduce((sum, layer) => sum + weightCount(layer), 0);
    if (numbers.length === expected && !this.missing) this.aim(numbers, head);
    this.wake();
    return true;
  }

  aim(numbers, {epoch, batch}) {
    const now = performance.now();
    if (this.to && numbers.every((v, k) => v === this.to[k])) return;
    this.broken = numbers.some(v => !Number.isFinite(v));
    if (!this.to || this.broken || (epoch === 0 && batch === 0)) {
      // The first weights, and those after a reset: nothing to come from.
      this.now = numbers.slice();
      this.from = numbers;
    } else {
      this.from = this.now.slice();
      this.interval += 0.3 * (Math.max(60, Math.min(700, now - this.started)) - this.interval);
    }
    this.started = now;
    this.to = numbers;
    this.weights = unpack(this.layers, this.now);
    this.least = unpack(this.layers, numbers).map(({kernel}) => leastWeight(kernel));
    this.stale = true;
    this.measured = null;
    this.spelled();
    this.say();
  }

  ink() {
    if (this.description) this.inks = inks(this.description.colors[this.dark ? "dark" : "light"]);
  }

  say() {
    this.said.textContent = this.missing
      || (this.broken ? "Some weights are no numbers any more, so maps cannot be drawn." : "");
  }

  // ---- its place

  resize() {
    if (this.description && this.root.clientWidth && this.root.clientWidth !== this.layout?.host) this.arrange();
  }

  arrange() {
    if (!this.root.clientWidth) return;
    this.layout = arrange(this.description, this.root.clientWidth);
    const {host, height, view, width, network} = this.layout;
    this.font = `12px ${getComputedStyle(this.root).fontFamily}`;
    this.ratio = Math.min(2, devicePixelRatio || 1);
    this.root.style.height = `${height + 18}px`;
    Object.assign(this.canvas, {width: host * this.ratio, height: height * this.ratio});
    Object.assign(this.canvas.style, {width: `${host}px`, height: `${height}px`});
    Object.assign(this.scroller.style, {width: `${view}px`, height: `${network}px`});
    this.controls.style.width = `${width}px`;
    this.scroll = this.scroller.scrollLeft;
    placeControls(this.controls, this, this.send);
    this.grid = 0;
    this.stale = true;
    this.wake();
    this.spelled();
  }

  // ---- moving

  wake() {
    this.frame ??= requestAnimationFrame(() => this.step());
  }

  step() {
    this.frame = undefined;
    if (!this.layout || !this.root.isConnected) return;
    const now = performance.now();
    if (this.drawn) this.gap += 0.15 * (Math.min(100, now - this.drawn) - this.gap);
    if (this.gap > LATE && now - this.pictured < FEWER) {
      this.drawn = 0;
      this.wake();
      return;
    }
    this.drawn = this.pictured = now;
    let moving = false;
    if (this.to) {
      const share = Math.min(1, (now - this.started) / this.interval);
      moving = share < 1;
      if (share < 1 || this.last !== this.to) {
        for (let k = 0; k < this.now.length; k++) this.now[k] = this.from[k] + (this.to[k] - this.from[k]) * share;
        this.stale = true;
        if (share === 1) this.last = this.to;
      }
      const rest = now - this.started > REST_MS && !moving;
      const fine = rest && this.grid < this.gridFor(RESTING);
      if ((this.stale && now > (this.due ?? 0)) || fine) this.compute(fine ? RESTING : MOVING);
      // Once more when it has come to rest: as fine as it gets.
      if (!rest && !moving && this.gridFor(MOVING) < this.gridFor(RESTING)) {
        clearTimeout(this.later);
        this.later = setTimeout(() => this.wake(), REST_MS);
      }
    }
    // Before there are weights, the inputs alone.
    else if (this.stale && this.computable) this.compute(MOVING);
    draw(this.context, this);
    if (this.shown && this.marked.kind !== "layer" && now > (this.redone ?? 0) && !this.inUse()) {
      this.redone = now + 200;
      this.showCard();
    }
    if (moving || (this.to && this.stale)) this.wake();
    else this.drawn = 0;
  }

  gridFor(budget) {
    if (this.description.plane === 1) return LINE;
    if (this.description.plane === 0) return 1;
    return Math.max(COARSEST, Math.min(FINEST, Math.floor(Math.sqrt(budget / cost(this.layers)))));
  }

  compute(budget) {
    const {description, layers} = this, start = performance.now(), grid = this.gridFor(budget);
    if (this.grid !== grid || !this.inputs) {
      this.grid = grid;
      const {plane} = description;
      this.inputs = plane ? encode(description, sample(description, grid)) : this.measuredInputs();
      const counts = [layers[0].inputs, ...layers.map(({units}) => units || 1)];
      this.atlases = plane === 2 ? counts.map(units => new Atlas(units, grid)) : null;
      this.large = plane === 2 ? new Atlas(1, grid) : null;
      this.inputScales = scalesOf(this.inputs, true);
      this.atlasInks = null;
    }
    if (!this.broken) {
      const found = this.to ? forward(layers, this.weights, this.inputs) : [];
      this.outputs = [this.inputs, ...found.map(({after}) => after)];
      this.scales = this.outputs.map((units, k) => k ? scalesOf(units) : this.inputScales);
      this.paint();
    }
    this.stale = false;
    this.computed = (this.computed ?? 0) + 1;
    const end = performance.now();
    this.due = end + (SHARE - 1) * (end - start);
  }

  paint() {
    const {atlases, outputs, scales, description, large} = this;
    if (!atlases) return;
    outputs.forEach((units, c) => {
      const only = c === this.layers.length && units.length === 1;
      const limits = unit => only ? description.limits : [-scales[c][unit], scales[c][unit]];
      if (c || this.atlasInks !== this.inks) atlases[c].paint(units, limits, this.inks);
    });
    this.atlasInks = this.inks;
    const last = outputs[this.layers.length];
    if (!last) return;
    if (last.length === 1) large.paint(last, () => description.limits, this.inks);
    else {
      paintClasses(large.one, last, this.inks);
      large.put(0);
      large.context.putImageData(large.image, 0, 0);
    }
  }

  // ---- the training points

  measuredInputs() {
    const {description, points} = this;
    const some = points.map(column => column.subarray(0, description.measured));
    return description.plane ? encode(description, some) : some;
  }

  // What each layer makes of the training points, with the last weights that came.
  measure() {
    if (!this.to || this.broken) return null;
    this.measured ??= forward(this.layers, unpack(this.layers, this.to), this.measuredInputs());
    return this.measured;
  }

  valueOf({layer, from, to}) {
    if (!this.to) return NaN;
    const {kernel, bias} = unpack(this.layers, this.to)[layer];
    return from === null ? bias[to] : kernel[from * bias.length + to];
  }

  // ---- the pointer and the keyboard

  at(event) {
    const {left, top} = this.root.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  }

  point(event) {
    if (!this.layout || this.pinned || event.composedPath().includes(this.card)) return;
    const [x, y] = this.at(event);
    this.pointAt(event.target.closest("button") ? null : under(this, x, y), x, y);
  }

  pointAt(what, x, y) {
    if (this.pinned) return;
    const changed = JSON.stringify(what) !== JSON.stringify(this.marked ?? null);
    this.marked = what;
    this.focus = what?.kind === "neuron" ? what : null;
    this.shown = what ? {x, y} : null;
    this.root.style.cursor = what ? "pointer" : "";
    if (changed) {
      this.showCard();
      this.wake();
    } else if (what) placeCard(this.card, this, x, y);
  }

  // Somebody has the pointer or the caret on the pinned card: then it must not change under them.
  inUse() {
    return this.pinned && (this.card.matches(":hover") || this.card.contains(this.root.getRootNode().activeElement));
  }

  showCard() {
    this.card.hidden = !this.marked;
    if (!this.marked) return;
    fillCard(this.card, this, this.marked, Boolean(this.pinned));
    placeCard(this.card, this, this.shown.x, this.shown.y);
  }

  click(event) {
    if (!this.layout || event.target.closest("button, form") || event.composedPath().includes(this.card)) return;
    const [x, y] = this.at(event);
    this.pinned = false;
    this.pointAt(under(this, x, y), x, y);
    if (this.marked) this.pin();
  }

  pin() {
    this.pinned = true;
    this.showCard();
  }

  edit(at) {
    this.marked = at;
    this.focus = null;
    this.pin();
    this.wake();
  }

  openLayer(layer, x, y) {
    this.marked = {kind: "layer", layer};
    this.focus = null;
    this.refused = "";
    this.shown = {x: x - this.scroll, y};
    this.pin();
    this.card.querySelector("select")?.focus();
    this.wake();
  }

  close() {
    this.pinned = false;
    this.marked = this.focus = this.shown = null;
    this.card.hidden = true;
    this.wake();
  }

  key(event) {
    if (!this.layout) return;
    if (event.key === "Escape") {
      this.close();
      this.root.focus();
      return;
    }
    if (event.target !== this.root) {
      // The page has shortcuts of its own, and does not see from outside that this is a field or a button.
      event.stopPropagation();
      return;
    }
    const {nodes} = this.layout, columns = this.layers.length + 1;
    let {layer = -1, unit = 0} = this.focus ?? {};
    const move = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
    if (event.key === "Enter" && this.focus) {
      event.preventDefault();
      this.pin();
      this.card.querySelector("button")?.focus();
    }
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.focus) {
      layer = Math.max(-1, Math.min(columns - 2, layer + move[0]));
      const count = nodes[layer + 1]?.length ?? 1;
      unit = Math.max(0, Math.min(count - 1, unit + move[1]));
    }
    const place = placeOf(this.layout, layer, unit);
    this.pinned = false;
    if (!place.large) this.scroller.scrollLeft = place.x - this.layout.view / 2;
    this.pointAt({kind: "neuron", layer, unit}, place.x - (place.large ? 0 : this.scroll), place.y);
    this.spoken.textContent = heading(this.description, layer, unit);
    const code = this.card.querySelector("code");
    if (code) this.spoken.textContent += `: ${code.textContent}`;
  }

  // The picture in words, for those who do not see it.
  spelled() {
    if (!this.description) return;
    const {inputs} = this.description;
    const sizes = this.layers.slice(0, -1).map(layer => `${layer.units || ""} ${layerSettings(this.description, layer)}`);
    const names = inputs.length > 9 ? `${inputs.length} inputs` : `inputs ${inputs.join(", ")}`;
    const label = `The network: ${names}; hidden layers: ${sizes.join(", ") || "none"}; `
      + `${this.layers[this.layers.length - 1].units} output. Arrow keys go from neuron to neuron, Enter opens one.`;
    if (this.root.getAttribute("aria-label") !== label) {
      this.root.setAttribute("aria-label", label);
      this.canvas.setAttribute("aria-label", label);
    }
  }
}
