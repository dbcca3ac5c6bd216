// Terms of the field explained where the page's sentences use them. They are marked by highlights, which leave the
// text itself alone: it is React's.

import {element} from "./network/card.js";
import {wearTheme} from "./theme.js";

// A scope of its own: all modules share one.
export const {markTerms} = (() => {
  // Filled in when the script is put together: [[label, about, [forms in lower case]]].
  const TERMS = __GLOSSARY__;
  const TEXTS = '[data-testid="stMarkdownContainer"], [data-testid="stCaptionContainer"]';
  const LEFT_OUT = 'button, a, label, strong, code, .katex, h1, h2, h3, h4, [data-testid="stWidgetLabel"]';
  const NAME = "nnplay-term", SECONDS = 1;

  const byForm = new Map(TERMS.flatMap(term => term[2].map(form => [form, term])));
  // Longer forms first, so that "learning rate" is one term and not two.
  const forms = [...byForm.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${forms.join("|")})(?![\\p{L}\\p{N}])`, "giu");
  const marked = new Map();  // text container: what it said, and [range, term] of each term in it
  let host = null, timer = null, card = null;

  // The first time that each term occurs in a text.
  function find(container) {
    const walk = document.createTreeWalker(container, NodeFilter.SHOW_TEXT), found = [], seen = new Set();
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      if (node.parentElement.closest(LEFT_OUT)) continue;
      for (const match of node.data.matchAll(pattern)) {
        const term = byForm.get(match[0].toLowerCase());
        if (!term || seen.has(term)) continue;
        seen.add(term);
        const range = document.createRange();
        range.setStart(node, match.index);
        range.setEnd(node, match.index + match[0].length);
        found.push([range, term]);
      }
    }
    return found;
  }

  function look() {
    if (document.hidden) return;
    let changed = false;
    for (const container of marked.keys()) if (!container.isConnected) changed = marked.delete(container);
    for (const container of document.querySelectorAll(TEXTS)) {
      const text = container.textContent;
      if (marked.get(container)?.text === text || container.closest(LEFT_OUT)) continue;
      marked.set(container, {text, found: find(container)});
      changed = true;
    }
    if (!changed || !CSS.highlights) return;
    const ranges = [...marked.values()].flatMap(({found}) => found.map(([range]) => range));
    CSS.highlights.set(NAME, new Highlight(...ranges));
  }

  function termAt(event) {
    const {found} = marked.get(event.target.closest?.(TEXTS)) ?? {};
    const {clientX: x, clientY: y} = event;
    const under = ({left, right, top, bottom}) => left <= x && x <= right && top <= y && y <= bottom;
    return found?.find(([range]) => [...range.getClientRects()].some(under));
  }

  function hide() {
    card?.remove();
    card = null;
  }

  function show(event) {
    const hit = termAt(event);
    if (!hit) return hide();
    const [range, [label, about]] = hit;
    if (card?.dataset.term === label) return;
    hide();
    card = element("div", {className: "nnplay-term-card", role: "tooltip"}, element("strong", {}, label), ` ${about}`);
    card.dataset.term = label;
    wearTheme(card, host);
    document.body.append(card);
    const {left, top, bottom} = range.getBoundingClientRect();
    const below = bottom + 8 + card.offsetHeight < innerHeight;
    card.style.left = `${Math.max(8, Math.min(left, innerWidth - card.offsetWidth - 8))}px`;
    card.style.top = `${below ? bottom + 6 : top - card.offsetHeight - 6}px`;
  }

  function markTerms({parentElement}) {
    host = parentElement;
    if (timer) return;
    timer = setInterval(look, 1000 * SECONDS);
    look();
    document.addEventListener("pointermove", show, {passive: true});
    // A tap moves nothing.
    document.addEventListener("click", show);
    document.addEventListener("scroll", hide, {passive: true, capture: true});
  }

  return {markTerms};
})();
