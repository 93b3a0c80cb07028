"""An outbreak that starts from another arrival and spreads through hospital wards."""

from pydantic import Field

from sim.scenario.part import Part
from sim.scenario.quantities import Count, Date, Duration, Name, Rate


class HospitalStay(Part):
    """The patient's stay in one hospital, on a ward of patients, carers and staff.

    Everybody on the ward can infect everybody else there, day after day, until a case among them
    is registered.
    """

    stay: Duration = Field(gt=0)
    """How long the patient is there, before the next hospital or isolation."""
    people: Count
    """Others on the ward."""
    hazard_per_day: Rate
    """Hazard from one person at the peak of infectiousness to each other person on the ward."""


class HospitalOutbreak(Part):
    """One infected arrival by another route, neighbours, and a patient moved between hospitals.

    The arrival has no symptoms, keeps quarantine at home and is released. Neighbours are exposed
    from the first day. The neighbour who was infected last falls ill with something else and is
    taken to hospital, where the infection is not suspected. If no neighbour has been infected by
    then, there is no outbreak.
    """

    town: Name
    """Town where it happens; it needs residents."""
    arrives: Date
    """Day of the arrival."""
    infected_before: Duration = 4.0
    """From infection to arrival."""
    home_quarantine: Duration = 14.0
    """How long the arrival stays at home; afterwards mixing in town like everybody else."""
    neighbours: Count = 8
    """People next door."""
    neighbour_hazard_per_day: Rate
    """Hazard from the arrival, at the peak of infectiousness, to each neighbour."""
    admitted_after: Duration = Field(gt=0)
    """From the arrival to the day on which the patient is taken to the first hospital."""
    hospitals: tuple[HospitalStay, ...] = Field(min_length=1, max_length=10)
    """The hospitals, one after the other."""
