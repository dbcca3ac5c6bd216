// A few sentences that change as something goes on; only those that are new are written.

export function showSentences(parent, bytes) {
  const texts = JSON.parse(new TextDecoder().decode(bytes)), host = parent.querySelector(".nnplay-sentences");
  while (host.children.length > texts.length) host.lastChild.remove();
  texts.forEach((text, k) => {
    const line = host.children[k] ?? host.appendChild(document.createElement("p"));
    if (line.textContent !== text) line.textContent = text;
  });
}
