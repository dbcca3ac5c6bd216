"""What the coach says: what is wrong, by which number, why, and what to change."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Advice:
    """One finding. `rule`: its name in `RULES`. `layer`: from 1 at the input, 0 for the whole network.

    `number`: what was measured; `sentence` names it and the layer; `reason` says why it does harm;
    `change`: the settings that mend it, a button's work, and `offer` what the button says; `page`: the page
    that explains it, "" for none.
    """

    rule: str
    layer: int
    number: float
    sentence: str
    reason: str
    change: Mapping[str, Any] = field(default_factory=dict)
    offer: str = ""
    page: str = ""
