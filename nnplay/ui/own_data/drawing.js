// A plane to draw points in. What is drawn is told to the page when the pointer is let go.

const NEAR = 9, SIZE = 5, SPRAY_MS = 60;
const drawings = new WeakMap();

export function placeDrawing(parent, data, send) {
  const drawing = drawings.get(parent) ?? makeDrawing(parent, data);
  Object.assign(drawing, {data, send});
  paintDrawing(drawing);
}

function makeDrawing(parent, data) {
  const root = parent.querySelector(".nnplay-draw"), node = (kind, more) => Object.assign(document.createElement(kind), more);
  const drawing = {points: data.points.map(point => [...point]), data, tool: 0, held: null, sprayed: 0};
  const bar = node("div"), canvas = drawing.canvas = node("canvas");
  drawing.words = node("output");
  drawing.tools = data.classes.map((color, k) => {
    const button = node("button", {type: "button"}), dot = node("i");
    dot.style.background = color;
    button.append(dot, `Class ${k + 1}`);
    return button;
  });
  drawing.tools.push(node("button", {type: "button", textContent: "Erase"}));
  drawing.tools.forEach((button, k) => button.addEventListener("click", () => { drawing.tool = k; paintDrawing(drawing); }));
  const clear = node("button", {type: "button", textContent: "Clear all"});
  clear.addEventListener("click", () => { drawing.points = []; tellDrawing(drawing); });
  bar.append(...drawing.tools, clear);
  canvas.setAttribute("role", "img");
  root.replaceChildren(bar, canvas, drawing.words);
  canvas.addEventListener("pointerdown", event => {
    canvas.setPointerCapture(event.pointerId);
    drawing.held = {at: erases(drawing) ? null : nearPoint(drawing, event)};
    if (drawing.held.at === null) usePointer(drawing, event);
  });
  canvas.addEventListener("pointermove", event => {
    if (!drawing.held) return;
    const {at} = drawing.held;
    if (at !== null) { drawing.points[at] = [...pointUnder(drawing, event), drawing.points[at][2]]; paintDrawing(drawing); }
    else if (erases(drawing) || event.timeStamp - drawing.sprayed > SPRAY_MS) usePointer(drawing, event);
  });
  const done = () => { if (drawing.held) { drawing.held = null; tellDrawing(drawing); } };
  canvas.addEventListener("pointerup", done);
  canvas.addEventListener("pointercancel", done);
  new ResizeObserver(() => paintDrawing(drawing)).observe(canvas);
  drawings.set(parent, drawing);
  return drawing;
}

const erases = drawing => drawing.tool === drawing.data.classes.length;

function pointUnder({canvas, data: {extent: [low, high]}}, event) {
  const box = canvas.getBoundingClientRect(), share = value => Math.min(1, Math.max(0, value));
  const round = value => Math.round(value * 1000) / 1000;
  return [round(low + share((event.clientX - box.left) / box.width) * (high - low)),
    round(high - share((event.clientY - box.top) / box.height) * (high - low))];
}

function nearPoint(drawing, event) {
  const {canvas, points, data: {extent: [low, high]}} = drawing, [x, y] = pointUnder(drawing, event);
  const unit = canvas.clientWidth / (high - low);
  const found = points.findLastIndex(point => Math.hypot(point[0] - x, point[1] - y) * unit < NEAR);
  return found < 0 ? null : found;
}

function usePointer(drawing, event) {
  if (erases(drawing)) {
    const at = nearPoint(drawing, event);
    if (at !== null) drawing.points.splice(at, 1);
  } else if (drawing.points.length < drawing.data.most) {
    drawing.points.push([...pointUnder(drawing, event), drawing.tool]);
    drawing.sprayed = event.timeStamp;
  }
  paintDrawing(drawing);
}

function tellDrawing(drawing) {
  paintDrawing(drawing);
  drawing.send(drawing.points.map(point => [...point]));
}

function paintDrawing({canvas, points, data, tools, tool, words}) {
  const wide = canvas.clientWidth, dense = devicePixelRatio || 1, {extent: [low, high]} = data;
  if (!wide) return;
  canvas.width = canvas.height = Math.round(wide * dense);
  const pen = canvas.getContext("2d"), at = value => (value - low) / (high - low) * wide;
  pen.scale(dense, dense);
  pen.fillStyle = data.ground;
  pen.fillRect(0, 0, wide, wide);
  pen.strokeStyle = data.axis;
  pen.beginPath();
  for (const line of [[at(0), 0, at(0), wide], [0, at(0), wide, at(0)]]) { pen.moveTo(line[0], line[1]); pen.lineTo(line[2], line[3]); }
  pen.stroke();
  pen.fillStyle = data.muted;
  pen.font = "12px system-ui, sans-serif";
  pen.fillText("x₁", wide - 18, at(0) - 6);
  pen.fillText("x₂", at(0) + 6, 14);
  for (const [x, y, label] of points) {
    pen.fillStyle = data.classes[label];
    pen.strokeStyle = data.ground;
    pen.beginPath();
    pen.arc(at(x), wide - at(y), SIZE, 0, 7);
    pen.fill();
    pen.stroke();
  }
  tools.forEach((button, k) => button.setAttribute("aria-pressed", k === tool));
  const counts = data.classes.map((_, k) => points.filter(point => point[2] === k).length);
  const said = counts.map((count, k) => count ? `class ${k + 1}: ${count}` : "").filter(Boolean).join(", ");
  words.textContent = said || "Click for a point, hold for many, drag a point to move it.";
  canvas.setAttribute("aria-label", `Plane with ${points.length} points`);
}
