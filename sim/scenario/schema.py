"""The scenario: the content of a YAML file, validated and immutable."""

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
"""Levers that have no meaning without a part of the world."""

SECTION_OF = {
    "towns": "residents",
    "hospital_outbreak": "hospital_outbreak",
    "border": "border",
}
"""The section that describes each part of the world."""

NOT_IN_A_RUN = ("name", "question", "ensemble", "set_by_hand", "published")
"""Sections for names of results, ensembles and published numbers, without effect on a run."""


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
        """Return the days of the calendar within ``period``."""
        first = 0 if period.from_ is None else self.day_of(period.from_)
        after = self.days if period.until is None else self.day_of(period.until)
        return range(*(max(0, min(self.days, day)) for day in (first, after)))


class Scenario(Part):
    """One corridor, one disease, one timetable of policies."""

    name: Name
    """Name of the results and their folder."""
    question: Line = ""
    """The question of this scenario in one sentence; printed above its results."""
    ensemble: Name | None = None
    """Fitted ensemble of parameters and seeds used by default."""
    set_by_hand: tuple[Line, ...] | None = Field(default=None, max_length=MOST_NAMED)
    """Paths such as ``source.exposure`` whose values an ensemble does not replace, even if they
    equal those of the fit. ``--set`` adds its paths."""
    calendar: Calendar
    """Simulated days."""
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
    """Towns where travellers change, by place; default: a place without special values."""
    ports: dict[Name, Port] = Field(min_length=1, max_length=MOST_NAMED)
    """Border crossings, by name."""
    quarantine: Quarantine = Quarantine()
    """Sites, and what happens in them."""
    laboratory: Laboratory
    """PCR testing."""
    hospitals: dict[Name, Hospital] = Field(default={}, max_length=MOST_NAMED)
    """Hospitals for people who tested positive, by name; they fill in this order."""
    registers: Registers = Registers()
    """How positive tests are counted."""
    residents: dict[Name, Residents] = Field(default={}, max_length=MOST_NAMED)
    """Towns behind the border whose residents can be infected, by place."""
    hospital_outbreak: HospitalOutbreak | None = None
    """An outbreak from another source, starting from one arrival; default: none."""
    border: Border | None = None
    """The border away from the ports; without it nobody crosses illegally."""
    costs: CostsField = UnitCosts()
    """Unit costs, inline or a preset; default: zero."""
    leave_out: tuple[Literal["towns", "hospital_outbreak", "border"], ...] = ()
    """Parts of the world to leave out, with their policies. Without towns there is no hospital
    outbreak either."""
    policies: Policies = Policies()
    """Policies by date."""
    published: Published | None = None
    """Numbers of the published study that this scenario describes, if any. ``bordersim run``
    compares them with the simulation."""

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
        """Return the scenario with ``paths`` added to those set outside the file."""
        of_runs = [path for path in paths if re.split(r"[.\[]", path)[0] not in NOT_IN_A_RUN]
        if not of_runs:
            return self
        known = {*(self.set_by_hand or ()), *of_runs}
        return self.model_copy(update={"set_by_hand": tuple(sorted(known))})

    def to_data(self) -> dict[str, Any]:
        """Return the scenario as plain data, as in a file without ``extends``."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    @property
    def digest(self) -> str:
        """Short fingerprint of the content of the scenario.

        It depends on the order of a mapping only for sites and hospitals, which fill in that
        order; elsewhere order has no effect on a run.
        """
        data = self.to_data()
        order = [list(self.quarantine.sites), list(self.hospitals)]
        canonical = json.dumps([data, order], sort_keys=True).encode()
        return hashlib.sha256(canonical).hexdigest()[:16]

    def __reduce__(self) -> tuple[Any, ...]:
        # Pydantic's parametrised classes cannot be pickled by name; the data can.
        return type(self).model_validate, (self.to_data(),)
