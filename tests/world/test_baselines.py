"""Exact results of shipped scenarios: the same on every Python, Mesa and number of workers.

Renew them with ``python tests/world/test_baselines.py`` and say in the changelog why they changed.
"""

import hashlib
import json
from pathlib import Path

import pytest
from shipped import SCENARIOS, SHIPPED

from sim.experiment.ensemble import Member
from sim.experiment.replicates import simulate
from sim.scenario.loader import load_scenario

RECORD = Path(__file__).with_name("baselines.json")
FILES = sorted(str(path.relative_to(SCENARIOS)) for path in SHIPPED)
SHOWN = ("travellers", "entrants", "infected_travellers", "imported_confirmed", "tests")


def fingerprint(name: str) -> dict[str, object]:
    """Return some outcomes of seed 1 to read, and a digest of all daily series."""
    result = simulate(load_scenario(SCENARIOS / name), Member(1))
    return {
        **{outcome: result.outcomes[outcome] for outcome in SHOWN},
        "series": hashlib.sha256(result.series.astype("<i8").tobytes()).hexdigest()[:16],
    }


@pytest.mark.parametrize("name", FILES)
def test_shipped_scenarios_give_the_recorded_results(name):
    assert fingerprint(name) == json.loads(RECORD.read_text("utf-8"))[name]


if __name__ == "__main__":
    record = {name: fingerprint(name) for name in FILES}
    RECORD.write_text(json.dumps(record, indent=2) + "\n", "utf-8")
