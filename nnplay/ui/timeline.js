// The time line: a slider over the epochs whose states are kept. Dragging asks for one epoch at a time: the
// next when the answer to the last has come, so that the server is never behind the finger.

const ANSWER_MS = 600, FILM_MS = 100;
const times = new WeakMap();

export function placeTimeline(parent, send) {
  const time = times.get(parent) ?? makeTimeline(parent);
  time.send = send;
  return time;
}

function makeTimeline(parent) {
  const root = parent.querySelector(".nnplay-time");
  const node = (kind, more) => Object.assign(document.createElement(kind), more);
  const time = {
    film: node("button", {type: "button", textContent: "Watch again", title: "Show the run again, from its start"}),
    rail: node("span", {className: "nnplay-rail"}),
    slider: node("input", {type: "range", min: 0, max: 1, step: 1, value: 0}),
    words: node("output"),
    now: node("button", {type: "button", textContent: "Present", title: "Back to where the run is now"}),
    stops: [0], at: null, marks: "", held: false, asked: null, next: undefined, count: 0, playing: null,
  };
  time.slider.setAttribute("aria-label", "Epoch shown");
  time.rail.append(time.slider);
  root.replaceChildren(time.film, time.rail, time.words, time.now);
  time.slider.addEventListener("pointerdown", () => { time.held = true; stopFilm(time); });
  addEventListener("pointerup", () => letGo(time));
  addEventListener("pointercancel", () => letGo(time));
  time.slider.addEventListener("input", () => {
    const stop = nearestStop(time.stops, Number(time.slider.value));
    time.slider.value = stop;
    goTo(time, stop);
  });
  time.slider.addEventListener("keydown", event => pressed(time, event));
  time.now.addEventListener("click", () => { stopFilm(time); goTo(time, null); });
  time.film.addEventListener("click", () => time.playing ? stopFilm(time) : startFilm(time));
  times.set(parent, time);
  return time;
}

function letGo(time) {
  if (!time.held) return;
  time.held = false;
  if (time.latest) drawTime(time, time.latest);
}

function nearestStop(stops, epoch) {
  return stops.reduce((best, stop) => Math.abs(stop - epoch) < Math.abs(best - epoch) ? stop : best);
}

function pressed(time, event) {
  const {stops} = time, here = stops.indexOf(nearestStop(stops, Number(time.slider.value))), last = stops.length - 1;
  const page = Math.max(1, Math.round(last / 10));
  const to = {ArrowLeft: here - 1, ArrowDown: here - 1, ArrowRight: here + 1, ArrowUp: here + 1,
    PageDown: here - page, PageUp: here + page, Home: 0, End: last}[event.key];
  if (to === undefined) return;
  event.preventDefault();
  stopFilm(time);
  const stop = stops[Math.max(0, Math.min(last, to))];
  time.slider.value = stop;
  goTo(time, stop);
}

// null: the present.
function goTo(time, epoch) {
  const last = time.stops[time.stops.length - 1];
  sayTime(time, epoch);
  time.next = epoch === last ? null : epoch;
  askFor(time);
}

function askFor(time) {
  if (time.next === undefined || time.asked !== null) return;
  const epoch = time.next;
  time.next = undefined;
  time.asked = {epoch, giveUp: setTimeout(() => answerCame(time), ANSWER_MS)};
  // Counted: the same value twice would be no change, and go unnoticed. A film under way says that it is one:
  // its next picture must not take back what somebody has pressed meanwhile.
  time.send({epoch, count: time.count += 1, film: Boolean(time.playing && time.started)});
}

function answerCame(time) {
  clearTimeout(time.asked?.giveUp);
  time.asked = null;
  askFor(time);
  if (time.asked === null && time.latest && !time.held) drawTime(time, time.latest);
}

function startFilm(time) {
  const {stops} = time, from = Number(time.slider.value);
  // From where the slider is, or from the start when it is at the end.
  let place = from >= stops[stops.length - 1] ? 0 : stops.indexOf(nearestStop(stops, from));
  time.film.textContent = "Stop";
  time.started = false;
  const step = () => {
    if (time.asked === null && time.next === undefined) {
      if (place >= stops.length) return stopFilm(time);
      time.slider.value = stops[place];
      goTo(time, stops[place]);
      place += 1;
    }
    time.playing = setTimeout(step, FILM_MS);
  };
  step();
}

function stopFilm(time) {
  clearTimeout(time.playing);
  time.playing = null;
  time.film.textContent = "Watch again";
}

function sayTime(time, epoch) {
  const last = time.stops[time.stops.length - 1], number = value => value.toLocaleString("en");
  const text = epoch === null || epoch === last ? `epoch ${number(last)}, the present`
    : `epoch ${number(epoch)} of ${number(last)}`;
  if (time.words.textContent !== text) time.words.textContent = text;
  time.slider.setAttribute("aria-valuetext", text);
}

export function showTimeline(time, bytes) {
  const given = JSON.parse(new TextDecoder().decode(bytes));
  time.latest = given;
  if (given.id !== time.id) {
    time.id = given.id;
    stopFilm(time);
  }
  if (time.playing) {
    // Back in the present, and not by the film: it was played on, or reset.
    if (time.started && given.at === null && time.asked?.epoch !== null) stopFilm(time);
    else if (given.at !== null) time.started = true;
  }
  if (time.asked && given.at === time.asked.epoch && (given.at === null || given.shown === given.at)) answerCame(time);
  // Under the finger nothing moves.
  if (!time.held) drawTime(time, given);
}

function drawTime(time, {stops, at, marks}) {
  const last = stops[stops.length - 1];
  time.stops = stops;
  time.slider.max = Math.max(1, last);
  time.slider.disabled = time.film.disabled = stops.length < 2;
  time.now.disabled = at === null;
  if (time.asked === null && time.next === undefined && !time.playing) {
    time.slider.value = at ?? last;
    sayTime(time, at);
  }
  const text = JSON.stringify([marks, last]);
  if (text === time.marks) return;
  time.marks = text;
  for (const mark of time.rail.querySelectorAll("i")) mark.remove();
  for (const [epoch, title] of marks) {
    const mark = document.createElement("i");
    // A thumb is 16 pixels wide: its middle moves over that much less than the whole.
    mark.style.left = `calc(8px + ${last ? epoch / last : 0} * (100% - 16px))`;
    mark.title = title;
    time.rail.append(mark);
  }
}
