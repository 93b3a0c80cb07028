"""Residents of a town behind the border, and transmission among them."""

from typing import Annotated

from pydantic import Field

from sim.scenario.part import Part
from sim.scenario.quantities import Count, Duration, Rate, Share


class Residents(Part):
    """The people of one town, by household.

    Transmission occurs in the household and in the community (homogeneous mixing), each with its
    own hazard from a person at the peak of infectiousness.
    """

    people: Annotated[int, Field(ge=1, le=1_000_000_000)]
    """Number of residents."""
    household_sizes: tuple[Share, ...] = Field(default=(1.0,), min_length=1, max_length=20)
    """Shares of households with one, two, three ... people; they sum to 1."""
    community_hazard_per_day: Rate = 0.0
    """Infections per day caused by one person at the peak of infectiousness if all residents are
    susceptible."""
    household_hazard_per_day: Rate = 0.0
    """Hazard per day from one household member at the peak of infectiousness to each other."""
    infected_at_start: Count = 0
    """Residents infected at the start of the calendar."""
    test_delay: Duration = 2.0
    """Time from onset of symptoms to a swab, for those tested."""
    tracing_delay: Duration = 2.0
    """Time from registration of a case to isolation of its contacts."""
