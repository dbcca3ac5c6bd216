"""What a live chart draws by itself between two of Plotly's drawings, against Plotly's own of the same."""

import base64
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext

from nnplay.figures import Spec, encode
from nnplay.figures.boundary import boundary
from nnplay.figures.curves import loss_curves, metric_curves
from nnplay.ui.browser import PLOTLY_JS, STATIC, install, script

SHOW = """async figures => {
%s
  window.nnplayPlotly = Promise.resolve(Plotly);
  document.body.innerHTML = "<div id=place style='width: 520px; height: 400px'></div>";
  const place = document.getElementById("place");
  const drawn = () => new Promise(done => {
    place.firstElementChild.addEventListener("nnplay-drawn", event => done(event.detail), {once: true});
  });
  const pixels = async image => {
    const url = image.getAttributeNS("http://www.w3.org/1999/xlink", "href");
    const picture = await createImageBitmap(await (await fetch(url)).blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height), context = canvas.getContext("2d");
    context.drawImage(picture, 0, 0);
    return [...context.getImageData(0, 0, picture.width, picture.height).data];
  };
  const seen = async () => {
    const image = place.querySelector(".hm image");
    const lines = [...place.querySelectorAll(".contourlines path")];
    const shown = lines.filter(path => path.getClientRects().length);
    return {
      map: image && await pixels(image),
      line: shown.map(path => path.getAttribute("d")),
      curves: [...place.querySelectorAll(".scatterlayer .js-line")].map(path => path.getAttribute("d")),
      left: place.querySelectorAll(".nnplay-moving").length,
    };
  };
  const found = [];
  for (const figure of figures) {
    showFigure(place, Uint8Array.from(atob(figure), c => c.charCodeAt(0)), "figure");
    found.push({how: await drawn(), ...await seen()});
  }
  // Nothing new comes: Plotly draws it.
  if (found.at(-1).how === "moving") found.push({how: await drawn(), ...await seen()});
  return found;
}"""


@pytest.fixture(scope="module")
def show(browser: BrowserContext) -> Iterator[Any]:
    """`show(first, second)` draws figures in one place, and returns what is seen of each."""
    install()
    page = browser.new_page()
    page.add_script_tag(path=STATIC / PLOTLY_JS)

    def shown(*specs: Spec) -> list[dict[str, Any]]:
        figures = [base64.b64encode(encode(spec)).decode() for spec in specs]
        return page.evaluate(SHOW % script(until="chart/chart"), figures)

    yield shown
    page.close()


AXIS = np.linspace(-6, 6, 40).astype(np.float32)
X, Y = np.meshgrid(AXIS, AXIS)
POINTS = np.random.default_rng(0).uniform(-6, 6, (60, 2)), np.arange(60) % 2


def plane(z: np.ndarray, **more: Any) -> Spec:
    task = "multiclass" if z.ndim == 3 else "binary"
    names = ("a", "b", "c")[: len(z)] if z.ndim == 3 else ("-1", "+1")
    return boundary(AXIS, AXIS, z.astype(np.float32), task=task, train=POINTS, names=names, **more)


def curves(epochs: int, factor: float = 1.0, **more: Any) -> Spec:
    epoch = np.arange(1, epochs + 1)
    loss = factor * np.exp(-epoch / 40)
    return loss_curves(epoch, loss, loss + 0.1, **{"nothing": 0.7, **more})


def numbers(path: str) -> np.ndarray:
    """The places (n, 2) of a path of straight pieces."""
    pairs = path.replace("M", " ").replace("L", " ").replace("Z", " ").split()
    return np.array([[float(v) for v in pair.split(",")] for pair in pairs])


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("kind", ["signed", "with a gap", "classes"])
def test_a_map_is_as_plotly_draws_it(show: Any, kind: str, dark: bool) -> None:
    first, second = np.tanh(X * Y / 5), np.tanh((X - Y) / 3)
    if kind == "with a gap":
        second[3, 5:9] = np.nan
    if kind == "classes":
        first, second = (np.exp(np.stack([z, -z, 0.5 * z * z])) for z in (first, second))
        first, second = first / first.sum(axis=0), second / second.sum(axis=0)
    begun, moving, whole = show(plane(first, dark=dark), plane(second, dark=dark))
    assert [begun["how"], moving["how"], whole["how"]] == ["whole", "moving", "whole"]
    changed = np.abs(np.array(begun["map"]) - np.array(whole["map"]))
    assert changed.max() > 50
    # Plotly rounds colours in between once more.
    mine, theirs = (np.array(found["map"]).reshape(-1, 4) for found in (moving, whole))
    opaque = theirs[:, 3] > 0
    assert ((mine[:, 3] > 0) == opaque).all()
    assert np.abs(mine[opaque] - theirs[opaque]).max() <= 2


def test_the_line_where_the_decision_tips_is_where_plotly_draws_it(show: Any) -> None:
    first, second = (np.tanh(radius - np.hypot(X, Y)) for radius in (2.0, 4.0))
    _, moving, whole = show(plane(first), plane(second))
    assert moving["left"] == 1 and whole["left"] == 0
    assert len(moving["line"]) == 1 and len(whole["line"]) >= 1
    mine = numbers(moving["line"][0])
    theirs = np.concatenate([numbers(path.split("Q")[0].split("C")[0]) for path in whole["line"]])
    middle = (mine.max(axis=0) + mine.min(axis=0)) / 2
    radius = np.hypot(*(mine - middle).T)
    assert radius.std() < 0.01 * radius.mean()
    assert np.abs(np.hypot(*(theirs - middle).T) - radius.mean()).max() < 1.0
    # All around, once.
    pieces = mine.reshape(-1, 2, 2)
    length = np.hypot(*(pieces[:, 1] - pieces[:, 0]).T).sum()
    assert length == pytest.approx(2 * np.pi * radius.mean(), rel=0.02)


def test_curves_end_where_plotly_ends_them(show: Any) -> None:
    begun, moving, whole = show(curves(210), curves(260))
    assert [begun["how"], moving["how"], whole["how"]] == ["whole", "moving", "whole"]
    assert len(moving["curves"]) == len(whole["curves"]) == 2
    for mine, theirs in zip(moving["curves"], whole["curves"], strict=True):
        mine, theirs = numbers(mine), numbers(theirs)
        np.testing.assert_allclose(mine[[0, -1]], theirs[[0, -1]], atol=0.2)
        # Plotly leaves out places on a straight line.
        np.testing.assert_allclose(np.interp(theirs[:, 0], *mine.T), theirs[:, 1], atol=0.5)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (curves(200), curves(320)),  # beyond the axis
        (curves(200), curves(210, 3.0)),
        (curves(200), curves(200, nothing=0.5)),
        (curves(0), curves(200)),
        (curves(200), curves(200, dark=True)),
        (metric_curves(np.arange(3), np.full(3, np.nan)), metric_curves(np.arange(3), np.ones(3))),
    ],
    ids=["more epochs", "higher", "another line", "from nothing", "dark", "gap"],
)
def test_what_needs_other_axes_or_lines_is_drawn_by_plotly(show: Any, first: Spec, second: Spec) -> None:
    assert [found["how"] for found in show(first, second)] == ["whole", "whole"]
