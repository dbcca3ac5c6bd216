// A row of labelled numbers; only texts that are new are written.

export function showNumbers(parent, bytes) {
  const values = JSON.parse(new TextDecoder().decode(bytes)), names = Object.keys(values);
  const list = parent.querySelector("dl");
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
    if (value.textContent !== values[name]) value.textContent = values[name];
  });
}

// A text in its place.
export function showWords(parent, bytes) {
  const line = parent.querySelector(".nnplay-words"), text = new TextDecoder().decode(bytes);
  if (line && line.textContent !== text) line.textContent = text;
}
