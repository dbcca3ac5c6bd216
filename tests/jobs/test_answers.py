"""Questions and answers, on executors worked by hand, and on a real worker process."""

import os
import signal
from functools import partial

import pytest
from fake_engine import Bench, Experiment, no_warm_up, train, wait_for, whole

from nnplay.jobs.answers import KEPT, WANTED_SECONDS
from nnplay.jobs.lanes import Lanes, loky_executor
from nnplay.jobs.runs import Runs
from nnplay.jobs.settings import Settings


def answer(name, arguments):
    """A worker's side: the sum of the arguments."""
    if name == "refused":
        raise ValueError("Choose a smaller network.\nMore about it.")
    if name == "broken":
        raise KeyError("oops")
    if name == "deadly":
        os.kill(os.getpid(), signal.SIGKILL)
    if name == "die_once" and not os.path.exists(arguments["path"]):
        open(arguments["path"], "w").close()
        os.kill(os.getpid(), signal.SIGKILL)
    return {"name": name, **arguments}, 0


class Asked(Bench):
    """A bench whose runs answer as above, and remember in which order."""

    def __init__(self, lanes=1, memory=0, **settings):
        super().__init__(lanes, **settings)
        self.asked = []
        self.memory = memory

        def answer_(name, arguments):
            self.asked.append((name, *arguments.values()))
            return answer(name, arguments)[0], self.memory

        self.runs = Runs(
            Settings(lanes, **settings), self.lanes, train, answer=answer_, clock=self.clock, tidy_every=None
        )


def test_asking_returns_at_once_and_the_answer_comes():
    bench = Asked()
    found = bench.runs.ask("sum", x=1, names=("a", "b"))
    assert not found.done and found.value is None and found.error == "" and not bench.asked
    bench.work()
    assert found.done and found.value == {"name": "sum", "x": 1, "names": ("a", "b")} and found.error == ""


def test_the_same_question_is_one_answer_and_is_computed_once():
    bench = Asked()
    first = bench.runs.ask("sum", x=1, y=2.5)
    assert bench.runs.ask("sum", y=2.5, x=1) is first
    bench.work()
    assert bench.runs.ask("sum", x=1, y=2.5) is first and not bench.hands[0].tasks
    assert bench.runs.ask("sum", x=2, y=2.5) is not first
    assert bench.runs.ask("other", x=1, y=2.5) is not first
    bench.work()
    assert len(bench.asked) == 3


def test_lists_are_refused():
    with pytest.raises(TypeError, match="unhashable"):
        Asked().runs.ask("sum", x=[1])


def test_errors_are_sentences_and_are_kept():
    bench = Asked()
    refused, broken = bench.runs.ask("refused"), bench.runs.ask("broken")
    bench.work()
    assert refused.done and refused.error == "Choose a smaller network." and refused.value is None
    assert broken.done and broken.error.startswith("KeyError")
    bench.runs.ask("refused")
    assert bench.work() == 0


def test_only_the_answers_asked_for_last_are_kept():
    bench = Asked()
    for x in range(KEPT + 10):
        bench.runs.ask("sum", x=x)
        bench.work()
        bench.runs.ask("sum", x=0)
    assert bench.work() == 0 and len(bench.asked) == KEPT + 10
    bench.runs.ask("sum", x=1)
    assert bench.work() == 1


def test_a_question_waits_its_turn_among_the_chunks():
    bench = Asked()
    runs = [bench.runs.create(Experiment(epochs=10**5, name=name)) for name in "ab"]
    for run in runs:
        bench.runs.play(run)
    for x in range(3):
        bench.runs.ask("sum", x=x)
    # Of three questions only one is in the worker's queue, behind a chunk of each run.
    assert len(bench.hands[0].tasks) == 3
    before = [run.epoch for run in runs]
    bench.work(9)
    assert len(bench.asked) == 3 and bench.hands[0].log.count("a") == bench.hands[0].log.count("b") == 3
    assert [run.epoch for run in runs] > before


def test_the_lane_with_the_least_to_do_is_chosen_and_each_does_one_at_a_time():
    bench = Asked(lanes=2)
    run = bench.runs.create(Experiment())
    bench.runs.play(run)
    busy = bench.hands[0]
    first = bench.runs.ask("sum", x=1)
    assert len(busy.tasks) == 1 and len(bench.hands[1].tasks) == 1
    bench.runs.ask("sum", x=2)
    bench.runs.ask("sum", x=3)
    assert len(busy.tasks) == 2 and len(bench.hands[1].tasks) == 1
    bench.hands[1].work()
    assert first.done and bench.hands[1].tasks
    bench.work()
    assert {x for _, x in bench.asked} == {1, 2, 3} and run.over


def test_a_question_nobody_asks_any_more_is_passed_over_until_it_is_asked_again():
    bench = Asked()
    first, stale, wanted = (bench.runs.ask("sum", x=x) for x in range(3))
    bench.clock.now += WANTED_SECONDS + 1
    bench.runs.ask("sum", x=2)
    bench.work()
    assert first.finished and wanted.finished and not stale.finished
    assert bench.runs.ask("sum", x=1) is stale
    bench.work()
    assert stale.done


def test_to_look_is_to_ask_again():
    bench = Asked()
    bench.runs.ask("sum", x=0)
    waiting, stale = bench.runs.ask("sum", x=1), bench.runs.ask("sum", x=2)
    for _ in range(3):
        bench.clock.now += WANTED_SECONDS - 1
        assert not waiting.done
    bench.work()
    assert waiting.finished and not stale.finished
    assert not stale.done and bench.work() == 1 and stale.done


def test_a_worker_that_dies_is_replaced_and_the_question_asked_again():
    bench = Asked()
    found = bench.runs.ask("sum", x=1)
    for _ in range(2):
        bench.hands[-1].kill()
        assert not found.done
    bench.work()
    assert found.done and found.value["x"] == 1 and len(bench.hands) == 3


def test_after_three_deaths_it_is_given_up():
    bench = Asked()
    found = bench.runs.ask("sum", x=1)
    for _ in range(3):
        bench.hands[-1].kill()
    assert found.done and "3 times" in found.error
    bench.runs.ask("sum", x=1)
    assert bench.work() == 0


def test_who_only_waited_is_not_to_blame():
    bench = Asked()
    run = bench.runs.create(Experiment(epochs=10))
    found = bench.runs.ask("sum", x=1)
    bench.runs.play(run)
    for kills in range(3):
        # Both come back, the question first: it is at work again, the run behind it.
        assert found.kills == kills and len(bench.hands[-1].tasks) == 2
        bench.hands[-1].kill()
    assert found.done and found.error and run.kills == 0
    bench.work()
    assert run.status.word == "finished" and run.history.values.tolist() == whole(run.experiment).tolist()


def test_a_question_behind_a_deadly_chunk_is_answered():
    bench = Asked()
    run = bench.runs.create(Experiment(epochs=10))
    bench.runs.prepare(run)
    found = bench.runs.ask("sum", x=1)
    for _ in range(3):
        # The chunk came first each time.
        bench.hands[-1].kill()
    bench.work()
    assert run.status.word == "failed" and found.done and found.value["x"] == 1 and found.kills == 0


def test_a_worker_grown_too_large_is_renewed():
    bench = Asked(memory=10**10)
    bench.clock.now += 1000
    bench.runs.ask("sum", x=1)
    bench.clock.now += 1000
    bench.work()
    assert len(bench.hands) == 2 and bench.hands[0].ended


def test_questions_after_the_end_are_errors():
    bench = Asked()
    bench.runs.close()
    found = bench.runs.ask("sum", x=1)
    assert found.done and "No worker could be started" in found.error


def processes() -> Runs:
    lanes = Lanes(1, partial(loky_executor, 60.0), warm=no_warm_up)
    return Runs(Settings(1, memory_mb=10_000), lanes, train, answer=answer)


def test_kill_9_and_a_question_that_always_kills(tmp_path):
    with processes() as runs:
        once = runs.ask("die_once", path=str(tmp_path / "died"))
        deadly, good = runs.ask("deadly"), runs.ask("sum", x=1)
        wait_for(lambda: all([once.done, deadly.done, good.done]))
        assert once.value and good.value and "3 times" in deadly.error


def test_a_real_worker_answers_the_laboratory():
    with Runs(Settings(1), Lanes(1, partial(loky_executor, 60.0)), train) as runs:
        found = runs.ask("moments", activation="relu", q=2.0)
        unknown = runs.ask("moment", activation="relu", q=2.0)
        refused = runs.ask("mean_field", activation="softmax", sigma_w=1.0, sigma_b=0.0)
        wait_for(lambda: all([found.done, unknown.done, refused.done]), 120)
        assert found.value["f2"] == pytest.approx(1.0)
        assert unknown.error.startswith("Unknown question 'moment'. Did you mean 'moments'")
        assert "one of a whole layer" in refused.error
