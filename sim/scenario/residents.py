"""The residents of a place behind the border, and how an infection spreads among them."""

from typing import Annotated

from pydantic import Field

from sim.scenario.part import Part
from sim.scenario.quantities import Count, Duration, Rate, Share


class Residents(Part):
    """The people of one town, by household.

    Two settings, each with its own hazard between people at the peak of infectiousness: the
    household, and the community (everybody meets everybody).
    """

    people: Annotated[int, Field(ge=1, le=1_000_000_000)]
    """Residents."""
    household_sizes: tuple[Share, ...] = Field(default=(1.0,), min_length=1, max_length=20)
    """Shares of households with one, two, three ... people; they add up to 1."""
    community_hazard_per_day: Rate = 0.0
    """Infections a day that one person at the peak of infectiousness would cause among residents
    who are all susceptible."""
    household_hazard_per_day: Rate = 0.0
    """Hazard from one member of the household at the peak of infectiousness to each other."""
    infected_at_start: Count = 0
    """Residents infected when the calendar begins."""
    test_delay: Duration = 2.0
    """From the onset of symptoms to a swab, for those who are tested."""
    tracing_delay: Duration = 2.0
    """From the registration of a case to the isolation of its contacts."""
