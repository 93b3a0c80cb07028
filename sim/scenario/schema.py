"""The whole scenario: what one YAML file says, validated and immutable."""

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field, ModelWrapValidatorHandler, model_validator

from sim.scenario.border import Border
from sim.scenario.costs import CostsField, UnitCosts
from sim.scenario.disease import DiseaseField
from sim.scenario.hospital_outbreak import HospitalOutbreak
from sim.scenario.institutions import Hospital, Laboratory, Quarantine, Registers
from sim.scenario.lever_registry import LEVERS
from sim.scenario.part import Part
from sim.scenario.published import Published
from sim.scenario.quantities import MOST_NAMED, Date, Line, Name
from sim.scenario.residents import Residents
from sim.scenario.route import Leg, Place, Port, Staging
from sim.scenario.source import Source, Travellers
from sim.scenario.timeline import Period, Policies

POLICIES_OF = {
    part: tuple(lever.field for lever in LEVERS.values() if lever.part == part)
    for part in ("towns", "border")
}
"""The levers that mean nothing without a part of the world."""

SECTION_OF = {
    "towns": "residents",
    "hospital_outbreak": "hospital_outbreak",
    "border": "border",
}
"""The section that describes each part of the world."""

NOT_IN_A_RUN = ("name", "question", "ensemble", "set_by_hand", "published")
"""Sections that say how results are named, which pairs are run and what they are held against."""


class Calendar(Part):
    """First and last day of the simulation, both included."""

    start: Date
    """First day."""
    end: Date
    """Last day, included."""

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.start).days + 1

    def day_of(self, date: Date) -> int:
        """Return ``date`` as days since the start (negative before it)."""
        return (date - self.start).days

    def days_in(self, period: Period) -> range:
        """Return the days of the calendar that lie in ``period``."""
        first = 0 if period.from_ is None else self.day_of(period.from_)
        after = self.days if period.until is None else self.day_of(period.until)
        return range(*(max(0, min(self.days, day)) for day in (first, after)))


class Scenario(Part):
    """One corridor, one disease, one timetable of policies."""

    name: Name
    """Names the results and their folder."""
    question: Line = ""
    """What this scenario is for, in one sentence; printed above its results."""
    ensemble: Name | None = None
    """Fitted ensemble of parameters and seeds that runs use unless they are told otherwise."""
    set_by_hand: tuple[Line, ...] | None = Field(default=None, max_length=MOST_NAMED)
    """Paths such as ``source.exposure``: an ensemble leaves the values there as the scenario says,
    even if they are those of the fit. ``--set`` adds its paths."""
    calendar: Calendar
    """Days that are simulated."""
    places: dict[Name, Place] = Field(min_length=1, max_length=MOST_NAMED)
    """Towns and regions, by name."""
    travellers: Travellers
    """Who may set out."""
    source: Source
    """How travellers become infected before they leave."""
    disease: DiseaseField
    """The disease, inline or a preset."""
    legs: dict[Name, Leg] = Field(min_length=1, max_length=MOST_NAMED)
    """Connections, by name."""
    staging: dict[Name, Staging] = Field(default={}, max_length=MOST_NAMED)
    """Towns where travellers change, by place. A place without an entry has the defaults."""
    ports: dict[Name, Port] = Field(min_length=1, max_length=MOST_NAMED)
    """Border crossings, by name."""
    quarantine: Quarantine = Quarantine()
    """Sites, and what happens in them."""
    laboratory: Laboratory
    """PCR testing."""
    hospitals: dict[Name, Hospital] = Field(default={}, max_length=MOST_NAMED)
    """Wards for those who tested positive, by name; they fill in this order."""
    registers: Registers = Registers()
    """How positive tests are counted."""
    residents: dict[Name, Residents] = Field(default={}, max_length=MOST_NAMED)
    """Towns behind the border whose residents can be infected, by place."""
    hospital_outbreak: HospitalOutbreak | None = None
    """An outbreak with another source, which starts from one arrival; left out: none."""
    border: Border | None = None
    """The border away from its ports; without it nobody crosses illegally."""
    costs: CostsField = UnitCosts()
    """Unit costs, inline or a preset; left out: everything is free."""
    leave_out: tuple[Literal["towns", "hospital_outbreak", "border"], ...] = ()
    """Parts of the world that a run does without, with the policies that concern them. Without
    towns there is no hospital outbreak either."""
    policies: Policies = Policies()
    """The timetable of measures."""
    published: Published | None = None
    """What a publication prints of the study that this scenario describes; none: it is no study.
    ``bordersim run`` shows it beside what the scenario gives."""

    @model_validator(mode="wrap")
    @classmethod
    def _without_parts(
        cls, data: Any, handler: ModelWrapValidatorHandler["Scenario"]
    ) -> "Scenario":
        scenario = handler(data)
        return scenario.without(scenario.leave_out)

    def without(self, parts: Sequence[str]) -> "Scenario":
        """Return the scenario without the ``parts`` of the world that ``leave_out`` may name."""
        if not parts:
            return self
        changes: dict[str, Any] = {"leave_out": tuple(dict.fromkeys([*self.leave_out, *parts]))}
        left_out = [lever for part in parts for lever in POLICIES_OF.get(part, ())]
        kept = {lever for lever in self.policies.model_fields_set if lever not in left_out}
        changes["policies"] = Policies.model_construct(
            kept, **{lever: getattr(self.policies, lever) for lever in kept}
        )
        if "towns" in parts:
            changes["residents"] = {}
        if "towns" in parts or "hospital_outbreak" in parts:
            changes["hospital_outbreak"] = None
        if "border" in parts:
            changes["border"] = None
        return self.model_copy(update=changes)

    def as_set_by_hand(self, paths: Sequence[str]) -> "Scenario":
        """Return the scenario with the ``paths`` that were set beside the file, to any value."""
        of_runs = [path for path in paths if re.split(r"[.\[]", path)[0] not in NOT_IN_A_RUN]
        if not of_runs:
            return self
        known = {*(self.set_by_hand or ()), *of_runs}
        return self.model_copy(update={"set_by_hand": tuple(sorted(known))})

    def to_data(self) -> dict[str, Any]:
        """Return the scenario as plain data, as it would stand in a file without ``extends``."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    @property
    def digest(self) -> str:
        """Short fingerprint of everything that the scenario says.

        The order of a mapping belongs to it where it decides something: sites and hospitals fill
        in the order of the file. Elsewhere it has no effect, neither here nor in a run.
        """
        data = self.to_data()
        order = [list(self.quarantine.sites), list(self.hospitals)]
        canonical = json.dumps([data, order], sort_keys=True).encode()
        return hashlib.sha256(canonical).hexdigest()[:16]

    def __reduce__(self) -> tuple[Any, ...]:
        # Pydantic's parametrised classes cannot be pickled by name; the data can.
        return type(self).model_validate, (self.to_data(),)
