"""The route as data: places, legs between them, staging towns and land ports."""

from typing import Annotated, Literal

from pydantic import Field

from sim.scenario.distributions import Distribution
from sim.scenario.part import Part
from sim.scenario.quantities import Count, Duration, Factor, Line, Name, Rate, Share


class Place(Part):
    """A town, or a region that contains other places."""

    label: Line
    """Display name."""
    part_of: Name | None = None
    """The region that contains it; its counts are added to the region's."""


class OnBoard(Part):
    """Transmission between passengers of one vehicle."""

    hazard_per_hour: Rate = 0.0
    """Hazard per hour between any two passengers, one at the peak of infectiousness."""
    near_rows: Count = 2
    """Distance in rows within which the hazard is higher (two rows: Luo et al. 2023)."""
    near_relative_risk: float = Field(default=5.6, ge=1, le=1000)
    """Relative hazard within those rows (5.6: Luo et al. 2023)."""
    symptoms_noticed: Share = 0.0
    """Share of passengers with onset on board whom the crew notices; they leave the journey at the
    end of the leg. For legs to a place; at a port ``entry_screening`` applies."""


class Leg(Part):
    """A scheduled connection from a place to another place or a port."""

    mode: Literal["flight", "bus", "train", "ship", "walk"]
    """Kind of vehicle. The model uses it only to identify flights, for outcomes on infected
    passengers per flight."""
    start: Name
    """Place of departure."""
    end: Name
    """Place or port of arrival."""
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
    """A town where travellers change between legs, and wait if necessary."""

    connection: Distribution = Field(
        default={"kind": "fixed", "value": "0 d"}, validate_default=True
    )
    """Time from arrival until ready for the next leg."""
    contact_hazard_per_day: Rate = 0.0
    """Hazard per day to each waiting person if all others were at the peak of infectiousness
    (mass action)."""
    local_hazard_per_day: Rate = 0.0
    """Hazard per day from the town itself."""


class Port(Part):
    """A border crossing."""

    place: Name
    """The town behind the port, where entrants are registered."""
    share: Rate = 1.0
    """Weight of this port in the choice of travellers who set out."""
    opens: Duration = Field(default=8 / 24, lt=1)
    """Time of day from which people cross; earlier arrivals wait."""
    closes: Duration = Field(default=18 / 24, le=1)
    """Time of day after which nobody crosses; later arrivals wait for the next day."""
    throughput: Factor = 1.0
    """People actually handled per day, relative to ``port_capacity``."""
