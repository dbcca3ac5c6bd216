"""Answers: computations asked for once, done in a worker, and kept.

A question is a name of `nnplay.engine.laboratory.QUESTIONS` and its arguments. The same question is one and
the same `Answer`, whoever asks. Each lane has at most one question under way: it waits its turn among the
chunks of the runs, and those behind it wait here, where a question that nobody asks any more (a slider has
moved on) is passed over.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from nnplay.jobs.lanes import Lanes, Worker
from nnplay.jobs.results import MOST_KILLS, sentence
from nnplay.jobs.settings import Settings

log = logging.getLogger(__name__)

# So many answers are kept, those asked for last.
KEPT = 256
# A question that waits and was not asked about for so long is nobody's any more; a page that wants it looks
# several times a second, and looking puts it back in the queue. (Browsers slow hidden tabs down to one look
# a minute; those find the answer a look later.)
WANTED_SECONDS = 10.0


@dataclass(eq=False)
class Answer:
    """What became of a question: when `done`, either a `value` or an `error`, a sentence.

    `asked_at`: when it was last asked or looked at, by the clock of the runs.
    """

    name: str
    arguments: dict[str, Any] = field(repr=False)
    value: Any = None
    error: str = ""
    # The rest is for `Answers`. `kills`: how often the question ended its worker.
    asked_at: float = 0.0
    finished: bool = False
    kills: int = 0
    wanted: Callable[["Answer"], None] = field(repr=False, default=lambda _: None)

    @property
    def done(self) -> bool:
        """Whether it is there. To look is to ask again: a question that nobody looks after is passed over."""
        if not self.finished:
            self.wanted(self)
        return self.finished


class Answers:
    """Questions of a server and their answers. `ask` may be called from any thread; it returns at once."""

    def __init__(
        self,
        settings: Settings,
        lanes: Lanes,
        answer: Callable[[str, dict[str, Any]], tuple[Any, int]],
        clock: Callable[[], float],
    ) -> None:
        """`answer`: (name, arguments) -> value and the worker's resident bytes, run in the worker."""
        self._settings = settings
        self._lanes = lanes
        self._answer = answer
        self._clock = clock
        self._lock = threading.RLock()
        self._kept: OrderedDict[tuple[str, tuple[tuple[str, Any], ...]], Answer] = OrderedDict()
        self._waiting: list[Answer] = []
        self._under_way: dict[int, Answer] = {}

    def ask(self, name: str, **arguments: Any) -> Answer:
        """The answer to this question; if it is new, or was passed over, it is put in the queue.

        Raises `TypeError` for arguments that cannot be hashed, such as lists.
        """
        key = (name, tuple(sorted(arguments.items())))
        with self._lock:
            answer = self._kept.get(key)
            if answer is None:
                answer = self._kept[key] = Answer(name, arguments, wanted=self._want)
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
        self._want(answer)
        return answer

    def _want(self, answer: Answer) -> None:
        """Somebody wants this answer now: put it in the queue, if it is not there or under way."""
        with self._lock:
            answer.asked_at = self._clock()
            known = answer.finished or answer in self._waiting or answer in self._under_way.values()
            if not known:
                self._waiting.append(answer)
        if not answer.finished:
            self._settle()

    def _settle(self) -> None:
        """Hand over the next questions, to the lanes with the least to do."""
        while True:
            with self._lock:
                free = [lane for lane in range(self._lanes.open) if lane not in self._under_way]
                answer = self._next() if free else None
                if answer is None:
                    return
                lane = min(free, key=self._lanes.load)
                self._under_way[lane] = answer
            self._launch(lane, answer)

    def _next(self) -> Answer | None:
        now = self._clock()
        while self._waiting:
            answer = self._waiting.pop(0)
            if now - answer.asked_at <= WANTED_SECONDS:
                return answer
        return None

    def _launch(self, lane: int, answer: Answer) -> None:
        try:
            worker, future = self._lanes.submit(lane, self._answer, answer.name, answer.arguments)
        except Exception as error:
            with self._lock:
                del self._under_way[lane]
                self._finish(answer, error=f"No worker could be started. {sentence(error)}")
            return
        future.add_done_callback(partial(self._landed, lane, answer, worker))

    def _landed(self, lane: int, answer: Answer, worker: Worker, future: Future) -> None:
        """An answer came back, or did not; called on the executor's thread."""
        error = CancelledError("The question was cancelled.") if future.cancelled() else future.exception()
        gone = isinstance(error, self._lanes.broken)
        if gone:
            self._lanes.drop(lane, worker)
        with self._lock:
            self._under_way.pop(lane, None)
            if error is None:
                value, memory = future.result()
                self._finish(answer, value=value)
            elif not gone:
                self._finish(answer, error=sentence(error))
            else:
                answer.kills += worker.culprit is future
                if answer.kills >= MOST_KILLS:
                    self._finish(answer, error=GIVEN_UP)
                else:
                    self._waiting.insert(0, answer)
        if error is None and memory > self._settings.memory_mb * 1e6:
            self._lanes.renew(lane, worker)
        self._settle()

    def _finish(self, answer: Answer, value: Any = None, error: str = "") -> None:
        answer.value, answer.error = value, error
        # Last: a page that sees it done reads the others without a lock.
        answer.finished = True


GIVEN_UP = (
    f"This computation ended its worker process {MOST_KILLS} times, perhaps for want of memory. "
    "Choose fewer layers, units or samples."
)
