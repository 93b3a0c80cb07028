"""Exact records of small worlds in which everything happens: what every person went through.

The shipped scenarios leave some levers alone, and their records are of counts only. Renew these
with ``python tests/world/test_records.py`` and say in the changelog why they changed.
"""

import json
import math
from pathlib import Path

import pytest
from digests import digest
from full_worlds import WORLDS
from random_scenarios import finished

from sim.world.line_list import line_list, transmissions
from sim.world.model import BorderModel
from sim.world.outcomes import confirmed_cases, outcomes_of
from sim.world.surveillance import SERIES
from sim.world.tally import sums_of

RECORD = Path(__file__).with_name("records.json")
_NOT_LISTED = (
    "stage",
    "location",
    "port",
    "next_in_room",
    "stranded_days",
    "gave_up_at",
    "planned_release",
    "breaches",
    "tests",
    "results_awaited",
    "hospital",
    "reviews",
    "release_tests",
    "in_community_from",
    "restricted_from",
    "worth_of_home",
    "urge",
)
"""What travellers went through that no list of the infected says."""


def record(model: BorderModel) -> dict[str, dict[str, object]]:
    """Return outcomes as numbers, and fingerprints of what is listed by day or by person."""
    people, sums = model.people, sums_of(model)
    return {
        "outcomes": {
            name: None if math.isnan(n) else float(f"{n:.6g}")
            for name, n in outcomes_of(model).items()
        },
        "series": {
            name: digest(model.surveillance.series[:, number]) for number, name in enumerate(SERIES)
        },
        "tables": {
            "fates": digest(sums.fates_by_entry_day),
            "cases": digest(confirmed_cases(model)),
            "local": digest(sums.local_by_day),
        },
        "infected": {name: digest(column) for name, column in line_list(model).items()},
        "transmissions": {name: digest(column) for name, column in transmissions(model).items()},
        "travellers": {
            name: digest(getattr(people, name)[: people.travellers]) for name in _NOT_LISTED
        },
    }


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.plain)])
@pytest.mark.parametrize("world", WORLDS)
def test_full_worlds_give_the_recorded_results(world, seed):
    recorded = json.loads(RECORD.read_text("utf-8"))[world][str(seed)]
    assert record(finished(WORLDS[world](), seed)) == recorded


def test_some_series_are_the_same_as_among_all_of_them():
    model = finished(WORLDS["corridor"](), 3)
    surveillance, places = model.surveillance, model.geography.reporting_places
    wanted = [
        (3, places.index("west")),
        (0, places.index("region")),
        (SERIES.index("stranded"), places.index("junction")),
        (SERIES.index("lab_backlog"), places.index("region")),
    ]
    some = surveillance.counts([of for of, _ in wanted], [place for _, place in wanted])
    assert some.tolist() == [surveillance.series[:, of, place].tolist() for of, place in wanted]
    assert some.any(axis=1).all()


if __name__ == "__main__":
    written = {
        world: {seed: record(finished(make(), seed)) for seed in (1, 2)}
        for world, make in WORLDS.items()
    }
    RECORD.write_text(json.dumps(written, indent=1) + "\n", "utf-8")
