"""Quarantine sites, hospitals, the laboratory and its assays, and the rules of the registers."""

from typing import Any

from sim.scenario.disease import LogisticPcr, PcrCurve, StagesPcr
from sim.scenario.institutions import Setting
from sim.scenario.schema import Scenario
from sim.world.assay import Curve
from sim.world.building.distributions import set_distribution, set_time
from sim.world.building.in_force import Units
from sim.world.building.parameters import Parameter
from sim.world.building.tables import Tables
from sim.world.draws import Draws
from sim.world.geography import Geography
from sim.world.records import fill, records
from sim.world.state_of_institutions import Assay, Hospital, Site


def sites_of(scenario: Scenario, geography: Geography, units: Units, ports: Any) -> Any:
    """Return the facilities, in the order in which they fill, and the homes of each place.

    Every port gets the homes that people go to from there.
    """
    rules = scenario.quarantine
    towns = [scenario.ports[name].place for name in geography.ports]
    places = [rules.home_place or town for town in towns]
    homes = list(dict.fromkeys(places))
    rows = records(Site, len(rules.sites) + len(homes))
    for row, (name, site) in zip(rows, rules.sites.items(), strict=False):
        fill(row, location=geography.code[site.place], unit=units.sites[name])
        fill(row, room_size=site.room_size)
        _set_breaches(row, rules.facility)
    for row, place in zip(rows[len(rules.sites) :], homes, strict=True):
        fill(row, location=geography.code[place], unit=units.homes, is_home=True, room_size=1)
        _set_breaches(row, rules.home)
    for port, place in zip(ports, places, strict=True):
        fill(port, home=len(rules.sites) + homes.index(place))
    return rows


def _set_breaches(row: Any, setting: Setting) -> None:
    fill(
        row,
        breach_per_day=setting.breach_per_day,
        breach_growth=setting.breach_growth_per_day,
        adherence=setting.adherence,
    )


def hospitals_of(scenario: Scenario, geography: Geography, units: Units) -> Any:
    """Return the hospitals, in the order in which they fill."""
    rows = records(Hospital, len(scenario.hospitals))
    for row, (name, hospital) in zip(rows, scenario.hospitals.items(), strict=True):
        fill(row, location=geography.code[hospital.place], unit=units.hospitals[name])
    return rows


def assays_of(scenario: Scenario, tables: Tables) -> Any:
    """Return the assays of the laboratory, its own PCR first."""
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
        fill(row, kind=Curve.LOGISTIC, a=curve.b1, b=curve.b2, c=curve.b3, d=curve.c)
    elif isinstance(curve, StagesPcr):
        before = curve.infectious if curve.presymptomatic is None else curve.presymptomatic
        fill(row, kind=Curve.STAGES, a=curve.latent, b=curve.recovered, c=before)
        fill(row, d=curve.infectious)
    else:
        kind = Curve.SINCE_ONSET if curve.since == "onset" else Curve.SINCE_INFECTION
        fill(row, kind=kind, nodes=len(curve.days))
        fill(row, first=tables.add_points(curve.days, curve.sensitivity))


def set_institutions(
    run: Any,
    scenario: Scenario,
    geography: Geography,
    symptom_swabs: tuple[int, int],
    draws: Draws,
    tables: Tables,
) -> None:
    """Set the rules of quarantine, laboratory and registers."""
    quarantine, laboratory = scenario.quarantine, scenario.laboratory
    registers = scenario.registers
    fill(
        run,
        room_hazard=quarantine.room_hazard_per_day,
        symptoms_noticed=quarantine.symptoms_noticed,
        symptom_swabs=symptom_swabs[0],
        symptom_swabs_end=symptom_swabs[1],
        suspects_first=laboratory.suspects_first,
        laboratory=geography.code[laboratory.place],
        symptoms_diagnosed=registers.symptoms_diagnosed,
        carrier_observation=registers.carrier_observation,
        carrier_negatives=registers.carrier_negatives,
        carrier_retest=registers.carrier_retest,
        findings_per_day=registers.findings_per_day,
        review_findings=registers.review_findings,
    )
    stay = registers.hospital_stay
    set_distribution(run["hospital_stay"], stay, draws, Parameter.HOSPITAL_STAY, tables)
    delay = registers.decision_delay
    set_time(run["decision_delay"], delay, draws, Parameter.DECISION_DELAY, tables)
