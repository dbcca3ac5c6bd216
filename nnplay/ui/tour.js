// A short tour of the page: a card beside each part, with a ring around it. It offers itself once, never takes the
// focus unasked, and nothing on the page moves or waits for it.

import {element} from "./network/card.js";
import {wearTheme} from "./theme.js";

// A scope of its own: all modules share one.
export const {placeTour, leaveTour} = (() => {
  const SEEN = "nnplay.tour", NARROW = 700, GAP = 12, WATCH_MS = 200;
  let stops = [], at = 0, asked = 0, offered = false, shown = null, host = null;

  function seen() {
    try { return localStorage.getItem(SEEN) !== null; } catch { return true; }
  }

  function remember() {
    try { localStorage.setItem(SEEN, "seen"); } catch { }
  }

  const visible = node => {
    const {width, height, right} = node.getBoundingClientRect();
    return width > 0 && height > 0 && right > 0;
  };

  function target() {
    const found = stops[at].at.flatMap(selector => [...document.querySelectorAll(selector)]);
    return found.find(visible) ?? null;
  }

  function button(text, act, name = "") {
    const made = element("button", {type: "button", className: name}, text);
    made.onclick = act;
    return made;
  }

  // Within the window: beside the part where there is room, else below, else at the foot of the page. What is only
  // offered stands at the foot of the sidebar: in the other corner it would cover the loss curve.
  function place() {
    const {card, ring} = shown, part = ring && target();
    if (ring) ring.hidden = !part;
    if (!part || innerWidth < NARROW) {
      const side = ring || innerWidth < NARROW ? "right" : "left";
      Object.assign(card.style, {left: "", top: "", right: "", bottom: `${GAP}px`, [side]: `${GAP}px`});
    }
    if (!part) return;
    const {left, top, right, bottom, width, height} = part.getBoundingClientRect();
    Object.assign(ring.style, {left: `${left - 4}px`, top: `${top - 4}px`, width: `${width + 8}px`, height: `${height + 8}px`});
    if (innerWidth < NARROW) return;
    const {offsetWidth: w, offsetHeight: h} = card, room = {right: innerWidth - right, left};
    const beside = room.right > w + 2 * GAP ? right + GAP : room.left > w + 2 * GAP ? left - w - GAP : null;
    const x = beside ?? Math.min(left, innerWidth - w - GAP);
    const y = beside !== null ? top : bottom + h + GAP < innerHeight ? bottom + GAP : innerHeight - h - GAP;
    Object.assign(card.style, {
      left: `${Math.max(GAP, x)}px`, top: `${Math.max(GAP, Math.min(y, innerHeight - h - GAP))}px`, right: "", bottom: "",
    });
  }

  function go(to) {
    at = to;
    const {title, text} = stops[at], last = at === stops.length - 1;
    const next = button(last ? "Done" : "Next", () => last ? close() : go(at + 1), "main");
    const parts = [
      element("strong", {}, title), element("p", {}, text),
      element("div", {className: "row"}, element("small", {}, `${at + 1} of ${stops.length}`),
        button("Skip", close), ...(at ? [button("Back", () => go(at - 1))] : []), next),
    ];
    shown.card.replaceChildren(...parts);
    target()?.scrollIntoView({block: innerWidth < NARROW ? "start" : "nearest", behavior: "auto"});
    place();
    next.focus({preventScroll: true});
  }

  function close() {
    remember();
    if (!shown) return;
    shown.stop();
    shown.card.remove();
    shown.ring?.remove();
    const {before} = shown;
    shown = null;
    before?.focus?.({preventScroll: true});
  }

  function open(ringed) {
    const before = ringed ? document.activeElement : null;
    shown?.stop();
    shown?.card.remove();
    const card = element("div", {className: "nnplay-tour-card", role: "dialog", "aria-label": "Tour"});
    const ring = ringed ? element("div", {className: "nnplay-tour-ring"}) : null;
    for (const part of [ring, card].filter(Boolean)) {
      wearTheme(part, host);
      document.body.append(part);
    }
    const keys = event => {
      const ours = card.contains(event.target);
      if (event.key === "Escape" && (ours || event.target === document.body)) close();
      else if (ring && ours && event.key === "ArrowRight") at < stops.length - 1 && go(at + 1);
      else if (ring && ours && event.key === "ArrowLeft") at > 0 && go(at - 1);
      // The page's own keys, such as Space for Play, are not meant here.
      else if (!ours) return;
      event.stopPropagation();
      if (event.key.startsWith("Arrow")) event.preventDefault();
    };
    const timer = setInterval(place, WATCH_MS);
    document.addEventListener("keydown", keys, true);
    document.addEventListener("scroll", place, {passive: true, capture: true});
    shown = {card, ring, before, stop() {
      clearInterval(timer);
      document.removeEventListener("keydown", keys, true);
      document.removeEventListener("scroll", place, {capture: true});
    }};
  }

  function offer() {
    open(false);
    shown.card.append(
      element("p", {}, "New here? A tour shows what is where."),
      element("div", {className: "row"}, button("No, thanks", close), button("Show me", start, "main")),
    );
    place();
  }

  function start() {
    offered = true;
    open(true);
    go(0);
  }

  function placeTour({data, parentElement}) {
    host = parentElement;
    stops = data.stops;
    if (data.asked > asked) start();
    else if (data.offer && !offered && !seen() && !shown) {
      offered = true;
      offer();
    }
    asked = data.asked;
  }

  // A run of the page that another overtakes may take the component out and put it back.
  function leaveTour() {
    setTimeout(() => {
      if (!shown || document.querySelector(".nnplay-tour")) return;
      shown.stop();
      shown.card.remove();
      shown.ring?.remove();
      shown = null;
    }, 2000);
  }

  return {placeTour, leaveTour};
})();
