"""A local simulator that counts by a formula, where nobody has to be simulated."""

import datetime as dt

import numpy as np
from random_scenarios import START, a_world, scenario_of
from small_fit import TARGETS

from calibration.local_simulator import LocalSimulator, LocalState
from calibration.priors import Priors
from calibration.targets import Targets
from sim.experiment.ensemble import Member
from sim.scenario.schema import Scenario
from sim.world.draws import FloatArray, IntArray, Stream

TOWN = {"people": 5000, "household_sizes": [0.5, 0.5], "community_hazard_per_day": 0.3}

WITH_TOWN = scenario_of(a_world(residents={"east": TOWN}))

LOCAL_PRIORS = Priors.model_validate(
    {
        "parameters": [
            {
                "path": "residents.east.community_hazard_per_day",
                "label": "community",
                "unit": "1/d",
                "source": "made up",
                "prior": {"kind": "loguniform", "low": 0.03, "high": 3},
            }
        ]
    }
)


def with_local_count(value: float, absolute: float, place: str = "east") -> Targets:
    """Return the targets of the small corridor, and a count of local cases of one day."""
    local = {
        "id": "L1",
        "place": place,
        "series": "local_confirmed_cumulative",
        "kind": "count",
        "value": value,
        "data_date": (START + dt.timedelta(days=20)).isoformat(),
        "article": "A",
        "noise": {"absolute": absolute, "relative": 0},
    }
    data = TARGETS.model_dump(mode="json", exclude_none=True)
    return Targets.model_validate({**data, "targets": [*data["targets"], local]})


def expected(score: float) -> float:
    """Return how many local cases the whole world has at a score."""
    return float(60 * np.exp(0.4 * score))


class QuickLocalSimulator(LocalSimulator):
    """Local cases follow the score; without travellers they do so differently.

    ``asked`` collects which residents the runs of the whole world had.
    """

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.asked: list[int] = []

    def counted(
        self,
        scenario: Scenario,
        pair: Member,
        state: LocalState,
        at_least: float = -np.inf,
        offset: FloatArray | float = 0.0,
    ) -> IntArray:
        counts = np.ones((len(self.columns), scenario.calendar.days), np.int32)
        score = float(state.scores[0])
        local = self.columns.index(("east", "local_confirmed_cumulative"))
        if scenario.travellers.pool == 0:
            counts[local] = round(30 * np.exp(0.7 * score))
        else:
            counts[local] = round(expected(score))
            self.asked.append(state.seed_overrides[Stream.RESIDENT_SHUFFLE, 0])
        return counts
