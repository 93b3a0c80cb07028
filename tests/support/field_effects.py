"""Whether fields of a scenario change what a run gives, and what explains those that do not."""

from functools import cache
from itertools import islice
from pathlib import Path

import numpy as np
from field_changes import FieldChange, field_changes

from sim.experiment.ensemble import Member
from sim.experiment.replicates import simulate
from sim.scenario.loader import load_scenario
from sim.scenario.reading.errors import Loc
from sim.scenario.reading.strict_yaml import read_document
from sim.scenario.schema import Scenario
from sim.scenario.without_effect import fields_without_effect
from sim.world.outcomes import Result

SEEDS = (1, 2, 3, 4)
MOST_VALUES = 5
"""Values of a field that are tried before it counts as one without effect."""

FOR_READERS = {
    "Scenario.name": "Name of the results",
    "Scenario.question": "printed above its results",
    "Scenario.ensemble": "ensemble of parameters and seeds used by default",
    "Scenario.set_by_hand": "values an ensemble does not replace",
    "Place.label": "Display name",
    "Place.part_of": "its counts are added to the region's",
    "Disease.name": "Display name",
    "Leg.mode": "The model uses it only to identify flights",
    "Laboratory.place": "Place where its backlog is counted",
}
"""Fields that change nothing but how results are named or added up, and what the reference says."""

_NO_LIMIT = "every vehicle takes everybody who waits"

EXPLAINED = {
    "ashcroft_2021 legs.flight.departures_per_day": _NO_LIMIT,
    "clifford_2021 legs.flight.departures_per_day": _NO_LIMIT,
    "lauer_2020 legs.way.departures_per_day": _NO_LIMIT,
    "quilty_2020 legs.flight.departures_per_day": _NO_LIMIT,
    "steyn_2020 legs.flight.departures_per_day": _NO_LIMIT,
    "two_ports legs.night_train.departures_per_day": _NO_LIMIT,
    "ashcroft_2021 ports.airport.closes": "everybody comes before it closes",
    "quilty_2020 ports.airport.closes": "everybody comes before it closes",
    "lauer_2020 disease.onset_to_severe": "the journey takes no time after the infection",
    "lauer_2020 disease.symptoms_last": "nobody has symptoms on entry; an onset later is noticed",
    "lauer_2020 policies.exit_screening.way": "nobody has symptoms at the moment of infection",
    "lauer_2020 policies.pre_departure_test.way": "nobody is positive when infected, or before",
    "lauer_2020 policies.entry_screening.entrance": "nobody has symptoms when infected",
    "lauer_2020 laboratory.sensitivity.since": "the preset sees every infection at any time",
    "quilty_2020 laboratory.sensitivity.since": "the preset sees every infection at any time",
    "steyn_2020 laboratory.assays.symptoms.sensitivity.since": "the preset sees every infection",
    "lauer_2020 laboratory.specificity": "everybody who is swabbed is infected, and found",
    "quilty_2020 laboratory.specificity": "everybody who is swabbed is infected, and found",
    "steyn_2020 laboratory.assays.symptoms.specificity": "who is swabbed is infected, and found",
    "steyn_2020 policies.self_isolation": "nobody falls ill after release",
}
"""Fields of one file that change nothing in it because of what happens in a run."""

_INFECTED = [
    "residents.suifenhe.infected_at_start=20",  # its lockdown leaves little to other measures
    "residents.mudanjiang.infected_at_start=20",  # hardly anybody else brings infection there
    "residents.harbin.infected_at_start=5",
]
_TIGHT = {
    "baseline": [
        "policies.site_beds={suifenhe_hotels: 300, mudanjiang_hotels: 200, harbin_hotels: 200}",
        "policies.hospital_beds="
        "{suifenhe_hospital: 30, mudanjiang_hospital: 20, harbin_hospital: 10}",
        *_INFECTED,
    ],
    "policies": [
        "policies.hospital_beds="
        "{suifenhe_hospital: 30, mudanjiang_hospital: 20, harbin_hospital: 10}",
        *_INFECTED,
    ],
    "travel_restrictions_2020": [
        "travellers.demand.per_day=[{date: 2020-01-22, count: 200}, {date: 2020-01-23, count: 250}]"
    ],
    "two_ports": ["source.exposure=250", "legs.junction_north.on_board.hazard_per_hour=0.04"],
}
"""Settings under which limits are reached, enough people are infected, and runs are short."""


def shipped_world(path: Path) -> Scenario:
    """Return a shipped scenario, with limits that are reached."""
    return load_scenario(path, _TIGHT.get("policies" if _extends(path) else path.stem, []))


def changes_of(path: Path) -> list[FieldChange]:
    """Return a change of every field of a shipped scenario; of a policy, of those that it sets."""
    scenario = shipped_world(path)
    changes = [change for change in field_changes(scenario) if not _is_for_readers(change)]
    document = read_document(path)
    if not _extends(path):
        return changes
    sections = {loc[:-1] for loc in document.marks}
    own = {loc[:3] for loc in document.marks if len(loc) > 1 and loc not in sections}
    return [change for change in changes if any(change.loc[: len(loc)] == loc for loc in own)]


def verdict(path: Path, change: FieldChange) -> str | None:
    """Return what is wrong: a silent field, or one that is warned of or explained wrongly."""
    is_explained = f"{path.stem} {change}" in EXPLAINED
    scenario = shipped_world(path)
    was_warned = _is_warned(scenario, change.loc)
    changed = list(islice(change.applied_to(scenario), MOST_VALUES))
    warned = [was_warned or _is_warned(other, change.loc) for other in changed]
    if was_warned:  # one is enough to tell whether the warning is right
        changed = [other for other in changed if _is_warned(other, change.loc)][:1]
    for seed in SEEDS[: 1 if was_warned else None]:
        for other in changed:
            if not results_agree(_result(scenario, seed), simulate(other, Member(seed))):
                if is_explained:
                    return f"{change} has an effect, and is explained"
                return f"{change} has an effect, and is warned about" if was_warned else None
    is_told = was_warned or all(warned) or is_explained
    return None if is_told or _is_another_day(path, change) else f"{change} is silent"


def _is_for_readers(change: FieldChange) -> bool:
    owner = change.owner.__name__
    return owner == "UnitCosts" or f"{owner}.{change.name}" in FOR_READERS


def _is_another_day(path: Path, change: FieldChange) -> bool:
    """Tell whether a change moves a date to another day, on which perhaps nobody is concerned."""
    return path.stem != "baseline" and change.loc[-1] in ("from", "until")


def _is_warned(scenario: Scenario, loc: Loc) -> bool:
    places = [finding.loc for finding in fields_without_effect(scenario)]
    return any(loc[: len(place)] == place or place[: len(loc)] == loc for place in places)


@cache
def _result_of(path_digest: str, seed: int) -> list[Result]:
    return []


def _result(scenario: Scenario, seed: int) -> Result:
    kept = _result_of(scenario.digest, seed)
    if not kept:
        kept.append(simulate(scenario, Member(seed)))
    return kept[0]


def results_agree(one: Result, other: Result) -> bool:
    """Tell whether two runs have the same outcomes, series, fates and cases."""
    arrays = ("series", "fates", "local", "cases")
    return repr(one.outcomes) == repr(other.outcomes) and all(
        np.array_equal(getattr(one, name), getattr(other, name)) for name in arrays
    )


def _extends(path: Path) -> bool:
    return "extends" in read_document(path).data
