"""A small corridor, counts made by it, and priors: a fit of it takes seconds."""

import datetime as dt

from random_scenarios import DAYS, START, a_world, scenario_of

from calibration.observation import Observation
from calibration.priors import Priors
from calibration.simulator import Simulator
from calibration.targets import Targets

SCENARIO = scenario_of(a_world(source__travel_group_dispersion=0.5))

PRIORS = Priors.model_validate(
    {
        "parameters": [
            {
                "path": path,
                "label": path,
                "unit": "ratio",
                "source": "made up",
                "prior": {"kind": "loguniform", "low": low, "high": high},
            }
            for path, low, high in (
                ("source.exposure", 20, 600),
                ("travellers.demand.ceiling", 20, 150),
                ("quarantine.symptoms_noticed", 0.2, 1),
            )
        ]
    }
)


def _on(day: int) -> str:
    return (START + dt.timedelta(days=day)).isoformat()


def _count(name: str, series: str, day: int, value: int) -> dict:
    return {
        "id": name,
        "place": "region",
        "series": f"imported_confirmed_{series}",
        "kind": "count",
        "value": value,
        "data_date": _on(day),
        "article": "A",
    }


TARGETS = Targets.model_validate(
    {
        "articles": {"A": {"outlet": "A paper", "published": _on(DAYS)}},
        "targets": [
            _count("X1", "new", 16, 12),
            _count("X2", "cumulative", 16, 60),
            _count("X3", "cumulative", 24, 130),
        ],
    }
)


def small_simulator() -> Simulator:
    """Return the small corridor, compared with the made-up counts."""
    return Simulator(SCENARIO, PRIORS.fitted, Observation(TARGETS, SCENARIO.calendar))
