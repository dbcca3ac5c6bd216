// A Plotly chart that is redrawn in place. A frame that arrives while another is being drawn replaces the one
// that waits, so the last is always drawn.

import {parseFigure} from "./arrays.js";
import {drawMoving, forgetMoving, stillPart} from "./moving.js";

// Of a saved picture: pixels to a pixel of the screen.
export const FINENESS = 3;
const TOUCH = matchMedia("(pointer: coarse)").matches;
// A chart that got no new frame for so long is drawn by Plotly once more, which knows its data from then on.
const STILL_MS = 600;
const NO_PLOTLY = "This chart cannot be drawn: plotly.js did not arrive from the server. "
  + "Reload the page; if that does not help, the server needs enableStaticServing = true.";
const LATEST_START_MS = 500;
const charts = new WeakMap();

function loadScript(url) {
  return new Promise((done, failed) => {
    const tag = document.createElement("script");
    tag.src = url;
    tag.onload = () => window.Plotly ? done(window.Plotly) : failed();
    tag.onerror = failed;
    document.head.append(tag);
  });
}

// It takes a part of a second to begin: after all that is drawn without it.
const idle = () => new Promise(done => {
  if (!window.requestIdleCallback) setTimeout(done, LATEST_START_MS / 10);
  else requestIdleCallback(done, {timeout: LATEST_START_MS});
});

function plotly() {
  const url = base => new URL(base + "app/static/__PLOTLY_JS__", document.baseURI).href;
  return window.nnplayPlotly ??= idle().then(() => loadScript(url(""))).catch(() => loadScript(url("../")));
}

// On the page's own ground: a transparent one leaves white words on a white slide.
function savePicture(Plotly, {host, name}) {
  const paper_bgcolor = getComputedStyle(host).getPropertyValue("--st-background-color") || "#fff";
  const figure = {data: host.data, layout: {...host.layout, paper_bgcolor}, config: {displayModeBar: false}};
  const {width, height} = host._fullLayout;
  return Plotly.downloadImage(figure, {format: "png", width, height, scale: FINENESS, filename: `nnplay-${name}`});
}

const configOf = (Plotly, made) => ({
  displaylogo: false,
  modeBarButtons: [["zoom2d", "pan2d", "resetScale2d", {
    name: "save", title: "Save as a picture (PNG)", icon: Plotly.Icons.camera, click: () => savePicture(Plotly, made),
  }]],
});

function mountChart(parent) {
  const host = document.createElement("div");
  host.className = "nnplay-chart";
  parent.append(host);
  const made = {host, name: "chart", next: null, last: null, busy: false, width: 0, still: "", whole: true};
  made.observer = new ResizeObserver(() => {
    if (host.clientWidth === made.width && !made.next) return;
    made.next ??= made.last;
    drawChart(made);
  });
  made.observer.observe(host);
  host.addEventListener("pointerdown", event => followPress(made, event));
  charts.set(parent, made);
  return made;
}

async function drawChart(made) {
  if (made.busy) return;
  made.busy = true;
  const {host} = made;
  try {
    const Plotly = await plotly();
    while (made.next && host.isConnected && host.clientWidth) {
      made.last = made.next;
      made.next = null;
      await drawFrame(Plotly, made, parseFigure(made.last));
      await new Promise(requestAnimationFrame);
    }
  } catch (error) {
    console.error(error);
    if (!window.Plotly) host.replaceChildren(Object.assign(document.createElement("p"), {textContent: NO_PLOTLY}));
  } finally {
    made.busy = false;
  }
}

async function drawFrame(Plotly, made, figure) {
  const {host} = made, still = stillPart(figure) + host.clientWidth;
  clearTimeout(made.rest);
  // Under the pointer the chart must know what it shows: for its labels, for a zoom.
  const alone = still === made.still && !made.resting && !host.matches(":hover") && drawMoving(host, figure);
  made.resting = false;
  if (alone) {
    made.rest = setTimeout(() => {
      made.next ??= made.last;
      made.resting = true;
      drawChart(made);
    }, STILL_MS);
  } else {
    made.still = still;
    made.width = host.clientWidth;
    const {data, layout} = figure, family = getComputedStyle(host).fontFamily;
    layout.width = made.width;
    layout.font = {...layout.font, family};
    layout.hoverlabel = {...layout.hoverlabel, font: {...layout.hoverlabel?.font, family}};
    if (TOUCH) layout.dragmode = false;
    forgetMoving(host);
    // Another view altogether: drawn into what the last one has left, its titles would lie on its ticks.
    const kind = JSON.stringify([layout.xaxis?.title, layout.yaxis?.title]), again = kind === made.kind;
    made.kind = kind;
    await (again ? Plotly.react : Plotly.newPlot)(host, data, layout, made.config ??= configOf(Plotly, made));
  }
  host.dispatchEvent(new CustomEvent("nnplay-drawn", {detail: alone ? "moving" : "whole"}));
}

// ---- a click on the plane of a chart whose layout has meta "pick": it sends the place, in units of the axes;
// with meta "brush" a drag up or down sends where it began and the `to` of y where it ended, a click the place alone

// A pointer that moves farther is a drag; a second press within this time a double click, which zooms out.
const STEADY_PX = 4;
const DOUBLE_MS = 300;
const BAND_PX = 14;

export function onPick(parent, send) {
  (charts.get(parent) ?? mountChart(parent)).pick = send;
}

function followPress(made, {clientX, clientY, target, button}) {
  clearTimeout(made.press);
  const again = performance.now() - (made.pressed ?? -Infinity) < DOUBLE_MS;
  made.pressed = performance.now();
  const {host} = made, layout = host._fullLayout, brush = layout?.meta === "brush";
  if (again || button || !made.pick || !(brush || layout?.meta === "pick") || !target.closest?.(".nsewdrag")) return;
  const area = target.getBoundingClientRect();
  const at = {x: layout.xaxis.p2d(clientX - area.left), y: layout.yaxis.p2d(clientY - area.top)};
  const far = event => Math.hypot(event.clientX - clientX, event.clientY - clientY) > STEADY_PX;
  const band = brush ? document.body.appendChild(document.createElement("div")) : null;
  const draw = event => {
    const [top, bottom] = [clientY, event.clientY].sort((a, b) => a - b);
    band.style.cssText = `position:fixed;z-index:999;pointer-events:none;opacity:.35;background:var(--st-primary-color,#888);`
      + `left:${clientX - BAND_PX / 2}px;width:${BAND_PX}px;top:${top}px;height:${bottom - top}px`;
  };
  // Plotly lays a cover over the whole page while a button is down: the end is heard there.
  const end = event => {
    removeEventListener("pointerup", end, true);
    removeEventListener("pointercancel", end, true);
    removeEventListener("pointermove", draw, true);
    band?.remove();
    if (event.type !== "pointerup" || (far(event) && !brush)) return;
    if (brush) return made.pick(far(event) ? {...at, to: layout.yaxis.p2d(event.clientY - area.top)} : at);
    made.press = setTimeout(() => made.pick(at), DOUBLE_MS);
  };
  if (brush) addEventListener("pointermove", draw, true);
  addEventListener("pointerup", end, true);
  addEventListener("pointercancel", end, true);
}

// `name` goes into the names of the pictures that are saved of it.
export function showFigure(parent, bytes, name) {
  const made = charts.get(parent) ?? mountChart(parent);
  made.name = name;
  made.next = bytes;
  drawChart(made);
}

export function leaveChart(parent) {
  // Streamlit also calls this for an update that another overtook: then the chart is still on the page.
  const made = charts.get(parent);
  if (!made || made.host.isConnected) return;
  clearTimeout(made.rest);
  made.observer.disconnect();
  charts.delete(parent);
  window.Plotly?.purge(made.host);
}
