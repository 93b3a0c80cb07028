"""The route as data: places, legs between them, staging towns and land ports."""

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.distributions import Distribution
from sim.scenario.part import Part
from sim.scenario.quantities import Count, Duration, Factor, Line, Name, Rate, Share


class Place(Part):
    """A town, or a region that other places are part of."""

    label: Line
    """Name for people to read."""
    part_of: Name | None = None
    """The region that it lies in; its counts are added to the region's."""


class OnBoard(Part):
    """Transmission between passengers of one vehicle."""

    hazard_per_hour: Rate = 0.0
    """Hazard per hour between any two passengers while one of them is at the peak of
    infectiousness."""
    near_rows: Count = 2
    """Distance in rows within which the hazard is higher (two rows: Luo et al. 2023)."""
    near_relative_risk: float = Field(default=5.6, ge=1, le=1000)
    """How many times as high the hazard is within those rows (5.6: Luo et al. 2023)."""
    symptoms_noticed: Share = 0.0
    """Share of those whose symptoms begin on board whom the crew notices: they are taken off at
    the end of the leg. For legs that end in a place; at a port ``entry_screening`` sees them."""


class Leg(Part):
    """A scheduled connection from a place to a place or a port."""

    mode: Literal["flight", "bus", "train", "ship", "walk"]
    """Kind of vehicle. The model uses it only to find the flights whose spread of infected
    passengers is an outcome."""
    start: Name
    """Place that it leaves from."""
    end: Name
    """Place or port that it leads to."""
    duration: Duration
    """Time on board."""
    departures_per_day: Annotated[int, Field(ge=1, le=1000)]
    """Vehicles per day, evenly spaced from the first departure to the last."""
    first_departure: Duration = Field(default=7 / 24, lt=1)
    """Time of day of the first departure."""
    last_departure: Duration = Field(default=20 / 24, lt=1)
    """Time of day of the last departure."""
    seats: Annotated[int, Field(ge=1, le=1_000_000)]
    """Seats per vehicle."""
    seats_abreast: Annotated[int, Field(ge=1, le=20)] = 6
    """Seats per row."""
    on_board: OnBoard = OnBoard()
    """Transmission between passengers."""


class Staging(Part):
    """A town where travellers change from one leg to the next, and wait when they must."""

    connection: Distribution = Field(
        default={"kind": "fixed", "value": "0 d"}, validate_default=True
    )
    """Time from arrival until ready for the next leg."""
    contact_hazard_per_day: Rate = 0.0
    """Hazard per day to each person who waits there if everybody else were at the peak of
    infectiousness (mass action)."""
    local_hazard_per_day: Rate = 0.0
    """Hazard per day from the town itself."""


class Port(Part):
    """A border crossing."""

    place: Name
    """The town on the far side, where those who enter are registered."""
    share: Rate = 1.0
    """Weight with which travellers choose this port when they set out."""
    opens: Duration = Field(default=8 / 24, lt=1)
    """Time of day from which people cross; those who come earlier wait."""
    closes: Duration = Field(default=18 / 24, le=1)
    """Time of day after which nobody crosses; those who come later wait for the next day."""
    throughput: Factor = 1.0
    """People a day who are really handled, as a multiple of ``port_capacity``."""
