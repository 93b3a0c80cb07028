"""What all institutions share: a name, a number among their kind, and the world they act in."""

from typing import TYPE_CHECKING, Any, ClassVar

import mesa

from sim.world.state import World

if TYPE_CHECKING:
    from sim.world.model import BorderModel


class Institution(mesa.Agent):  # type: ignore[misc]
    """An agent that decides about people: a community, a carrier, a town, a port, a site.

    Its rules are the compiled functions of its file, its state is a record of the world.

    Args:
        model: the world.
        name: its name in the scenario file.
        number: its row in the table of its kind.
    """

    table: ClassVar[str] = "run"
    """Table of the world that holds the institutions of this kind."""

    model: "BorderModel"

    def __init__(self, model: "BorderModel", name: str, number: int = 0) -> None:
        super().__init__(model)
        self.name = name
        self.number = number
        self.world: World = model.world

    @property
    def record(self) -> Any:
        """The state of this institution: writes go through."""
        return getattr(self.world, self.table)[self.number]

    @property
    def location(self) -> int:
        """Code of the place where it is."""
        return int(self.record.location)
