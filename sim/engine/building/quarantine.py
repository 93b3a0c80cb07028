"""Quarantine sites, laboratory, hospitals and registers behind the border."""

from typing import Any

import numpy as np

from sim.engine.assay import Sensitivity
from sim.engine.building.in_force import Units
from sim.engine.building.tables import Tables, set_distribution
from sim.engine.records import fill, records
from sim.engine.state import Assay, Hospital, Site
from sim.scenario.disease import LogisticPcr, PcrCurve, TablePcr
from sim.scenario.institutions import Setting
from sim.scenario.schema import Scenario
from sim.world.draws import Draws
from sim.world.geography import Geography
from sim.world.quantiles import Parameter, settled


def sites_of(scenario: Scenario, geography: Geography, units: Units, ports: Any) -> Any:
    """Return the facilities, in the order in which they fill, and then the homes of each place.

    Args:
        scenario: the scenario.
        geography: its codes.
        units: rows of the policies.
        ports: their records; the site of their homes is filled in.
    """
    rules = scenario.quarantine
    home_places = [rules.home_place or scenario.ports[name].place for name in geography.ports]
    homes = {place: len(rules.sites) + n for n, place in enumerate(dict.fromkeys(home_places))}
    rows = records(Site, len(rules.sites) + len(homes))
    for row, (name, site) in zip(rows, rules.sites.items(), strict=False):
        _set_setting(row, rules.facility)
        place = geography.code[site.place]
        fill(row, location=place, unit=units.sites[name], room_size=site.room_size)
    for place, number in homes.items():
        _set_setting(rows[number], rules.home)
        fill(rows[number], location=geography.code[place], unit=units.homes, room_size=1)
        fill(rows[number], is_home=True)
    ports["home"] = [homes[place] for place in home_places]
    return rows


def _set_setting(row: Any, setting: Setting) -> None:
    fill(
        row,
        breach_per_day=setting.breach_per_day,
        breach_growth=setting.breach_growth_per_day,
        kept_by=setting.kept_by,
    )


def set_quarantine(run: Any, scenario: Scenario, symptom_swabs: tuple[int, int]) -> None:
    """Set what holds at all sites.

    Args:
        run: the record.
        scenario: the scenario.
        symptom_swabs: range of ``World.swab_times`` with the swabs of people with symptoms.
    """
    rules = scenario.quarantine
    fill(
        run,
        room_hazard=rules.room_hazard_per_day,
        symptoms_noticed=rules.symptoms_noticed,
        symptom_swabs=symptom_swabs[0],
        symptom_swabs_end=symptom_swabs[1],
    )


def set_laboratory(run: Any, scenario: Scenario, geography: Geography) -> None:
    """Set where the laboratory is and which swabs come first."""
    laboratory = scenario.laboratory
    place = geography.code[laboratory.place]
    fill(run, laboratory=place, suspects_first=laboratory.suspects_first)


def assays_records(scenario: Scenario, tables: Tables) -> Any:
    """Return the tests: the laboratory's own PCR, then the others in the order of the file."""
    laboratory = scenario.laboratory
    assays = [laboratory, *laboratory.assays.values()]
    rows = records(Assay, len(assays))
    for row, assay in zip(rows, assays, strict=True):
        fill(
            row,
            asymptomatic_factor=assay.asymptomatic_factor,
            false_positive=1.0 - assay.specificity,
            turnaround=assay.turnaround,
        )
        _set_sensitivity(row, assay.sensitivity, tables)
    return rows


def _set_sensitivity(row: Any, curve: PcrCurve, tables: Tables) -> None:
    if isinstance(curve, LogisticPcr):
        fill(row, kind=Sensitivity.LOGISTIC, a=curve.b1, b=curve.b2, c=curve.b3, d=curve.c)
    elif isinstance(curve, TablePcr):
        since_onset = curve.since == "onset"
        kind = Sensitivity.SINCE_ONSET if since_onset else Sensitivity.SINCE_INFECTION
        points = np.array([*curve.days, *curve.sensitivity])
        fill(row, kind=kind, first=tables.add(points), nodes=len(curve.days))
    else:
        before_onset = curve.infectious if curve.presymptomatic is None else curve.presymptomatic
        fill(row, kind=Sensitivity.STAGES, a=curve.latent, b=curve.infectious)
        fill(row, c=before_onset, d=curve.recovered)


def hospitals_of(scenario: Scenario, geography: Geography, units: Units) -> Any:
    """Return the hospitals, in the order in which they fill."""
    rows = records(Hospital, len(scenario.hospitals))
    for row, (name, hospital) in zip(rows, scenario.hospitals.items(), strict=True):
        fill(row, location=geography.code[hospital.place], unit=units.hospitals[name])
    return rows


def set_registers(run: Any, scenario: Scenario, draws: Draws, tables: Tables) -> None:
    """Set how the health authority follows those who tested positive."""
    rules = scenario.registers
    stay = settled(rules.hospital_stay, draws, Parameter.HOSPITAL_STAY)
    set_distribution(run["hospital_stay"], stay, tables)
    fill(
        run,
        carrier_observation=rules.carrier_observation,
        carrier_negatives=rules.carrier_negatives,
        carrier_retest=rules.carrier_retest,
        findings_per_day=rules.findings_per_day,
        review_findings=rules.review_findings,
    )
