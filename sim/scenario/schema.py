"""The whole scenario: what one YAML file says, validated and immutable."""

import hashlib
import json
from typing import Any

from pydantic import Field

from sim.scenario.border import Border
from sim.scenario.costs import CostsField, UnitCosts
from sim.scenario.disease import DiseaseField
from sim.scenario.hospital_outbreak import HospitalOutbreak
from sim.scenario.institutions import Hospital, Laboratory, Quarantine, Registers
from sim.scenario.part import Part
from sim.scenario.quantities import Date, Name
from sim.scenario.residents import Residents
from sim.scenario.route import Leg, Place, Port, Staging
from sim.scenario.source import Source, Travellers
from sim.scenario.timeline import Policies


class Calendar(Part):
    """First and last day of the simulation, both included."""

    start: Date
    end: Date

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.end - self.start).days + 1

    def day_of(self, date: Date) -> int:
        """Return ``date`` as days since the start (negative before it)."""
        return (date - self.start).days


class Scenario(Part):
    """One corridor, one disease, one timetable of policies."""

    name: Name
    question: str = ""
    """What this scenario is for, in one sentence; printed above its results."""
    calendar: Calendar
    places: dict[Name, Place] = Field(min_length=1)
    travellers: Travellers
    source: Source
    disease: DiseaseField
    legs: dict[Name, Leg] = Field(min_length=1)
    staging: dict[Name, Staging] = {}
    ports: dict[Name, Port] = Field(min_length=1)
    quarantine: Quarantine = Quarantine()
    laboratory: Laboratory
    hospitals: dict[Name, Hospital] = {}
    registers: Registers = Registers()
    residents: dict[Name, Residents] = {}
    hospital_outbreak: HospitalOutbreak | None = None
    """An outbreak with another source, which starts from one arrival; left out: none."""
    border: Border | None = None
    """The border away from its ports; without it nobody crosses illegally."""
    costs: CostsField = UnitCosts()
    """Unit costs, inline or a preset; left out: everything is free."""
    policies: Policies = Policies()

    def to_data(self) -> dict[str, Any]:
        """Return the scenario as plain data, as it would stand in a file without ``extends``."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)

    @property
    def digest(self) -> str:
        """Short fingerprint of everything that the scenario says."""
        canonical = json.dumps(self.to_data(), sort_keys=True).encode()
        return hashlib.sha256(canonical).hexdigest()[:16]

    def __reduce__(self) -> tuple[Any, ...]:
        # Pydantic's parametrised classes cannot be pickled by name; the data can.
        return type(self).model_validate, (self.to_data(),)
