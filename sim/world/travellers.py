"""Travellers as Mesa agents, made on demand from the rows of the population."""

import weakref
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from mesa.agent import AgentSet

from sim.world.codes import Decision, Register, Stage
from sim.world.draws import BoolArray, IntArray
from sim.world.people import COLUMNS

try:
    from mesa.agentset import GroupBy
except ImportError:  # Mesa 3.3 has it elsewhere
    from mesa.agent import GroupBy

if TYPE_CHECKING:
    from sim.world.model import BorderModel


class Traveller(mesa.Agent):  # type: ignore[misc]
    """One person, seen through the row that holds the data.

    Every field of ``Person`` is an attribute: ``traveller.infected_at`` reads the row,
    ``traveller.patience = 3.0`` writes it. Subclass it and override ``decide`` to change how
    stranded people decide; pass the class to ``BorderModel(..., traveller_class=...)``.
    """

    model: "BorderModel"

    def __init__(self, model: "BorderModel", row: int) -> None:
        # Not registered with the model as other agents are: the population holds the people, and
        # registering tens of thousands of views would cost more than simulating them.
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "row", row)
        object.__setattr__(self, "unique_id", row)
        object.__setattr__(self, "pos", None)

    row: int

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name not in COLUMNS and name != "vehicle":
            raise AttributeError(f"a traveller has no {name!r}")
        return getattr(self.model.people, name)[..., self.row].tolist()

    def __setattr__(self, name: str, value: Any) -> None:
        if name in COLUMNS or name == "vehicle":
            getattr(self.model.people, name)[..., self.row] = value
        else:
            object.__setattr__(self, name, value)

    @property
    def place(self) -> str:
        """Name of the place, leg or port where the person is."""
        return self.model.geography.locations[int(self.model.people.location[self.row])]

    @property
    def journey(self) -> str:
        """Name of the stage of the journey, such as ``IN_QUARANTINE``."""
        return Stage(self.stage).name

    @property
    def registered_as(self) -> str:
        """What the health authority has this person down as, such as ``CARRIER``."""
        return Register(self.register).name

    @property
    def days_stranded(self) -> float:
        """Days since this person was stranded, at the end of today."""
        return float(self.model.day + 1 - self.model.people.stranded_since[self.row])

    @property
    def can_divert(self) -> bool:
        """Another port that is open can be reached from here."""
        return self.model.can_divert_from(self.place)

    def decide(self) -> Decision:
        """Return what this stranded person does today."""
        if self.diverts and self.can_divert:
            return Decision.DIVERT
        if self.urge > self.resolve:
            return Decision.CROSS
        if self.days_stranded > self.patience:
            return Decision.GIVE_UP
        return Decision.WAIT


def decisions_of(model: "BorderModel", rows: IntArray) -> list[Decision]:
    """Return what each stranded person in ``rows`` decides today, asked one by one.

    Raises:
        TypeError: a traveller returns something else than a ``Decision``.
    """
    return [_decision_of(model.traveller(row)) for row in rows.tolist()]


def _decision_of(traveller: Traveller) -> Decision:
    decision = traveller.decide()
    # True would count as GIVE_UP, and numbers that are no decision as WAIT.
    if isinstance(decision, Decision):
        return decision
    raise TypeError(
        f"{type(traveller).__name__}.decide returned {decision!r}; it must return "
        "Decision.WAIT, GIVE_UP, DIVERT or CROSS"
    )


class PopulationSet(AgentSet):  # type: ignore[misc]
    """An ``AgentSet`` of travellers that reads arrays instead of visiting agents where it can.

    Args:
        model: the world.
        rows: the people in the set, shape (n,).
    """

    def __init__(self, model: "BorderModel", rows: IntArray) -> None:
        self.model = model
        self.rows = rows
        self.random = model.random

    def at(self, row: int) -> Traveller:
        """Return the traveller in ``row`` of the population."""
        return self.model.traveller(row)

    def array(self, column: str) -> Any:
        """Return a column of the population for the people in the set, shape (n,)."""
        return getattr(self.model.people, column)[..., self.rows]

    def select(
        self,
        filter_func: Callable[[Traveller], bool] | None = None,
        at_most: int | float = np.inf,
        inplace: bool = False,
        agent_type: type | None = None,
        *,
        where: BoolArray | None = None,
    ) -> "PopulationSet":
        """Return the travellers that pass.

        Args:
            filter_func: asked for every traveller (slow for many).
            at_most: number, or share when it is a float of at most 1.
            inplace: change this set instead of making another.
            agent_type: keep only travellers of this class.
            where: mask over the set, shape (n,), or over all people: the fast way.
        """
        rows = self.rows
        if where is not None:
            mask = np.asarray(where, dtype=bool)
            rows = rows[mask[rows] if len(mask) == self.model.people.size else mask]
        if agent_type is not None and not issubclass(self.model.traveller_class, agent_type):
            rows = rows[:0]
        if filter_func is not None:
            rows = np.array([r for r in rows.tolist() if filter_func(self.at(r))], dtype=np.int64)
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(rows) * at_most)
        rows = rows[: int(min(at_most, len(rows)))]
        if not inplace:
            return PopulationSet(self.model, rows)
        return self._update(self.at(row) for row in rows.tolist())

    def get(
        self, attr_names: str | list[str], handle_missing: str = "error", default_value: Any = None
    ) -> list[Any]:
        """Return attributes of all travellers, read from the arrays where they are columns."""
        if isinstance(attr_names, str) and isinstance(
            getattr(self.model.people, attr_names, None), np.ndarray
        ):
            values: list[Any] = self.array(attr_names).T.tolist()
            return values
        return list(super().get(attr_names, handle_missing, default_value))

    def groupby(
        self, by: Callable[[Traveller], Any] | str, result_type: str = "agentset"
    ) -> GroupBy:
        """Return the travellers in groups.

        Args:
            by: a function of a traveller, or the name of an attribute.
            result_type: ``agentset`` for groups that are sets, ``list`` for lists.
        """
        rows: dict[Any, list[int]] = {}
        for traveller in self:
            key = getattr(traveller, by) if isinstance(by, str) else by(traveller)
            rows.setdefault(key, []).append(traveller.row)
        groups = {key: PopulationSet(self.model, np.array(of_key)) for key, of_key in rows.items()}
        if result_type == "agentset":
            return GroupBy(groups)
        return GroupBy({key: list(group) for key, group in groups.items()})

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Traveller]:
        return (self.at(row) for row in self.rows.tolist())

    def __contains__(self, agent: object) -> bool:
        return isinstance(agent, Traveller) and agent.row in self.rows

    def __getitem__(self, item: Any) -> Any:
        if isinstance(item, slice):
            return [self.at(row) for row in self.rows[item].tolist()]
        return self.at(int(self.rows[item]))

    @cached_property
    def _agents(self) -> "weakref.WeakKeyDictionary[Traveller, None]":
        # What the inherited methods of AgentSet walk over; made when one of them is first used.
        return weakref.WeakKeyDictionary(dict.fromkeys(self))

    def _update(self, agents: Iterable[Traveller]) -> "PopulationSet":
        self.rows = np.array([agent.row for agent in agents], dtype=np.int64)
        self.__dict__.pop("_agents", None)
        return self

    def shuffle(self, inplace: bool = False) -> "PopulationSet":
        """Return the travellers in random order."""
        agents = list(self)
        self.random.shuffle(agents)
        return (self if inplace else PopulationSet(self.model, self.rows))._update(agents)
