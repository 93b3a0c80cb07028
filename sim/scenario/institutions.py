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
    """Where it is; its counts belong there."""
    room_size: int = Field(default=1, ge=1, le=100)
    """People per room."""


class Setting(Part):
    """How well a quarantine is kept in one setting, facility or home."""

    breach_per_day: Rate = 0.0
    """Hazard of a breach on the first day of the stay."""
    breach_growth_per_day: float = Field(default=0.0, ge=-1, le=1)
    """Growth of that hazard by day of stay."""
    adherence: Share = 1.0
    """Share of people who keep to it at all; the others leave as soon as they come."""


class Quarantine(Part):
    """What happens between the border and release."""

    sites: dict[Name, Site] = Field(default={}, max_length=MOST_NAMED)
    """In the order in which they fill."""
    home_place: Name | None = None
    """Where people quarantine at home when every site is full; none: the place of the port."""
    room_hazard_per_day: Rate = 0.0
    """Hazard from one room-mate at the peak of infectiousness."""
    symptoms_noticed: Share = 1.0
    """Probability that symptoms in quarantine are noticed and lead to swabs."""
    symptom_swabs: tuple[SwabTime, ...] = (SwabTime(0.0), SwabTime(1.0))
    """When those swabs are taken, after onset (or after entry, if that is later)."""
    facility: Setting = Setting()
    """How well it is kept in sites."""
    home: Setting = Setting()
    """How well it is kept at home."""


class Assay(Part):
    """A test for infection: what it sees, and when its result is there."""

    sensitivity: PcrCurve
    """Sensitivity by days since infection, inline or a preset."""
    asymptomatic_factor: Share = 1.0
    """Sensitivity for people who never have symptoms, relative to the others."""
    specificity: Share = 1.0
    """Probability that someone not infected tests negative."""
    turnaround: Duration = 0.5
    """From the swab, or the start of processing in the laboratory, to the result."""


class Laboratory(Assay):
    """PCR testing; tests a day are a policy (``laboratory_capacity``)."""

    place: Name
    """Where it is; its backlog is counted there."""
    suspects_first: bool = False
    """Swabs of people with symptoms and of contacts go before those that are taken on schedule."""
    throughput: Timeline[Factor] = Timeline[Factor](({"value": 1.0},))
    """Tests a day that are really worked off, as a multiple of ``laboratory_capacity``; 1 on days
    without an entry."""
    assays: dict[Name, Assay] = {}
    """Other tests, by name, which are read where the swab is taken and need no laboratory: a
    schedule such as ``[5 d antigen]`` asks for them."""


class Hospital(Part):
    """A ward for people who tested positive; beds are a policy (``hospital_beds``)."""

    place: Name
    """Where it is."""


class Registers(Part):
    """How a positive test becomes a carrier, a confirmed case, a closed case."""

    hospital_stay: Distribution = Field(
        default={"kind": "fixed", "value": "14 d"}, validate_default=True
    )
    """Confirmation to discharge (the case is closed)."""
    symptoms_diagnosed: Share = 1.0
    """Share of the people who are ill at their first positive result whose symptoms are diagnosed
    then: confirmed. The others hide them or have mild ones, and are registered as carriers. Severe
    illness is always diagnosed."""
    decision_delay: Duration | Distribution = 0.0
    """From the symptoms of a registered carrier, or what an examination finds, to the decision of
    the panel of experts: confirmed then."""
    carrier_observation: Duration = 14.0
    """Shortest time a carrier stays under observation."""
    carrier_negatives: int = Field(default=2, ge=0, le=5)
    """Negative tests in a row that release a carrier."""
    carrier_retest: Duration = Field(default=2.0, gt=0)
    """Time until the next attempt after a positive one."""
    findings_per_day: Rate = 0.0
    """Hazard per day that a carrier's own examinations (CT) find disease."""
    review_findings: Share = 1.0
    """Share of the carriers examined at a review round in whom it finds disease: confirmed at
    once."""
