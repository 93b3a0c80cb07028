"""What things cost: a table of unit costs in yuan."""

from typing import Annotated

from sim.scenario.part import Part
from sim.scenario.presets import PresetOrInline
from sim.scenario.quantities import Money


class UnitCosts(Part):
    """Costs of one unit of everything that the model counts; rewards come on top as they are paid.

    A cost that is left out is zero.
    """

    test: Money = 0.0
    """One test processed by the laboratory."""
    pre_departure_test: Money = 0.0
    """One test that a passenger has to bring."""
    quarantine_day: Money = 0.0
    """A person's day in a quarantine facility."""
    home_quarantine_day: Money = 0.0
    """A person's day in quarantine at home."""
    monitoring_day: Money = 0.0
    """Electronic monitoring of one person in quarantine for a day."""
    hospital_day: Money = 0.0
    """A person's day in a hospital bed."""
    hospital_bed_day: Money = 0.0
    """A hospital bed kept ready for a day, used or not; beds without a limit are not counted."""
    case_investigation: Money = 0.0
    """One person with a first positive test."""
    traced_contact: Money = 0.0
    """One contact isolated by tracing."""
    patrol_day: Money = 0.0
    """One patrol, round the clock."""
    sensor_day: Money = 0.0
    """Sensors along one stretch of border."""
    report: Money = 0.0
    """One report of a crosser, true or false."""
    caught_crosser: Money = 0.0
    """One person caught."""
    lockdown_person_day: Money = 0.0
    """A resident's day under a lockdown that prevents all contacts; others in proportion."""
    stranded_day: Money = 0.0
    """A person's day stranded on the near side."""


CostsField = Annotated[UnitCosts, PresetOrInline("costs")]
"""Unit costs, inline or by preset name."""
