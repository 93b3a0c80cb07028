"""Fields of a valid scenario that are accepted but have no effect on a run, and why.

Only what follows from the file itself is found, not that a limit is never reached, for example.
"""

from collections.abc import Iterator

from sim.scenario.reading.validation import Finding
from sim.scenario.schema import Scenario
from sim.scenario.without_effect import infection, inland, journey, quarantine
from sim.scenario.without_effect.use import Use

_CHECKS = (*journey.CHECKS, *infection.CHECKS, *quarantine.CHECKS, *inland.CHECKS)
"""Each yields findings about one section; the first finding about a field is shown."""


def fields_without_effect(scenario: Scenario) -> Iterator[Finding]:
    """Yield a finding for every field without effect, whether or not the file sets it.

    A finding may refer to a whole section: then nothing inside it has an effect.
    """
    use = Use(scenario)
    for check in _CHECKS:
        yield from check(use)
