// The network's picture as a file: as it stands, with the words that lie over the canvas.

import {FINENESS} from "../chart/chart.js";
import {element} from "./card.js";
import {draw} from "./drawing.js";

const SVG = "http://www.w3.org/2000/svg";
// A camera, drawn on 24 by 24.
const CAMERA = "M9 4 7.2 6H4a2 2 0 0 0-2 2v10a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2V8a2 2 0 0 0-2-2h-3.2L15 4zm3 13.5a4.5 4.5 0 1 1 0-9 "
  + "4.5 4.5 0 0 1 0 9zm0-2a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z";

export function saveButton(picture) {
  const icon = document.createElementNS(SVG, "svg"), path = document.createElementNS(SVG, "path");
  icon.setAttribute("viewBox", "0 0 24 24");
  path.setAttribute("d", CAMERA);
  icon.append(path);
  const words = "Save the network as a picture (PNG)";
  const made = element("button", {type: "button", className: "save", title: words, "aria-label": words}, icon);
  made.onclick = () => saveNetwork(picture);
  return made;
}

function saveNetwork(picture) {
  if (!picture.layout) return;
  const {layout: {host, height}, inks} = picture, canvas = element("canvas", {width: host * FINENESS, height: height * FINENESS});
  const pen = canvas.getContext("2d");
  // What is pointed at is not marked in it.
  draw(pen, Object.assign(Object.create(picture), {ratio: FINENESS, marked: null, focus: null}));
  drawLabels(pen, picture);
  pen.globalCompositeOperation = "destination-over";
  pen.fillStyle = inks.ground;
  pen.fillRect(0, 0, host, height);
  canvas.toBlob(blob => {
    const link = element("a", {href: URL.createObjectURL(blob), download: "nnplay-network.png"});
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  });
}

// Sizes, shapes and settings of the layers; not the buttons that change them.
function drawLabels(pen, {controls, font, inks, layout, scroll}) {
  pen.font = font;
  pen.fillStyle = inks.muted;
  pen.textBaseline = "middle";
  for (const node of controls.querySelectorAll(".count, .name, .quiet, .row")) {
    const left = node.offsetLeft - scroll, end = layout.large && !layout.narrow ? layout.large.x : layout.host;
    if (left < -node.offsetWidth / 2 || left + node.offsetWidth / 2 > end) continue;
    const start = node.classList.contains("row");
    pen.textAlign = start ? "left" : "center";
    pen.fillText(node.textContent, start ? left : left + node.offsetWidth / 2, node.offsetTop + node.offsetHeight / 2, node.offsetWidth);
  }
}
