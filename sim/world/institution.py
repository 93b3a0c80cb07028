"""What all institutions share: a name, and the world they act in."""

from typing import TYPE_CHECKING

import mesa

if TYPE_CHECKING:
    from sim.world.model import BorderModel


class Institution(mesa.Agent):  # type: ignore[misc]
    """An agent that decides about travellers: a community, a carrier, a town, a port, a site.

    Args:
        model: the world.
        name: its name in the scenario file.
    """

    model: "BorderModel"

    def __init__(self, model: "BorderModel", name: str) -> None:
        super().__init__(model)
        self.name = name
        self.people = model.people
        self.draws = model.draws
        self.lots = model.lots
        self.policy = model.policy
