"""Teachers' links: they read back exactly, locked settings stay, and hostile ones are sentences."""

import re
import zlib
from base64 import urlsafe_b64encode
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

import pytest
from arbitrary import experiments
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from nnplay.assignment import (
    COMPARISONS,
    CONTROLS,
    MEASURES,
    WEIGHTS,
    Assignment,
    Condition,
    Opening,
    checksum,
    faults,
    fitting,
    link_with,
    opening,
)
from nnplay.assignment.record import in_order
from nnplay.assignment.text import check_text, check_title, plain
from nnplay.experiment import (
    DEFAULT,
    MAX_LINK_LENGTH,
    SETTINGS,
    Experiment,
    ExperimentError,
    link_to,
    split_address,
    split_link,
)
from nnplay.experiment.links import LONG_LINK, pack, unpack

quick = settings(deadline=None, max_examples=80)
WORDS = st.text(alphabet="abc XYZ *_-#.,;:%&=+?äß漢🙂$\n", max_size=300)


TARGETS = ["https://x.org", "http://x.org", "www.x.org", "javascript:x", "a@b.de", "&#106;", "&lt;", "//"]
PIECES = [*TARGETS, *'[]()!<>:\n a*`\\$|-#"', "1."]


KEYS = [
    "title",
    "task",
    "goal",
    "check",
    "start.seed",
    "start.x",
    "lock.data",
    "hide.loss",
    "lock.x",
    "hide.",
    "z",
    "at",
    "v",
    "data",
]


@st.composite
def assignments(draw: st.DrawFn) -> Assignment:
    experiment = draw(experiments())
    there = fitting(experiment)
    goal = []
    for name in draw(st.lists(st.sampled_from(list(there)), unique=True, max_size=4)):
        measure = there[name]
        value = draw(st.floats(measure.low, measure.high)) or 0.0
        goal.append(Condition(name, draw(st.sampled_from(list(COMPARISONS))), value))
    if not any(MEASURES[one.measure].needs for one in goal):
        goal = []
    needed = (["data"] if goal else []) + ["loss"] * any(MEASURES[o.measure].needs == "loss" for o in goal)
    hidden = draw(st.sets(st.sampled_from(list(SETTINGS))))
    locked = draw(st.sets(st.sampled_from(list(CONTROLS)))) | hidden | set(needed)
    title = " ".join(draw(st.text(alphabet="abc &=%é漢", max_size=80)).split())
    try:
        text = check_text(draw(WORDS))
    except ValueError:
        text = "Read [this](https://example.org/a?b=c&d=%20#e)."
    return Assignment(experiment, title, text, tuple(goal), in_order(list(locked)), in_order(list(hidden)))


@quick
@given(assignments(), st.data())
def test_a_link_reads_back_exactly(assignment: Assignment, data: st.DataObject) -> None:
    assert not faults(assignment)
    epoch = data.draw(st.integers(0, assignment.experiment.epochs))
    link = link_with(assignment, epoch=epoch)
    assert link.isascii() and (len(link) <= LONG_LINK or link.startswith("z=1."))
    wanted = Opening(assignment.experiment, epoch, assignment)
    if len(link) <= MAX_LINK_LENGTH:
        assert opening(split_address(link)) == opening(split_address(f"https://x.org/?{link}#top")) == wanted
    # As the address bar has it: written by the page, and back by the browser.
    assert opening(parse_qsl(urlencode(dict(parse_qsl(link, keep_blank_values=True))), True)) == wanted


@quick
@given(assignments(), experiments(), st.integers(0, 50))
def test_a_link_on_the_way_still_knows_what_the_task_opened_with(
    assignment: Assignment, other: Experiment, epoch: int
) -> None:
    try:
        fixed = {name: getattr(assignment.experiment, name) for name in assignment.locked if name != WEIGHTS}
        now = other.change(**fixed)
    except ExperimentError:
        return
    pairs = split_link(link_with(assignment, now, min(epoch, now.epochs)))
    assert opening(pairs) == Opening(now, min(epoch, now.epochs), assignment)
    # And what was put in otherwise is a sentence: the task then starts with what the link opens.
    for name, value in (
        ("start.hidden", "4--4"),
        ("start.colour", "1"),
        *((f"start.{x}", "1") for x in fixed),
    ):
        found = opening([pair for pair in pairs if pair[0] != name] + [(name, value)])
        assert "What the task started with" in found.problems["start."]
        assert found.experiment == now and found.assignment == replace(assignment, experiment=now)


@quick
@given(assignments(), experiments())
def test_what_is_locked_stays_whatever_else_a_link_asks_for(
    assignment: Assignment, other: Experiment
) -> None:
    pairs = [pair for pair in split_link(link_with(assignment)) if pair[0] not in SETTINGS]
    found = opening([*pairs, *split_link(other.to_link())[1:]])
    if found.assignment is None:
        # Not a task any more: then this is said.
        assert found.problems
        return
    assert not found.assignment.refusals(found.experiment)
    asked = [name for name, _ in split_link(other.to_link()) if name in assignment.locked]
    assert set(asked) <= found.problems.keys()
    for name in set(assignment.locked) - {WEIGHTS}:
        assert getattr(found.experiment, name) == getattr(assignment.experiment, name)
        if getattr(other, name) != getattr(assignment.experiment, name):
            assert name in assignment.refusals(other)


@quick
@given(assignments(), st.data())
def test_an_edited_task_is_not_opened_as_one(assignment: Assignment, data: st.DataObject) -> None:
    pairs = split_link(link_with(assignment))
    own = [place for place, (name, _) in enumerate(pairs) if name not in SETTINGS and name not in ("v", "at")]
    place = data.draw(st.sampled_from(own))
    name, value = pairs[place]
    changes = [value + "1", value[:-1], "", "2"]
    pairs[place] = (name, data.draw(st.sampled_from([text for text in changes if text != value])))
    if data.draw(st.booleans()):
        del pairs[place]
        if len(own) == 1:
            return
    found = opening(pairs)
    assert found.assignment is None and "changed or cut" in found.problems["check"]
    assert isinstance(found.experiment, Experiment)


@quick
@given(st.lists(st.tuples(st.sampled_from(KEYS), st.text(max_size=20)), max_size=8))
def test_any_pairs_open_something_and_say_what_was_wrong(pairs: list[tuple[str, str]]) -> None:
    found = opening(pairs)
    assert isinstance(found.experiment, Experiment) and all(found.problems.values())
    assert len(" ".join(found.problems.values())) < 2500


# Hand-made and right by its checksum, but wrong in itself.
def signed(**own: str) -> list[tuple[str, str]]:
    from nnplay.assignment.link import _sum

    given = {name.replace("_", ".", 1): text for name, text in own.items()}
    return [*given.items(), ("check", _sum(given))]


@pytest.mark.parametrize(
    ("own", "key", "words"),
    [
        ({"goal": "test_loss"}, "goal", "measure:max:number"),
        ({"goal": "tst_loss:max:1"}, "goal", "Did you mean 'test_loss'"),
        ({"goal": "test_loss:below:1"}, "goal", "max (at most) or min (at least), not 'below'"),
        ({"goal": "test_loss:max:nan"}, "goal", "from 0 to 1e+06, not 'nan'"),
        ({"goal": "test_accuracy:min:1.5"}, "goal", "from 0 to 1, not '1.5'"),
        ({"goal": "test_loss:max:1,test_loss:max:2"}, "goal", "twice"),
        ({"goal": "neurons:max:4"}, "goal", "something that is learned"),
        ({"goal": "loss:max:1," * 7}, "goal", "6 conditions; this has 8"),
        ({"goal": "test_loss:max:1", "lock_data": "xor"}, "goal", "lock.loss"),
        ({"goal": "test_accuracy:min:1"}, "goal", "lock.data"),
        ({"goal": "test_r2:min:1", "lock_data": "xor"}, "goal", "test R², which Exclusive or does not have"),
        ({"lock_dat": "xor"}, "lock.dat", "Did you mean 'data'"),
        ({"lock_data": "mons"}, "data", "Did you mean 'moons'"),
        ({"lock_data": "own"}, "data", "somebody's own data"),
        ({"lock_seed": "-1"}, "seed", "from 0 to 2147483647"),
        ({"lock_loss": "hinge", "hide_loss": "hinge"}, "hide.loss", "both locked and hidden"),
        ({"title": "x" * 81}, "title", "80 characters; this has 81"),
        ({"title": "a\0b"}, "title", "cannot be shown"),
        ({"task": "x" * 1501}, "task", "1,500 characters; this has 1,501"),
        ({"task": "x\n" * 45 + "x"}, "task", "40 lines; this has 46"),
        ({"task": "<script>alert(1)</script>"}, "task", "no HTML"),
        ({"task": "![](https://x.org/a.png)"}, "task", "no pictures"),
        ({"task": "[x](javascript:alert(1))"}, "task", "https addresses alone"),
    ],
)
def test_a_task_that_is_wrong_in_itself_is_left_out_with_a_sentence(own, key, words) -> None:
    found = opening([*signed(**own), ("data", "circle")] if "lock_data" not in own else signed(**own))
    assert found.assignment is None
    assert words in found.problems[key] and all(len(text) < 600 for text in found.problems.values())


# ---- the text


BAD = [
    "<b>x</b>", "a <img src=x onerror=alert(1)>", "</div>", "<!-- x -->", "<?x?>", "<https://x.org>",
    "![x](https://x.org/a.png)", "! [x][y]", "[x](http://x.org)", "[x](//x.org)", "[x](data:text/html,x)",
    "[x](&#106;avascript:alert(1))", "[x](<javascript:alert(1)>)", "[x]( javascript:alert(1))",
    "[x](https://x.org \"title\")", "[x]\n(http://x.org)", "[x][y]\n\n[y]: http://x.org", "[x]: http://x.org",
    "[x\ny]: javascript:alert(1)", "see http://x.org", "see www.x.org", "mail a@x.org", "mailto:a", "ftp://x",
    "$\\href{javascript:alert(1)}{x}$", "[x](https://x.org\\)", "[x](https://)", "tel\u0000", "a\u202eb",
    "javascript:alert(1)", "[x](https://[::1]/)",
]  # fmt: skip


@pytest.mark.parametrize("text", BAD)
def test_no_other_markdown_gets_in(text: str) -> None:
    with pytest.raises(ValueError, match=r"[.]$"):
        check_text(text)


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@example("[a](https://x.org)")
@settings(deadline=None, max_examples=400)
def test_what_gets_in_is_rendered_without_html_pictures_and_other_links(text: str) -> None:
    """By another parser of Markdown, which makes links of bare addresses too."""
    try:
        text = check_text(text)
    except ValueError:
        return
    parser = MarkdownIt("commonmark").enable("table")
    for token in parser.parse(text):
        for part in [token, *(token.children or [])]:
            assert part.type not in ("html_block", "html_inline", "image")
            assert part.type != "link_open" or str(part.attrs["href"]).startswith("https://")


@given(st.text(alphabet="ab*_[]()<>!`#&;:|~$\\.-1 @/", max_size=40))
@settings(deadline=None)
def test_a_title_is_shown_as_it_is(text: str) -> None:
    title = check_title(text)
    shown = [token for token in MarkdownIt().parse(f"**{plain(title)}**") if token.children]
    said = "".join(part.content for token in shown for part in token.children or [])
    assert not title or said == title
    kinds = {part.type for token in shown for part in token.children or []}
    assert kinds <= {"text", "text_special", "strong_open", "strong_close"}


# ---- packing


@quick
@given(st.dictionaries(st.sampled_from([*SETTINGS, "task"]), st.text()))
def test_packed_pairs_are_unpacked(texts: dict[str, str]) -> None:
    texts = {name: text.encode("utf-8", "replace").decode() for name, text in texts.items()}
    packed = pack(texts)
    assert re.fullmatch(r"1\.[A-Za-z0-9_-]+", packed)
    assert dict(parse_qsl(unpack(packed), keep_blank_values=True)) == texts


def test_long_links_are_packed_and_read_back() -> None:
    names = "-".join(["sparse_sigmoid"] * 69 + ["tanh"])
    experiment = DEFAULT.change(hidden="-".join(["100:layernorm"] * 70), activation=names)
    readable = DEFAULT.change(hidden="-".join(["100"] * 90))
    assert readable.to_link().startswith("v=1&hidden=100-100")
    for epoch in (0, 7):
        link = link_to(experiment, epoch)
        assert link.startswith("z=1.") and len(link) < 300
        assert opening(split_address(link)) == Opening(experiment, epoch)
    assert Experiment.from_link(experiment.to_link()) == experiment
    task = Assignment(experiment, text="漢字" * 700, locked=("hidden", "activation"))
    link = link_with(task)
    assert len(link) < LONG_LINK and opening(split_address(link)) == Opening(experiment, 0, task)
    # What stands beside it is read as well: the page's own additions, or somebody's.
    beside = opening(split_address(f"{link}&hidden=4&seed=5"))
    assert beside.experiment == experiment.change(seed=5) and "locked" in beside.problems["hidden"]


def packed(query: str) -> str:
    return "z=1." + urlsafe_b64encode(zlib.compress(query.encode())).decode().rstrip("=")


@pytest.mark.parametrize(
    ("link", "words"),
    [
        (packed("hidden=" + "1" * 3_000_000)[:3990], "more than 20,000 bytes"),
        (packed("task=" + "x" * 20_000), "more than 20,000 bytes"),
        (packed("data=xor")[:-3], "damaged"),
        (packed("data=xor") + "AAAA", "damaged"),
        ("z=1.", "damaged"),
        ("z=1.%00", "damaged"),
        ("z=1.a", "damaged"),
        ("z=1.=====", "damaged"),
        ("z=1.AAAA AAAA", "damaged"),
        ("z=2.AAAA", "begins with '2.AAAA'"),
        ("z=", "begins with ''"),
        ("z=pickle", "begins with 'pickle'"),
        (packed("data=xor") + "&" + packed("data=circle"), "given 2 times"),
        (packed(packed("data=xor")), "cannot hold another"),
        (packed("a=1&" * 100), "may have 90 settings"),
        ("z=1." + "A" * 4000, "may have 4,000 characters"),
    ],
)
def test_hostile_packings_are_one_sentence(link: str, words: str) -> None:
    with pytest.raises(ExperimentError) as caught:
        Experiment.from_link(link)
    assert words in str(caught.value) and len(str(caught.value)) < 300
    found = opening(parse_qsl(link, keep_blank_values=True))
    assert found.experiment == DEFAULT and found.assignment is None and found.problems


@given(st.text(alphabet="abcXYZ019-_.=%", max_size=60))
@settings(deadline=None)
def test_any_packed_text_is_a_link_or_our_error(text: str) -> None:
    for value in (text, f"1.{text}"):
        try:
            Experiment.from_link(f"z={value}")
        except ExperimentError as error:
            assert error.problems


def test_the_checksum_is_of_all_that_the_teacher_set() -> None:
    one = Assignment(DEFAULT, "a", "b", (Condition("test_accuracy", "min", 0.9),), ("data",), ())
    others = [
        replace(one, title="c"),
        replace(one, text="c"),
        replace(one, goal=()),
        replace(one, locked=("data", "seed")),
        replace(one, hidden=("data",)),
        replace(one, experiment=DEFAULT.change(data="xor")),
    ]
    assert len({checksum(assignment) for assignment in [one, *others]}) == 7
    assert checksum(replace(one, experiment=DEFAULT.change(hidden="3"))) == checksum(one)
