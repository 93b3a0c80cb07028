"""The route as data: places, legs between them, staging towns and land ports."""

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.distributions import Distribution
from sim.scenario.part import Part
from sim.scenario.quantities import Count, Duration, Factor, Line, Name, Rate, Share


class Place(Part):
    """A town, or a region that other places are part of."""

    label: Line
    part_of: Name | None = None


class OnBoard(Part):
    """Transmission between passengers of one vehicle.

    ``hazard_per_hour`` acts between any two passengers while one is at the peak of
    infectiousness; within ``near_rows`` rows it is ``near_relative_risk`` times as high
    (5.6 within two rows: Luo et al. 2023).
    """

    hazard_per_hour: Rate = 0.0
    near_rows: Count = 2
    near_relative_risk: float = Field(default=5.6, ge=1, le=1000)
    symptoms_noticed: Share = 0.0
    """Share of those whose symptoms begin on board whom the crew notices: they are taken off at
    the end of the leg. For legs that end in a place; at a port ``entry_screening`` sees them."""


class Leg(Part):
    """A scheduled connection from a place to a place or a port."""

    mode: Literal["flight", "bus", "train", "ship", "walk"]
    start: Name
    end: Name
    duration: Duration
    departures_per_day: Annotated[int, Field(ge=1, le=1000)]
    first_departure: Duration = Field(default=7 / 24, lt=1)
    last_departure: Duration = Field(default=20 / 24, lt=1)
    seats: Annotated[int, Field(ge=1, le=1_000_000)]
    seats_abreast: Annotated[int, Field(ge=1, le=20)] = 6
    on_board: OnBoard = OnBoard()


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
    closes: Duration = Field(default=18 / 24, le=1)
    throughput: Factor = 1.0
    """People a day who are really handled, as a multiple of ``port_capacity``."""
