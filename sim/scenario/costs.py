"""Unit costs in yuan."""

from typing import Annotated

from sim.scenario.part import Part
from sim.scenario.presets import PresetOrInline
from sim.scenario.quantities import Money


class UnitCosts(Part):
    """Unit costs of everything the model counts; rewards are added as they are paid.

    Costs that are not given are zero.
    """

    test: Money = 0.0
    """One test processed by the laboratory."""
    pre_departure_test: Money = 0.0
    """One pre-departure test."""
    quarantine_day: Money = 0.0
    """One person-day in a quarantine facility."""
    home_quarantine_day: Money = 0.0
    """One person-day in quarantine at home."""
    monitoring_day: Money = 0.0
    """Electronic monitoring of one person in quarantine for one day."""
    hospital_day: Money = 0.0
    """One person-day in a hospital bed."""
    hospital_bed_day: Money = 0.0
    """One reserved hospital bed for one day, used or not; unlimited beds are not counted."""
    case_investigation: Money = 0.0
    """One person with a first positive test."""
    traced_contact: Money = 0.0
    """One contact isolated by tracing."""
    patrol_day: Money = 0.0
    """One patrol for 24 hours."""
    sensor_day: Money = 0.0
    """Sensors along one stretch of border for one day."""
    report: Money = 0.0
    """One report of a crosser, true or false."""
    caught_crosser: Money = 0.0
    """One person caught."""
    lockdown_person_day: Money = 0.0
    """One resident-day under a lockdown that prevents all contacts; others in proportion."""
    stranded_day: Money = 0.0
    """One person-day stranded before the border."""


CostsField = Annotated[UnitCosts, PresetOrInline("costs")]
"""Unit costs, inline or by preset name."""
