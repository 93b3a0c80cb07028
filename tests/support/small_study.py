"""The small corridor with a town, counted by formulas in both stages, for a study in seconds."""

import numpy as np
from quick_local import LOCAL_PRIORS, WITH_TOWN, QuickLocalSimulator, with_local_count
from quick_simulator import QuickSimulator
from small_fit import PRIORS, SCENARIO, TARGETS

from calibration.local_simulator import LocalState
from calibration.observation import Observation
from calibration.priors import Priors
from calibration.simulator import Point
from calibration.synthetic import Case
from sim.experiment.ensemble import Member
from sim.scenario.schema import Scenario
from sim.world.draws import FloatArray, IntArray

TRAVELLERS_ONLY = Case(
    SCENARIO,
    PRIORS,
    TARGETS,
    QuickSimulator(SCENARIO, PRIORS.fitted, Observation(TARGETS, SCENARIO.calendar)),
)


class QuickWorld(QuickLocalSimulator):
    """Local cases follow the score of the local parameter, travellers' counts their own formula."""

    def counted(
        self,
        scenario: Scenario,
        pair: Member,
        state: LocalState,
        at_least: float = -np.inf,
        offset: FloatArray | float = 0.0,
    ) -> IntArray:
        counts = super().counted(scenario, pair, state, at_least, offset)
        if scenario.travellers.pool == 0:
            return counts
        simulator = WHOLE.simulator
        scores = [
            prior.score_of(np.array(pair.parameters[prior.path])) for prior in simulator.priors
        ]
        travellers = simulator.history(Point(np.array(scores), pair.seed, pair.seed_overrides))
        of = [self.columns.index(column) for column in simulator.columns]
        counts[of, : travellers.shape[1]] = travellers
        return counts


def _whole() -> Case:
    targets = with_local_count(60, 2)
    both = Priors(parameters=(*PRIORS.parameters, *LOCAL_PRIORS.parameters))
    simulator = QuickSimulator(WITH_TOWN, both.fitted, Observation(targets, WITH_TOWN.calendar))
    return Case(WITH_TOWN, both, targets, simulator, QuickWorld(WITH_TOWN, both.local, targets))


WHOLE = _whole()
