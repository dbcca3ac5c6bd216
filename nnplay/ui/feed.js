// All that moves on a page in one message a tick: named parts, each for the place that asked for it.
//
// A tick of many components costs server and browser a message each; and the scripts of a component travel with
// every one of its messages.

import {leaveChart, onPick, showFigure} from "./chart/chart.js";
import {describeNetwork, leaveNetwork, networkWeights, placeNetwork} from "./network/main.js";
import {showNumbers, showWords} from "./numbers.js";
import {placeSketch} from "./one_sample/sketch.js";
import {placeDrawing} from "./own_data/drawing.js";
import {placeTimeline, showTimeline} from "./timeline.js";
import {showSentences} from "./sentences.js";
import {showTable} from "./table.js";
import {showTiles} from "./tiles.js";
import {markTerms} from "./glossary.js";
import {themeOf} from "./theme.js";
import {leaveTour, placeTour} from "./tour.js";

const places = new Map(), latest = new Map();
let picks = 0;

function give(name, bytes) {
  latest.set(name, bytes);
  places.get(name)?.(bytes);
}

// From now on the part `name` goes to `take`; what has come already is taken at once.
function serve(name, take) {
  places.set(name, take);
  if (latest.has(name)) take(latest.get(name));
}

// The last run of the script that brought parts itself, of those that belong to a stream.
const brought = {stream: "", turn: 0};

// A line of JSON with the lengths of the parts by name, then the parts one after the other. What was made for an
// earlier run of the script is left: two updates of a component may come in the wrong order while its script is
// loaded, and what was pushed comes by another line than what the script brings.
function take(data, pushed = false) {
  const end = data.indexOf(10) + 1, head = JSON.parse(new TextDecoder().decode(data.subarray(0, end)));
  if (head.stream && head.stream !== brought.stream) Object.assign(brought, {stream: head.stream, turn: 0});
  if (head.turn < brought.turn) return {};
  const parts = Object.entries(head.parts);
  if (!pushed && head.turn && parts.length) brought.turn = head.turn;
  let start = end;
  for (const [name, length] of parts) give(name, data.slice(start, start += length));
  return head;
}

// Where the line is refused, as by a proxy that lets through only Streamlit's own, attempts come ever more seldom.
const SHORTEST_PAUSE_MS = 1000, LONGEST_PAUSE_MS = 60_000;
let line = null, again = 0, pause = 0, resume = 0;

// What moves comes by a line of its own while it moves: a run of the page's script for each would be dear.
function listen(name, host, runAgain) {
  if (line?.name === name && line.socket.readyState <= WebSocket.OPEN) {
    line.runAgain = runAgain;
    return;
  }
  const now = performance.now();
  if (now < resume) return;
  hangUp();
  const url = new URL(`stream/${name}`, document.baseURI);
  url.protocol = url.protocol.replace("http", "ws");
  const mine = line = {name, runAgain, theme: themeOf(host), socket: new WebSocket(url)};
  mine.socket.binaryType = "arraybuffer";
  mine.socket.onclose = () => {
    if (mine !== line) return;
    // Refused, or broken off: the script is to bring what moves, from now on and not at its next turn.
    if (!pause) mine.runAgain();
    pause = Math.min(LONGEST_PAUSE_MS, Math.max(SHORTEST_PAUSE_MS, 2 * pause));
    // From the attempt on: a line that was open for long is open again at the next tick.
    resume = now + pause;
  };
  mine.socket.onmessage = ({data}) => {
    if (mine !== line) return;
    pause = 0;
    // What is drawn by the server has the colours of the theme that its script last ran in.
    const theme = themeOf(host), other = theme !== mine.theme;
    mine.theme = theme;
    if (take(new Uint8Array(data), true).again || other) mine.runAgain();
    // More only when this has been drawn; never while the tab is hidden.
    requestAnimationFrame(() => mine.socket.readyState === WebSocket.OPEN && mine.socket.send("drawn"));
  };
}

function hangUp() {
  line?.socket.close();
  line = null;
}

export function feed({data, parentElement, setTriggerValue}) {
  const {stream} = take(data);
  if (stream) listen(stream, parentElement, () => setTriggerValue("again", again += 1));
}

// ---- the components of the page, by name

export function chart({data, parentElement, setTriggerValue}) {
  if (data instanceof Uint8Array) {
    showFigure(parentElement, data, "chart");
    return;
  }
  serve(data.place, bytes => showFigure(parentElement, bytes, data.place.replaceAll("_", "-")));
  // Counted: the same place twice would be no change, and go unnoticed.
  if (data.picks) onPick(parentElement, at => setTriggerValue("picked", {...at, count: picks += 1}));
}

export function words({data, parentElement}) {
  serve(data.place, bytes => showWords(parentElement, bytes));
}

export function numbers({data, parentElement}) {
  serve(data.place, bytes => showNumbers(parentElement, bytes));
}

export function timeline({data, parentElement, setTriggerValue}) {
  const time = placeTimeline(parentElement, request => setTriggerValue("seek", request));
  serve(data.place, bytes => showTimeline(time, bytes));
}

export function sentences({data, parentElement}) {
  serve(data.place, bytes => showSentences(parentElement, bytes));
}

export function live_table({data, parentElement}) {
  const show = bytes => showTable(parentElement, JSON.parse(new TextDecoder().decode(bytes)));
  if (data.place) serve(data.place, show);
  else showTable(parentElement, data);
}

export function tiles({data, parentElement}) {
  serve(data.place, bytes => showTiles(parentElement, bytes));
}

export function drawing({data, parentElement, setStateValue}) {
  placeDrawing(parentElement, data, points => setStateValue("points", points));
}

export function sketch({data, parentElement, setStateValue}) {
  placeSketch(parentElement, data, strokes => setStateValue("strokes", strokes));
}

export function network({data, parentElement}) {
  placeNetwork(parentElement);
  serve(data.place, networkWeights);
}

export const network_description = describeNetwork;

export const glossary = markTerms;

export const tour = placeTour;

export const left = {chart: leaveChart, feed: hangUp, network: leaveNetwork, tour: leaveTour};
