"""What every figure promises: valid for plotly, labelled, on typed arrays, for light and dark pages."""

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from nnplay.figures import Spec, as_figure, encode
from nnplay.figures.boundary import boundary
from nnplay.figures.curve1d import curve1d
from nnplay.figures.curves import MOST_CHANGES, MOST_POINTS, loss_curves, metric_curves
from nnplay.figures.layer_outputs import layer_strips
from nnplay.figures.pictures import picture_grid
from nnplay.figures.residuals import residual_histogram, residuals_along
from nnplay.figures.scores import ranking, score_table
from nnplay.figures.tables import confusion, predicted_actual

RNG = np.random.default_rng(0)
GRID = np.linspace(-6, 6, 16)
PLANE = RNG.uniform(-6, 6, (40, 2)).astype(np.float32)
LINE = np.linspace(-1, 1, 40, dtype=np.float32)
EPOCHS = np.arange(1, 101)
FALLING = np.exp(-EPOCHS / 30)


def plane(task: str, classes: int = 2, **more: Any) -> Spec:
    shape = (classes, 16, 16) if task == "multiclass" else (16, 16)
    labels = RNG.normal(size=40) if task == "regression" else np.arange(40) % classes
    names = [f"class {k}" for k in range(classes)]
    points = (PLANE, labels)
    z = RNG.uniform(0, 1, shape)
    return boundary(GRID, GRID, z, task=task, train=points, test=points, names=names, **more)


FIGURES: dict[str, Callable[..., Spec]] = {
    "binary": lambda **more: plane("binary", **more),
    "two classes": lambda **more: plane("multiclass", 2, **more),
    "six classes": lambda **more: plane("multiclass", 6, **more),
    "surface": lambda **more: plane("regression", **more),
    "discrete": lambda **more: plane("binary", discrete=True, wrong=PLANE[:3], picked=PLANE[0], **more),
    "six discrete classes": lambda **more: plane("multiclass", 6, discrete=True, wrong=PLANE[:0], **more),
    "curve": lambda **more: curve1d(LINE, LINE**2, train=(LINE, LINE), test=(LINE[:, None], LINE), **more),
    "loss": lambda **more: loss_curves(EPOCHS, FALLING, FALLING + 0.1, nothing=1.0, **more),
    "log loss": lambda **more: loss_curves(EPOCHS, FALLING, FALLING + 0.1, log=True, **more),
    "accuracy": lambda **more: metric_curves(EPOCHS, 1 - FALLING, nothing=0.5, **more),
    "no epoch": lambda **more: loss_curves(EPOCHS[:0], FALLING[:0], FALLING[:0], nothing=1.0, **more),
    "one epoch": lambda **more: loss_curves(EPOCHS[:1], FALLING[:1], FALLING[:1], **more),
    "predicted": lambda **more: predicted_actual((LINE, LINE * 1.1), (LINE, LINE), **more),
    "residuals": lambda **more: residuals_along((LINE, LINE), (LINE[:, None], LINE), **more),
    "residual histogram": lambda **more: residual_histogram(LINE, LINE * 2, **more),
    "no residuals": lambda **more: residual_histogram(LINE * np.nan, **more),
    "scores": lambda **more: score_table(np.full((3, 3), np.nan), np.arange(3), list("abc"), **more),
    "ranking": lambda **more: ranking(
        LINE, LINE, titles=("recall", "precision"), nothing=((0, 0), (1, 1)), **more
    ),
    "pictures": lambda **more: picture_grid(
        RNG.uniform(0, 1, (7, 8, 8)), ["a"] * 7, [True] * 7, titles=("test samples", "pixels"), **more
    ),
    "strips": lambda **more: layer_strips(
        [LINE, LINE[:4], LINE.reshape(10, 4), LINE[:2]],
        ["input", "hidden 1", "hidden 2", "output"],
        units=[(), (), (), ("a", "b")],
        **more,
    ),
    "confusion": lambda **more: confusion(np.array([[9, 1], [0, 5]]), ["cat", "dog"], **more),
}


@pytest.fixture(params=FIGURES)
def make(request: pytest.FixtureRequest) -> Callable[..., Spec]:
    return FIGURES[request.param]


def lists(value: object) -> Iterator[list[Any]]:
    """Every list inside a figure but its traces and colour scales."""
    if isinstance(value, dict):
        for name, part in value.items():
            if name != "colorscale":
                yield from lists(part)
    elif isinstance(value, list):
        yield value
        for part in value:
            yield from lists(part)


@pytest.mark.parametrize("dark", [False, True])
def test_plotly_accepts_it_and_its_axes_are_labelled(make: Callable[..., Spec], dark: bool) -> None:
    figure = as_figure(make(dark=dark))
    assert figure.layout.xaxis.title.text and figure.layout.yaxis.title.text
    assert not figure.layout.xaxis.zeroline and not figure.layout.yaxis.zeroline


def test_dark_differs_from_light_in_colour_only(make: Callable[..., Spec]) -> None:
    light, dark = make(dark=False)["layout"], make(dark=True)["layout"]
    assert light["font"]["color"] != dark["font"]["color"]
    assert light["margin"] == dark["margin"] and light["uirevision"] == dark["uirevision"]


def test_big_arrays_are_typed_and_the_figure_survives_the_wire(make: Callable[..., Spec]) -> None:
    spec = make()
    assert max((len(part) for part in lists(spec)), default=0) <= 12
    arrays: list[dict[str, str]] = []

    def read(value: dict[str, object]) -> dict[str, object]:
        """As the browser does: an array that occurs again stands for the earlier one."""
        if "bdata" in value:
            arrays.append(value)
        return arrays[value["again"]] if "again" in value else value

    sent = json.loads(encode(spec), object_hook=read)
    assert [trace["type"] for trace in sent["data"]] == [trace["type"] for trace in spec["data"]]
    for trace, original in zip(sent["data"], spec["data"], strict=True):
        for name in ("x", "y", "z"):
            if isinstance(original.get(name), np.ndarray):
                typed, array = trace[name], original[name]
                assert array.dtype in (np.float32, np.uint8)
                kind = {"f4": np.float32, "u1": np.uint8}[typed["dtype"]]
                back = np.frombuffer(base64.b64decode(typed["bdata"]), kind).reshape(array.shape)
                np.testing.assert_array_equal(back, array)


def test_zoom_is_kept_until_the_revision_changes(make: Callable[..., Spec]) -> None:
    assert make()["layout"]["uirevision"] == make()["layout"]["uirevision"]
    assert make(revision="other data")["layout"]["uirevision"] == "other data"


def test_the_wire_refuses_what_a_browser_cannot_read() -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode({"data": [], "layout": {"width": float("nan")}})
    with pytest.raises(TypeError, match="float32"):
        encode({"data": [{"x": np.array(["a"])}], "layout": {}})


def test_a_diverged_run_leaves_a_gap() -> None:
    loss = np.array([1.0, np.inf, np.nan, 0.5, 0.0, -1.0])
    drawn = loss_curves(np.arange(1, 7), loss)["data"][0]["y"]
    np.testing.assert_array_equal(np.isnan(drawn), [False, True, True, False, False, False])
    drawn = loss_curves(np.arange(1, 7), loss, log=True)["data"][0]["y"]
    np.testing.assert_array_equal(np.isnan(drawn), [False, True, True, False, True, True])


@pytest.mark.parametrize("curves", [loss_curves, metric_curves])
def test_what_a_person_changed_is_marked_once_an_epoch(curves: Callable[..., Spec]) -> None:
    epoch = np.arange(1, 11)
    marked = curves(epoch, epoch / 10, changes={3: "Learning rate 0.01 → 0.1", 7: "a <b> & c"}, nothing=0.5)[
        "layout"
    ]["shapes"]
    assert [shape["x0"] for shape in marked if shape.get("name") == "changed"] == [3, 7]
    many = curves(epoch, epoch / 10, changes=dict.fromkeys(range(1000), ""))["layout"]["shapes"]
    assert len(many) == MOST_CHANGES and many[-1]["x0"] == 999


def test_what_learned_nothing_is_a_dotted_line_with_its_name() -> None:
    (line,) = loss_curves(EPOCHS, FALLING, nothing=0.69)["layout"]["shapes"]
    assert (line["y0"], line["y1"], line["line"]["dash"]) == (0.69, 0.69, "dot")
    assert line["label"]["text"] == "learned nothing"
    assert loss_curves(EPOCHS, FALLING)["layout"]["shapes"] == []


@pytest.mark.parametrize("loss", [[0.7], [0.7, np.nan, np.nan]])
def test_a_lonely_point_is_seen(loss: list[float]) -> None:
    (trace,) = loss_curves(np.arange(1, len(loss) + 1), np.array(loss))["data"]
    assert "markers" in trace["mode"]


@pytest.mark.parametrize("count", [0, 1, MOST_POINTS, MOST_POINTS + 1, 100_000])
def test_long_runs_are_thinned_and_keep_their_ends(count: int) -> None:
    epochs = np.arange(1, count + 1)
    shown = loss_curves(epochs, epochs)["data"][0]["x"]
    assert len(shown) <= MOST_POINTS + 1
    assert not count or (shown[0], shown[-1]) == (1, count)


def test_a_class_is_read_off_its_cell() -> None:
    certain = np.zeros((3, 4, 4), np.float32)
    certain[2, :, 2:] = 1
    certain[0, :, :2] = 1
    points = (PLANE, np.zeros(40, int))
    grid = GRID[:4]
    surface = boundary(grid, grid, certain, task="multiclass", train=points, names=list("abc"))["data"][0]
    levels = (surface["zmax"] + 1) // 3
    assert surface["z"][0, 0] == levels - 1 and surface["z"][0, -1] == 3 * levels - 1


def test_nothing_known_is_neutral_and_never_a_class() -> None:
    unknown = np.full((3, 4, 4), np.nan, np.float32)
    points = (PLANE, np.zeros(40, int))
    surface = boundary(GRID[:4], GRID[:4], unknown, task="multiclass", train=points, names=list("abc"))[
        "data"
    ][0]
    assert (surface["z"] % (255 // 3) == 0).all()


def test_every_point_is_drawn_once() -> None:
    for task, classes in (("binary", 2), ("multiclass", 6), ("regression", 2)):
        points = [trace for trace in plane(task, classes)["data"] if trace["type"] == "scatter"]
        assert sum(np.isfinite(trace["x"]).sum() for trace in points) == 2 * len(PLANE)
