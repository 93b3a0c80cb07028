"""Quarantine sites, laboratory, hospitals and registers behind the border."""

from pydantic import Field

from sim.scenario.disease import PcrCurve
from sim.scenario.distributions import Distribution
from sim.scenario.part import Part
from sim.scenario.quantities import MOST_NAMED, Duration, Factor, Name, Rate, Share
from sim.scenario.swab_time import SwabTime
from sim.scenario.timeline import Timeline


class Site(Part):
    """A quarantine hotel or other facility; beds are a policy (``site_beds``)."""

    place: Name
    """Place to which its counts belong."""
    room_size: int = Field(default=1, ge=1, le=100)
    """People per room."""


class Setting(Part):
    """Adherence to quarantine in a facility or at home."""

    breach_per_day: Rate = 0.0
    """Hazard of a breach on the first day of the stay."""
    breach_growth_per_day: float = Field(default=0.0, ge=-1, le=1)
    """Growth of that hazard by day of stay."""
    adherence: Share = 1.0
    """Share of people who adhere at all; the others leave on arrival."""


class Quarantine(Part):
    """What happens between the border and release."""

    sites: dict[Name, Site] = Field(default={}, max_length=MOST_NAMED)
    """Sites, in the order in which they fill."""
    home_place: Name | None = None
    """Place of home quarantine when all sites are full; none: the place of the port."""
    room_hazard_per_day: Rate = 0.0
    """Hazard per day from one room-mate at the peak of infectiousness."""
    symptoms_noticed: Share = 1.0
    """Probability that symptoms in quarantine are noticed and lead to swabs."""
    symptom_swabs: tuple[SwabTime, ...] = (SwabTime(0.0), SwabTime(1.0))
    """Times of those swabs after onset (or after entry, if later)."""
    facility: Setting = Setting()
    """Adherence in sites."""
    home: Setting = Setting()
    """Adherence at home."""


class Assay(Part):
    """A test for infection: its accuracy and turnaround."""

    sensitivity: PcrCurve
    """Sensitivity by days since infection, inline or a preset."""
    asymptomatic_factor: Share = 1.0
    """Sensitivity for people who never have symptoms, relative to the others."""
    specificity: Share = 1.0
    """Probability that someone not infected tests negative."""
    turnaround: Duration = 0.5
    """Time from the swab, or the start of processing in the laboratory, to the result."""


class Laboratory(Assay):
    """PCR testing; tests per day are a policy (``laboratory_capacity``)."""

    place: Name
    """Place where its backlog is counted."""
    suspects_first: bool = False
    """Swabs of people with symptoms and of contacts go before scheduled ones."""
    throughput: Timeline[Factor] = Timeline[Factor](({"value": 1.0},))
    """Tests actually processed per day, relative to ``laboratory_capacity``; 1 on days without an
    entry."""
    assays: dict[Name, Assay] = {}
    """Other tests, by name, read where the swab is taken, without a laboratory; used by schedules
    such as ``[5 d antigen]``."""


class Hospital(Part):
    """A ward for people who tested positive; beds are a policy (``hospital_beds``)."""

    place: Name
    """Its place."""


class Registers(Part):
    """How people who test positive become carriers, confirmed and closed cases."""

    hospital_stay: Distribution = Field(
        default={"kind": "fixed", "value": "14 d"}, validate_default=True
    )
    """Time from confirmation to discharge (the case is closed)."""
    symptoms_diagnosed: Share = 1.0
    """Share of people ill at their first positive result whose symptoms are diagnosed then:
    confirmed. The others have mild or hidden symptoms and are registered as carriers. Severe
    illness is always diagnosed."""
    decision_delay: Duration | Distribution = 0.0
    """Time from a registered carrier's symptoms, or findings on examination, to the decision of
    the expert panel, which confirms the case."""
    carrier_observation: Duration = 14.0
    """Shortest observation of a carrier."""
    carrier_negatives: int = Field(default=2, ge=0, le=5)
    """Consecutive negative tests required to release a carrier."""
    carrier_retest: Duration = Field(default=2.0, gt=0)
    """Time to the next attempt after a positive test."""
    findings_per_day: Rate = 0.0
    """Hazard per day that examinations of a carrier (CT) find disease."""
    review_findings: Share = 1.0
    """Share of carriers examined at a review round in whom disease is found: confirmed at once."""
