"""The state of a world: tables of records, and where compiled rules find them."""

from dataclasses import dataclass, field, fields
from typing import Annotated, Any, get_type_hints

import numba
import numpy as np
from numpy.typing import NDArray

from sim.world.records import Checked, Rows, row_type
from sim.world.reference import ENTRY, register
from sim.world.state_of_institutions import (
    Assay,
    Community,
    Day,
    Hospital,
    InForce,
    Leg,
    Port,
    Site,
    Stretch,
    SwabTime,
    Town,
    Vehicle,
    Ward,
)
from sim.world.state_of_people import Entry, List, Person
from sim.world.state_of_run import Run

Ints = NDArray[np.int64]


IntTable = Annotated[NDArray[np.int64], "rows and columns"]


Floats = NDArray[np.float64]


Bools = NDArray[np.bool_]


@dataclass
class World:
    """Everything. A run writes into it.

    Attributes:
        directory: where compiled rules find the tables, see ``reference``.
        address: of the directory.
    """

    run: Rows[Run]
    """One record."""
    people: Rows[Person]
    entries: Rows[Entry]
    agendas: Rows[List]
    """Lists of entries by day, and of what is due now, shape (agendas, days + 1)."""
    legs: Rows[Leg]
    vehicles: Rows[Vehicle]
    towns: Rows[Town]
    ports: Rows[Port]
    sites: Rows[Site]
    hospitals: Rows[Hospital]
    stretches: Rows[Stretch]
    communities: Rows[Community]
    wards: Rows[Ward]
    assays: Rows[Assay]
    swab_times: Rows[SwabTime]
    days: Rows[Day]
    in_force: Rows[InForce]
    """Shape (units, days)."""
    seeds: NDArray[np.uint64]
    """What the draws of each mechanism begin with, shape (streams, blocks)."""
    way: Ints
    """The leg to take, shape (towns, ports)."""
    rides: NDArray[np.int32]
    """Number of the vehicle of each leg that each traveller took, or NONE, shape (legs, people)."""
    rows: Ints
    """Where residents stand among the people: a hash table by key."""
    flows: Ints
    """Events counted, shape (days, flows, locations)."""
    tables: Floats
    """Tables of distributions, profiles and curves, one after the other; the same in all runs."""
    source: Floats
    """Cumulative hazard at the source, at equal steps."""
    frailty: Floats
    """Factor of each travel group on the hazard at the source."""

    directory: NDArray[np.int64] = field(init=False, repr=False)
    address: int = field(init=False)

    def __post_init__(self) -> None:
        self.directory = np.zeros((len(TABLES), ENTRY), np.int64)
        self.address = self.directory.ctypes.data
        for name in TABLES:
            self.put(name, getattr(self, name))

    def put(self, name: str, table: NDArray[Any]) -> None:
        """Set a table."""
        number, dtype = TABLES[name]
        if table.dtype != dtype or not table.flags.c_contiguous:
            raise TypeError(f"{name}: its rows must be {dtype}, one after the other")
        # As a recarray, so that Python too can say ``world.people[i].stage``.
        kind = Checked if numba.config.DISABLE_JIT else np.recarray if dtype.names else np.ndarray
        setattr(self, name, table.view(kind))
        self.directory[number, : 1 + table.ndim] = table.ctypes.data, *table.shape


def _tables() -> dict[str, tuple[int, np.dtype[Any]]]:
    """Return the number of each table and what its rows are."""
    hints = get_type_hints(World, include_extras=True)
    names = [table.name for table in fields(World) if table.init]
    return {name: (number, row_type(hints[name])) for number, name in enumerate(names)}


TABLES = _tables()
register(World, TABLES)
register(World, TABLES)
