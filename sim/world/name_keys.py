"""Refuses two names whose random numbers would be the same: their keys are hashes."""

from collections.abc import Callable, Iterable

from sim.scenario.schema import Scenario
from sim.world.draws import name_key, town_key


def refuse_equal_keys(scenario: Scenario) -> None:
    """Make sure that every place, port, stretch and town draws its own random numbers.

    Of 200 towns two have one key with a chance of 1 in 100,000; of 200 others, 1 in 10^14.

    Raises:
        ValueError: two names of one kind have the same key.
    """
    border = scenario.border
    kinds: dict[str, tuple[Iterable[str], Callable[[str], int]]] = {
        "places": (scenario.places, name_key),
        "ports": (scenario.ports, name_key),
        "border.stretches": (border.stretches if border else (), name_key),
        "residents": (scenario.residents, town_key),
    }
    for section, (names, key_of) in kinds.items():
        first: dict[int, str] = {}
        for name in names:
            other = first.setdefault(key_of(name), name)
            if other != name:
                raise ValueError(
                    f"{section}: '{other}' and '{name}' would draw the same random numbers, "
                    "because the hashes of these names are equal; rename one of them"
                )
