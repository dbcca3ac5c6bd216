// A square to draw a picture in. Its strokes are told to the page while the pointer moves, and when it is let go.

const SKETCH_MS = 250, APART = 0.008, MOST_SKETCHED = 2500, MOST_LINES_DRAWN = 50;
const sketches = new WeakMap();

export function placeSketch(parent, data, send) {
  const known = sketches.get(parent), sketch = known ?? makeSketch(parent, data);
  Object.assign(sketch, {data, send});
  paintSketch(sketch);
}

function makeSketch(parent, data) {
  const root = parent.querySelector(".nnplay-sketch"), canvas = document.createElement("canvas");
  const clear = Object.assign(document.createElement("button"), {type: "button", textContent: "Clear"});
  const sketch = {
    canvas, clear, data, held: false, told: 0,
    strokes: data.strokes.map(stroke => stroke.map(point => [...point])),
  };
  canvas.setAttribute("role", "img");
  root.replaceChildren(canvas, clear);
  const add = event => {
    const box = canvas.getBoundingClientRect(), share = value => Math.round(1000 * Math.min(1, Math.max(0, value))) / 1000;
    const point = [share((event.clientX - box.left) / box.width), share((event.clientY - box.top) / box.height)];
    const stroke = sketch.strokes[sketch.strokes.length - 1], last = stroke[stroke.length - 1];
    const count = sketch.strokes.reduce((sum, {length}) => sum + length, 0);
    if (count >= MOST_SKETCHED || (last && Math.hypot(point[0] - last[0], point[1] - last[1]) < APART)) return;
    stroke.push(point);
    paintSketch(sketch);
  };
  canvas.addEventListener("pointerdown", event => {
    if (sketch.strokes.length >= MOST_LINES_DRAWN) return;
    canvas.setPointerCapture(event.pointerId);
    sketch.held = true;
    sketch.data = {...sketch.data, active: true};
    sketch.told = event.timeStamp;
    sketch.strokes.push([]);
    add(event);
  });
  canvas.addEventListener("pointermove", event => {
    if (!sketch.held) return;
    // All that the pointer did since the last frame.
    for (const each of event.getCoalescedEvents?.() ?? [event]) add(each);
    if (event.timeStamp - sketch.told > SKETCH_MS) tellSketch(sketch, event.timeStamp);
  });
  const done = event => { if (sketch.held) { sketch.held = false; tellSketch(sketch, event.timeStamp); } };
  canvas.addEventListener("pointerup", done);
  canvas.addEventListener("pointercancel", done);
  clear.addEventListener("click", event => { sketch.strokes = []; paintSketch(sketch); tellSketch(sketch, event.timeStamp); });
  new ResizeObserver(() => paintSketch(sketch)).observe(canvas);
  sketches.set(parent, sketch);
  return sketch;
}

function tellSketch(sketch, now) {
  sketch.told = now;
  sketch.send(sketch.strokes.map(stroke => stroke.map(point => [...point])));
}

function paintSketch({canvas, clear, data, strokes}) {
  const wide = canvas.clientWidth, dense = devicePixelRatio || 1;
  if (!wide) return;
  canvas.width = canvas.height = Math.round(wide * dense);
  const pen = canvas.getContext("2d");
  pen.scale(dense, dense);
  pen.fillStyle = data.paper;
  pen.fillRect(0, 0, wide, wide);
  if (!strokes.length) {
    pen.fillStyle = data.muted;
    pen.font = `14px ${getComputedStyle(canvas).fontFamily}`;
    pen.textAlign = "center";
    pen.fillText(data.words, wide / 2, wide / 2 + 5);
  }
  // Paler while a test sample is shown instead.
  pen.globalAlpha = data.active || !strokes.length ? 1 : 0.3;
  Object.assign(pen, {strokeStyle: data.ink, lineWidth: data.pen * wide, lineCap: "round", lineJoin: "round"});
  for (const stroke of strokes) {
    pen.beginPath();
    for (const [x, y] of stroke) pen.lineTo(x * wide, y * wide);
    if (stroke.length === 1) pen.lineTo(stroke[0][0] * wide + 0.01, stroke[0][1] * wide);
    pen.stroke();
  }
  clear.disabled = !strokes.length;
  canvas.setAttribute("aria-label", strokes.length ? `Drawing of ${strokes.length} strokes` : data.words);
}
