"""What is made of columns: guesses, encodings, missing values, classes, the plane; and drawn points."""

import numpy as np
import pytest

from nnplay.data.own import BadTable, Recipe, columns_of, guess, make, make_drawn, read_points, read_text


def columns(header: str, rows: list[str]):
    return columns_of(read_text("\n".join([header, *rows])))


def points_of(made):
    dataset = made.dataset
    return dataset.make(10**9, seed=3, label_noise=0.0, position_noise=0.0, classes=dataset.classes)


MIXED = columns(
    "size,colour,glad,weight",
    [f"{k},{('red', 'blue', 'green')[k % 3]},{('yes', 'no')[k % 2]},{2 * k + 1}.5" for k in range(24)],
)


def test_the_last_column_is_guessed_unless_one_is_called_so() -> None:
    assert guess(MIXED) == Recipe("weight", "regression", ("size", "colour", "glad"))
    assert guess(columns("y,a", [f"{k % 2},{k}" for k in range(20)])) == Recipe("y", "classes", ("a",))


def test_categories_become_inputs_of_zero_and_one() -> None:
    made = make(MIXED, Recipe("weight", "regression", ("size", "colour", "glad")), "mine")
    names = ("size", "colour = blue", "colour = green", "colour = red", "glad = yes")
    assert made.dataset.inputs == names
    positions, targets = points_of(made)
    order = positions[:, 0].argsort()
    positions, targets = positions[order], targets[order]
    for k in range(24):
        assert positions[k, 1:4].tolist() == [k % 3 == 1, k % 3 == 2, k % 3 == 0]
        assert positions[k, 4] == (k % 2 == 0)
    weights = 2 * np.arange(24) + 1.5
    np.testing.assert_allclose(targets, (weights - weights.mean()) / weights.std())


def test_a_missing_number_is_the_median_and_a_missing_category_one_of_its_own() -> None:
    rows = [f"{k},{'ab'[k % 2]},{k % 2}" for k in range(12)]
    rows[3], rows[4] = ",b,1", "4,,0"
    made = make(columns("n,c,y", [*rows, "5,a,"]), Recipe("y", "classes", ("n", "c")), "mine")
    assert made.dataset.inputs == ("n", "c = a", "c = b", "c missing")
    positions, targets = points_of(made)
    assert len(targets) == 12  # the row without a target is gone
    # Of 0, 1, 2, 4, 5, ..., 11: 6.
    assert (positions[:, 0] == 6).sum() == 2
    assert positions[:, 3].sum() == 1
    said = " ".join(made.notes)
    assert "median, 6" in said and "category of its own" in said and "1 row without 'y'" in said


def test_two_numbers_fill_the_plane() -> None:
    rng = np.random.default_rng(1)
    rows = [f"{a:.6f},{b:.6f},{'in' if a * a + b * b < 1 else 'out'}" for a, b in rng.normal(3, 40, (50, 2))]
    rows += ["0,0,in"] * 5
    dataset = make(columns("a,b,c", rows), Recipe("c", "classes", ("a", "b")), "mine").dataset
    assert dataset.inputs == ("x1", "x2") and dataset.extent == (-6, 6) and dataset.takes_features
    positions, _ = points_of(make(columns("a,b,c", rows), Recipe("c", "classes", ("a", "b")), "mine"))
    np.testing.assert_allclose(positions.min(axis=0), -5, atol=1e-9)
    np.testing.assert_allclose(positions.max(axis=0), 5, atol=1e-9)


def test_rare_classes_are_left_out_and_said() -> None:
    rows = [f"{k},{'ab'[k % 2]}" for k in range(20)] + ["1,z"]
    made = make(columns("n,y", rows), Recipe("y", "classes", ("n",)), "mine")
    assert made.balance == {"a": 10, "b": 10} and made.dataset.targets == ("a", "b")
    assert "'z'" in " ".join(made.notes)


def test_numbers_can_be_classes() -> None:
    given = columns("n,y", [f"{k * 0.5},{3 * (k % 3)}" for k in range(30)])
    made = make(given, Recipe("y", "classes", ("n",)), "mine")
    assert made.dataset.targets == ("0", "3", "6") and made.dataset.task == "classes"


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        (Recipe("nothing", "classes", ("size",)), "no column 'nothing'"),
        (Recipe("size", "classes", ("size",)), "cannot go in as well"),
        (Recipe("glad", "classes", ()), "No column goes in"),
        (Recipe("colour", "regression", ("size",)), "holds categories"),
        (Recipe("size", "classes", ("weight",)), "has no classes"),
    ],
)
def test_recipes_that_cannot_be(recipe: Recipe, said: str) -> None:
    with pytest.raises(BadTable, match=said):
        make(MIXED, recipe, "mine")


RING = [(3 * np.cos(a), 3 * np.sin(a), 1) for a in np.linspace(0, 6, 12)]


def test_drawn_points_are_data() -> None:
    dots = [(0.1 * k, 0.0, 0) for k in range(6)]
    made = make_drawn(read_points([*dots, *RING]))
    positions, targets = points_of(made)
    assert made.balance == {"class 1": 6, "class 2": 12} and len(positions) == 18
    assert {tuple(p) for p in positions[targets == 0].round(6)} == {(round(x, 6), y) for x, y, _ in dots}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("abc", "list"),
        ([[1, 2]], "Point 1"),
        ([[1, 2, 0], [7, 0, 0]], "Point 2"),
        ([[float("nan"), 0, 0]], "Point 1"),
        ([[1, 2, 9]], "Point 1"),
        ([[1, 2, True]], "Point 1"),
        ([[0, 0, 0]] * 1001, "1,001 points"),
    ],
)
def test_what_the_browser_sends_is_checked(given: object, said: str) -> None:
    with pytest.raises(BadTable, match=said):
        read_points(given)


@pytest.mark.parametrize(
    ("points", "said"),
    [
        (RING, "two classes"),
        ([*RING, (0, 0, 0)], "Class 1 has 1 of the 4"),
        ([(0, 0, 0)] * 4 + [(1, 1, 1)] * 4, "8 points"),
    ],
)
def test_too_few_drawn_points(points: list, said: str) -> None:
    with pytest.raises(BadTable, match=said):
        make_drawn(points)
