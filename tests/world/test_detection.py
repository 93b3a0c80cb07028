"""Which infected entrants never had a positive test, and why: worlds with one cause each."""

from typing import Any

import pytest
from random_scenarios import SHUT, a_world, finished, scenario_of

from sim.world.codes import Stage
from sim.world.detection import Detection
from sim.world.model import BorderModel
from sim.world.outcomes import outcomes_of
from sim.world.tally import sums_of

BLIND = {"kind": "stages", "infectious": 0.0}
PERFECT = {"kind": "stages", "latent": 1.0, "infectious": 1.0, "recovered": 1.0}
SECOND = "1 min"


def _exactly(time: str) -> dict[str, Any]:
    return {"kind": "fixed", "value": time}


def detected(
    *,
    latent: str = SECOND,
    lasts: str = "60 d",
    swabs: tuple[str, ...] = ("0 d",),
    test: dict[str, Any] = BLIND,
    turnaround: str = "1 h",
    crossing: bool = False,
    quarantine: dict[str, Any] | None = None,
    **policies: Any,
) -> tuple[BorderModel, dict[Detection, int]]:
    """Return a finished world and how many entrants it has of each detection.

    Everybody is infected before departure, infectious so long after it and for so long.
    """
    world = a_world()
    world["source"]["exposure"] = 500
    world["disease"] = {
        "name": "of_fixed_times",
        "incubation": _exactly(latent),
        "infectiousness": {
            "since": "infection",
            "profile": {
                "kind": "constant",
                "latent": _exactly(latent),
                "lead": _exactly("0 d"),
                "lasts": _exactly(lasts),
                "asymptomatic_lasts": _exactly(lasts),
            },
        },
        "asymptomatic_share": 1.0,
        "asymptomatic_infectiousness": 1.0,
        "onset_to_severe": _exactly("20 d"),
        "symptoms_last": "10 d",
        "asymptomatic_lasts": _exactly("10 d"),
    }
    for leg in world["legs"].values():
        leg.pop("on_board", None)
    world["staging"]["junction"] = {"connection": {"kind": "uniform", "low": "2 h", "high": "30 h"}}
    world["quarantine"] = {"sites": world["quarantine"]["sites"], **(quarantine or {})}
    world["laboratory"] = {"place": "east", "sensitivity": test, "turnaround": turnaround}
    world["policies"] = {"quarantine_stay": "6 d", "quarantine_tests": list(swabs), **policies}
    if crossing:
        world["travellers"] = {**world["travellers"], "patience": "8 d", "closed_factor": 1}
        world["policies"]["port_closures"] = SHUT
        world["border"] = {
            "stretches": {
                "hills": {
                    "start": "junction",
                    "end": "west",
                    "trip": "10 h",
                    "area_km2": 100,
                    "residents_per_km": 2,
                    "exposed_km": 5,
                }
            },
            "crossers": {"trip_cost": "100 CNY", "readiness": 0.4, "reopening_chance": 0},
        }
    model = finished(scenario_of(world))
    counts = sums_of(model).detected.tolist()
    return model, {one: counts[one] for one in Detection if counts[one]}


LEAVING = {"facility": {"adherence": 0.0}, "home": {"adherence": 0.0}}

ONE_CAUSE: dict[Detection, dict[str, Any]] = {
    Detection.POSITIVE: {"test": PERFECT},
    Detection.UNDECIDED: {"quarantine_stay": "40 d"},
    Detection.BROKE_QUARANTINE: {"quarantine": LEAVING},
    Detection.RECOVERED_ON_ARRIVAL: {"lasts": SECOND},
    Detection.NEVER_SWABBED: {"swabs": ()},
    Detection.TESTED_TOO_EARLY: {"latent": "60 d"},
    Detection.TESTED_TOO_LATE: {"lasts": "5 d", "swabs": ("5 d",)},
    Detection.BETWEEN_SWABS: {"latent": "5 d", "lasts": "10 min", "swabs": ("0 d", "5 d")},
    Detection.FALSE_NEGATIVE: {},
}
"""What a world needs for one detection, beside those that every world may have."""

BESIDE = {
    Detection.UNDECIDED: "arrived so late that they are in quarantine at the end",
    Detection.RECOVERED_ON_ARRIVAL: "infected long before departure",
}


@pytest.mark.parametrize("cause", ONE_CAUSE, ids=lambda cause: cause.name.lower())
def test_a_world_that_allows_one_cause_has_that_cause(cause):
    _, found = detected(**ONE_CAUSE[cause])
    assert found[cause] > 5
    assert found.keys() - BESIDE.keys() <= {cause}


def test_crossing_unseen():
    model, found = detected(test=PERFECT, crossing=True)
    assert found[Detection.CROSSED_UNSEEN] > 5
    assert found.keys() <= {Detection.CROSSED_UNSEEN, Detection.POSITIVE, Detection.UNDECIDED}
    assert found[Detection.CROSSED_UNSEEN] == outcomes_of(model)["illegal_entered_infected"]


def test_a_result_to_come_leaves_a_case_undecided():
    stay = {"quarantine_stay": "0 d", "swabs": (), "arrival_tests": ["0 d"]}
    model, found = detected(**stay, turnaround="40 d")
    waiting = model.people.results_awaited[: model.people.travellers] > 0
    assert (model.people.stage[: model.people.travellers][waiting] == Stage.RELEASED).all()
    assert found[Detection.UNDECIDED] > 5
    _, found = detected(**stay, turnaround="1 h")
    assert found.keys() == {Detection.FALSE_NEGATIVE}


def test_who_is_brought_back_has_not_broken_quarantine():
    _, found = detected(quarantine=LEAVING, monitoring=1.0)
    assert found[Detection.FALSE_NEGATIVE] > 5
    assert Detection.BROKE_QUARANTINE not in found
