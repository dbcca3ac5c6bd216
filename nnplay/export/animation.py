"""Training as a film: the output over the plane at the epochs that were kept, in one HTML page of its own."""

import base64
import json
from collections.abc import Sequence
from html import escape
from itertools import pairwise

import numpy as np

from nnplay.experiment import Experiment

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font-family: sans-serif; max-width: 34rem; margin: 1.5rem auto; padding: 0 1rem; color: #1f2430 }}
canvas {{ width: 100%; aspect-ratio: 1; border: 1px solid #c3c8d0 }}
.row {{ display: flex; gap: .75rem; align-items: center; font-variant-numeric: tabular-nums }}
input {{ flex: 1 }} output {{ min-width: 13rem; text-align: right }}
</style></head><body>
<h1 style="font-size:1.1rem">{title}</h1>
<canvas width="640" height="640"></canvas>
<div class="row"><button>Pause</button><input type="range" min="0" value="0" step="1" aria-label="Frame">
<output></output></div>
<p>{words}</p>
<script>
const film = {film};
const bytes = Uint8Array.from(atob(film.frames), c => c.charCodeAt(0));
const canvas = document.querySelector("canvas"), brush = canvas.getContext("2d");
const slider = document.querySelector("input"), told = document.querySelector("output");
const button = document.querySelector("button"), size = film.size, side = canvas.width;
const map = document.createElement("canvas");
map.width = map.height = size;
slider.max = film.epochs.length - 1;
const place = value => (value - film.low) / (film.high - film.low) * side;
function draw(frame) {{
  const image = map.getContext("2d").createImageData(size, size);
  for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) {{
    // The first row of a frame is the lowest x2.
    const color = film.colors[bytes[(frame * size + y) * size + x]], at = 4 * ((size - 1 - y) * size + x);
    image.data.set([...color, 255], at);
  }}
  map.getContext("2d").putImageData(image, 0, 0);
  brush.imageSmoothingEnabled = !film.classes;
  brush.drawImage(map, 0, 0, side, side);
  for (const [x1, x2, color] of film.points) {{
    brush.beginPath();
    brush.arc(place(x1), side - place(x2), 4.5, 0, 2 * Math.PI);
    brush.fillStyle = color; brush.fill();
    brush.lineWidth = 1.2; brush.strokeStyle = "white"; brush.stroke();
  }}
  told.value = "epoch " + film.epochs[frame].toLocaleString("en") + (film.losses[frame] === null ? ""
    : ", test loss " + film.losses[frame].toPrecision(3));
}}
let playing = true, last = 0, held = 0;
slider.oninput = () => {{ playing = false; button.textContent = "Play"; draw(+slider.value); }};
button.onclick = () => {{ playing = !playing; button.textContent = playing ? "Pause" : "Play"; }};
function tick(now) {{
  if (playing && now - last > 120) {{
    last = now;
    const end = +slider.value === film.epochs.length - 1;
    // The last frame stays for a while.
    if (!end || ++held > 12) {{ slider.value = end ? 0 : +slider.value + 1; held = 0; draw(+slider.value); }}
  }}
  requestAnimationFrame(tick);
}}
draw(0);
requestAnimationFrame(tick);
</script></body></html>
"""


def animation(
    experiment: Experiment,
    frames: np.ndarray,
    epochs: Sequence[int],
    losses: Sequence[float | None],
    *,
    scale: Sequence[tuple[float, str]],
    classes: Sequence[str],
) -> str:
    """The page. `frames`: (frames, outputs, y, x) at these epochs, with the test loss of each or None.

    `scale` colours a single output from its lowest to its highest value, `classes` the class that wins; the
    points are those of the training samples.
    """
    split = experiment.load_data()
    several = split.task == "multiclass"
    low, high = experiment.dataset.extent or (-1.0, 1.0)
    if several:
        shown = frames.argmax(axis=1).astype(np.uint8)
        colors = [mixed(_rgb(color), (255, 255, 255), 0.55) for color in classes[: split.classes]]
    else:
        # Probabilities run from 0 to 1, everything signed from -1 to 1.
        bottom = 0.0 if experiment.pairing.targets == "binary" else -1.0
        shares = np.clip((np.nan_to_num(frames[:, 0]) - bottom) / (1 - bottom), 0, 1)
        shown = np.round(shares * 255).astype(np.uint8)
        colors = [color_at(scale, level / 255) for level in range(256)]
    film = {
        "frames": base64.b64encode(shown.tobytes()).decode(),
        "size": shown.shape[-1],
        "epochs": list(epochs),
        "losses": [loss if loss is not None and np.isfinite(loss) else None for loss in losses],
        "low": low,
        "high": high,
        "classes": several,
        "colors": [[round(part) for part in color] for color in colors],
        "points": [
            [round(float(x1), 3), round(float(x2), 3), _point_color(split, target, classes, scale)]
            for (x1, x2), target in zip(split.positions_train[:, :2], split.y_train, strict=True)
        ],
    }
    words = (
        f"{experiment.dataset.label}, hidden layers {experiment.hidden}, made by nnplay: the output of the "
    )
    words += "network over the plane, measured at each of these epochs; the points are the training samples."
    # "<" cannot occur in numbers and colours, but would end the script.
    text = json.dumps(film, separators=(",", ":")).replace("<", "\\u003c")
    return PAGE.format(
        title=escape(f"{experiment.dataset.label} being learned"), words=escape(words), film=text
    )


def _point_color(
    split: object, target: float, classes: Sequence[str], scale: Sequence[tuple[float, str]]
) -> str:
    if split.classes:  # type: ignore[attr-defined]
        return classes[int(target)]
    red, green, blue = (round(part) for part in color_at(scale, (float(target) + 1) / 2))
    return f"rgb({red},{green},{blue})"


def color_at(scale: Sequence[tuple[float, str]], place: float) -> tuple[float, float, float]:
    """The colour at a place from 0 to 1 of a plotly colour scale."""
    place = min(1.0, max(0.0, place))
    for (left, first), (right, second) in pairwise(scale):
        if place <= right:
            return mixed(_rgb(second), _rgb(first), (place - left) / (right - left))
    return _rgb(scale[-1][1])


def mixed(
    one: tuple[float, float, float], other: tuple[float, float, float], share: float
) -> tuple[float, float, float]:
    """So much of the one colour, the rest of the other."""
    red, green, blue = (share * a + (1 - share) * b for a, b in zip(one, other, strict=True))
    return red, green, blue


def _rgb(text: str) -> tuple[float, float, float]:
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
