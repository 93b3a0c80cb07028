"""Fields of a valid scenario that are accepted but have no effect on a run, and why.

Only what follows from the file itself is found: not that a limit is never reached, say.
"""

from collections.abc import Iterator

from sim.scenario.reading.validation import Finding
from sim.scenario.schema import Scenario
from sim.scenario.without_effect.infection import of_infection_and_tests
from sim.scenario.without_effect.inland import behind_the_border
from sim.scenario.without_effect.journey import on_the_journey
from sim.scenario.without_effect.quarantine import in_quarantine
from sim.scenario.without_effect.use import Use


def fields_without_effect(scenario: Scenario) -> Iterator[Finding]:
    """Yield a finding for every field that has no effect, whether the file says it or not.

    The place of a finding may be a whole section: then nothing inside it has an effect.
    """
    use = Use(scenario)
    yield from on_the_journey(use)
    yield from of_infection_and_tests(use)
    yield from in_quarantine(use)
    yield from behind_the_border(use)
