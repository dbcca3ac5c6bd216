"""A row of labelled numbers redrawn in place: `st.metric`s in one message a tick instead of one each."""

from collections.abc import Mapping

import streamlit as st

CSS = """
.nnplay-numbers { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: 0; color: var(--st-text-color) }
.nnplay-numbers > div { min-width: 6.5rem }
.nnplay-numbers dt { font-size: .8rem; opacity: .7; font-weight: 400 }
.nnplay-numbers dd { margin: 0; font-size: 1.45rem; line-height: 1.3; font-variant-numeric: tabular-nums }
"""

JS = """
export default function ({data, parentElement}) {
  let list = parentElement.querySelector("dl");
  if (!list) {
    list = document.createElement("dl");
    list.className = "nnplay-numbers";
    parentElement.append(list);
  }
  const names = Object.keys(data);
  while (list.children.length > names.length) list.lastChild.remove();
  names.forEach((name, k) => {
    let box = list.children[k];
    if (!box) {
      box = document.createElement("div");
      box.append(document.createElement("dt"), document.createElement("dd"));
      list.append(box);
    }
    const [label, value] = box.children;
    if (label.textContent !== name) label.textContent = name;
    if (value.textContent !== data[name]) value.textContent = data[name];
  });
}
"""

_numbers = st.components.v2.component("nnplay_live_numbers", css=CSS, js=JS)


def live_numbers(values: Mapping[str, str], *, key: str) -> None:
    """Show each label with its value; as many a row as fit."""
    _numbers(data=dict(values), key=key)
