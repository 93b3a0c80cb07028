"""A scenario on its way to worker processes, which take it apart once and not for every task."""

import pickle
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from sim.scenario.schema import Scenario


@dataclass(frozen=True)
class SentScenario:
    """A scenario that costs little to send again.

    A process that has it already takes the same object, and with it all that runs of one scenario
    share there.
    """

    scenario: Scenario

    def __reduce__(self) -> tuple[Any, ...]:
        return _received, (self._pickled,)

    @cached_property
    def _pickled(self) -> bytes:
        return pickle.dumps(self.scenario)


@lru_cache(maxsize=8)
def _received(pickled: bytes) -> SentScenario:
    return SentScenario(pickle.loads(pickled))
