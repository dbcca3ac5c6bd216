"""A reader of the small part of LaTeX that the catalog's formulas use, so that tests can work them out."""

import math
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

TOKEN = re.compile(r"\\\\|\\[a-zA-Z]+|[0-9.]+|\S")
erf = np.vectorize(math.erf)

FUNCTIONS: dict[str, Callable[..., Any]] = {
    r"\tanh": np.tanh,
    r"\cos": np.cos,
    r"\ln": np.log,
    r"\max": np.maximum,
    r"\min": np.minimum,
    r"\sigma": lambda x: 1 / (1 + np.exp(-x)),
    r"\Phi": lambda x: (1 + erf(x / math.sqrt(2))) / 2,
    r"\varphi": lambda x: np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi),
}
COMPARE: dict[str, Callable[..., Any]] = {
    "<": np.less,
    ">": np.greater,
    r"\le": np.less_equal,
    r"\ge": np.greater_equal,
}


class Reader:
    """Recursive descent over the tokens of one formula; `names` are the values of its letters."""

    def __init__(self, formula: str, names: dict[str, Any]) -> None:
        text = re.sub(r"\\left|\\right|\\,", "", formula).replace(r"\text{ or }", r"\or ")
        self.tokens = [*TOKEN.findall(text), ""]
        self.names = {"e": math.e, r"\pi": math.pi, **names}

    def take(self, *expected: str) -> str:
        token = self.tokens.pop(0)
        assert not expected or token in expected, f"{expected} expected, {token!r} found"
        return token

    def sum(self) -> Any:
        sign = self.take("-") if self.tokens[0] == "-" else "+"
        total = self.product() if sign == "+" else -self.product()
        while self.tokens[0] in ("+", "-"):
            total = total + self.product() if self.take() == "+" else total - self.product()
        return total

    def product(self) -> Any:
        ends = {"", "+", "-", "}", ")", "|", ",", "&", r"\\", r"\end", r"\or", *COMPARE}
        total = self.power()
        while self.tokens[0] not in ends:
            total = total * self.power()
        return total

    def power(self) -> Any:
        base = self.atom()
        if self.tokens[0] != "^":
            return base
        self.take("^")
        return base ** (self.inside("{", "}") if self.tokens[0] == "{" else float(self.take()))

    def inside(self, start: str, end: str) -> Any:
        self.take(start)
        value = self.sum()
        self.take(end)
        return value

    def atom(self) -> Any:
        if self.tokens[0] == "(":
            return self.inside("(", ")")
        if self.tokens[0] == "|":
            return np.abs(self.inside("|", "|"))
        token = self.take()
        if token == r"\frac":
            return self.inside("{", "}") / self.inside("{", "}")
        if token == r"\sqrt":
            return np.sqrt(self.inside("{", "}"))
        if token == r"\begin":
            return self.cases()
        if token in FUNCTIONS:
            self.take("(")
            arguments = [self.sum()]
            while self.take(",", ")") == ",":
                arguments.append(self.sum())
            return FUNCTIONS[token](*arguments)
        return self.names[token] if token in self.names else float(token)

    def cases(self) -> Any:
        self.words("{cases}")
        values, conditions = [], []
        while True:
            values.append(self.sum())
            self.take("&")
            conditions.append(self.condition())
            if self.take(r"\\", r"\end") == r"\end":
                self.words("{cases}")
                assert np.all(np.sum(conditions, axis=0) == 1), "the cases overlap or leave a gap"
                return np.select(conditions, np.broadcast_arrays(*values, conditions[0])[:-1])

    def words(self, text: str) -> None:
        for letter in text:
            self.take(letter)

    def condition(self) -> Any:
        left, holds = self.sum(), np.True_
        while self.tokens[0] in COMPARE:
            compare = COMPARE[self.take()]
            right = self.sum()
            left, holds = right, holds & compare(left, right)
        return holds | self.condition() if self.tokens[0] == r"\or" and self.take() else holds


@pytest.fixture
def work_out() -> Callable[..., Any]:
    """Return a function (formula, **values of its letters) -> value."""

    def work_out(formula: str, **names: Any) -> Any:
        reader = Reader(formula, names)
        value = reader.sum()
        reader.take("")
        return value

    return work_out
