"""Fields of a valid scenario that are accepted but have no effect on a run, and why.

Only what follows from the file itself is found: not that a limit is never reached, say.
"""

from collections.abc import Iterator

from sim.scenario.reading.validation import Finding
from sim.scenario.schema import Scenario
from sim.scenario.without_effect import infection, inland, journey, quarantine
from sim.scenario.without_effect.use import Use

_CHECKS = (*journey.CHECKS, *infection.CHECKS, *quarantine.CHECKS, *inland.CHECKS)
"""Each yields findings about one section; the first one about a field is the one that is shown."""


def fields_without_effect(scenario: Scenario) -> Iterator[Finding]:
    """Yield a finding for every field that has no effect, whether the file says it or not.

    The place of a finding may be a whole section: then nothing inside it has an effect.
    """
    use = Use(scenario)
    for check in _CHECKS:
        yield from check(use)
