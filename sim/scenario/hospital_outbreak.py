"""An outbreak that starts from another arrival and spreads through hospital wards."""

from pydantic import Field

from sim.scenario.part import Part
from sim.scenario.quantities import Count, Date, Duration, Name, Rate


class HospitalStay(Part):
    """The patient's stay in one hospital, on a ward of patients, carers and staff.

    All people on the ward can infect each other every day until one of them is registered.
    """

    stay: Duration = Field(gt=0)
    """Length of stay before the next hospital or isolation."""
    people: Count
    """Other people on the ward."""
    hazard_per_day: Rate
    """Hazard per day from one person at the peak of infectiousness to each other on the ward."""


class HospitalOutbreak(Part):
    """One infected arrival by another route, neighbours, and a patient moved between hospitals.

    The arrival has no symptoms, is quarantined at home and released. Neighbours are exposed from
    the first day. The neighbour infected last is taken to hospital with another illness, and the
    infection is not suspected. If no neighbour is infected by then, there is no outbreak.
    """

    town: Name
    """Town of the outbreak; it needs residents."""
    arrives: Date
    """Day of the arrival."""
    infected_before: Duration = 4.0
    """Time from infection to arrival."""
    home_quarantine: Duration = 14.0
    """Time the arrival stays at home before mixing in town like others."""
    neighbours: Count = 8
    """Number of neighbours."""
    neighbour_hazard_per_day: Rate
    """Hazard per day from the arrival, at the peak of infectiousness, to each neighbour."""
    admitted_after: Duration = Field(gt=0)
    """Time from the arrival to the patient's admission to the first hospital."""
    hospitals: tuple[HospitalStay, ...] = Field(min_length=1, max_length=10)
    """The hospitals, in order."""
