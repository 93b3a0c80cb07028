"""Runs of the local side of fitted histories: towns and hospital outbreak, beside the travellers.

A pair of parameters and seeds is one history of the travellers. What happens among residents has
parameters and random numbers of its own, and comes back to the travellers only by way of the
laboratory, which tests both, and through people who are released or cross illegally and are found
in town. An outbreak with another source hardly depends on the travellers: a run without any of
them then stands in for the whole world, at a third of the cost.
"""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from calibration.observation import Observation, SummaryStatistic, log_kernel_of
from calibration.priors import Prior, values_at
from calibration.simulator import Simulator, until
from calibration.targets import Targets
from sim.experiment.ensemble import Member
from sim.experiment.parameters import value_at, with_parameters, world_digest
from sim.experiment.replicates import place_index, series_index
from sim.scenario.schema import Scenario
from sim.scenario.source import CohortDemand, Demand, TableDemand
from sim.world.draws import FloatArray, IntArray, Stream
from sim.world.model import BorderModel


@dataclass(frozen=True)
class LocalState:
    """What the local side adds to a pair.

    Attributes:
        scores: normal scores of the local parameters, shape (parameters,).
        seed_overrides: seeds that replace that of the pair for a block of a stream each.
    """

    scores: FloatArray
    seed_overrides: Mapping[tuple[Stream, int], int] = field(default_factory=dict)


class LocalSimulator(Simulator):
    """The whole world, up to the last day that a target describes, compared with local counts.

    Args:
        scenario: the world that was fitted.
        priors: of the local parameters.
        targets: what was printed. The local counts are fitted; how well the travellers' counts
            agree in the whole world decides about a local history too.
    """

    def __init__(self, scenario: Scenario, priors: Sequence[Prior], targets: Targets) -> None:
        calendar = scenario.calendar
        self.priors = tuple(priors)
        self.observation = Observation(targets, calendar, local=True)
        self.travellers = Observation(targets, calendar)
        self.columns = tuple(dict.fromkeys([*self.observation.columns, *self.travellers.columns]))
        self.days = max(self.observation.days, self.travellers.days)
        self.scenario = until(scenario, self.days)
        self.without_travellers = until(_without_travellers(scenario), self.observation.days)
        self.digest = world_digest(self.scenario)
        self._places = [place_index(self.scenario, place) for place, _ in self.columns]
        self._series = [series_index(series) for _, series in self.columns]

    def observing_both(self, local: Observation, travellers: Observation) -> "LocalSimulator":
        """Return the same world, compared with other values of the same summary statistics."""
        other = copy.copy(self)
        other.observation, other.travellers = local, travellers
        return other

    def world_of(self, pair: Member) -> "PairWorld":
        """Return the world of one pair."""
        return PairWorld(self, pair)

    def log_kernel_of(self, sums: FloatArray) -> float:
        """Return how well local counts agree, 0 for full agreement.

        Args:
            sums: of the summary statistics of the local counts, shape (statistics,).
        """
        return _log_kernel_of(self.observation.statistics, sums)

    def log_kernel_of_travellers(self, counts: IntArray) -> float:
        """Return how well the travellers' counts agree in the whole world."""
        statistics = self.travellers.statistics
        return _log_kernel_of(statistics, self.sums(counts, statistics))

    def local_sums(self, counts: IntArray) -> FloatArray:
        """Return the sums of the summary statistics of local counts, shape (..., statistics)."""
        return self.sums(counts, self.observation.statistics)

    def counted(
        self,
        scenario: Scenario,
        pair: Member,
        state: LocalState,
        at_least: float = -np.inf,
        offset: FloatArray | float = 0.0,
    ) -> IntArray | None:
        """Run a world and return its counts by day, unless local counts agree too badly.

        The run is stopped as soon as the summary statistics that are known rule it out.

        Args:
            scenario: with the parameters of the pair.
            pair: whose seeds are used.
            state: of the local side.
            at_least: smallest log-kernel of local counts that will do.
            offset: added to the sums of their statistics, shape (statistics,) or one number.

        Returns:
            Shape (columns, days); or None.
        """
        changed = with_parameters(scenario, values_at(self.priors, state.scores))
        model = BorderModel(changed, pair.seed, {**pair.seed_overrides, **state.seed_overrides})
        statistics = self.observation.statistics
        last_days = {statistic.last_day for statistic in statistics}
        added = np.zeros(len(statistics)) + offset
        try:
            for day in sorted({scenario.calendar.days - 1, *last_days}):
                while model.day <= day:
                    model.step()
                counts = model.surveillance.counts(self._series, self._places)
                known = [n for n, statistic in enumerate(statistics) if statistic.last_day <= day]
                of = [statistics[n] for n in known]
                if of and _log_kernel_of(of, self.sums(counts, of) + added[known]) < at_least:
                    return None
            return counts.astype(np.int32)
        finally:
            model.free()


class PairWorld:
    """The world of one pair, whose local side may be in one state or another.

    Args:
        simulator: what is run.
        pair: parameters and seeds that stay as they are.
    """

    def __init__(self, simulator: LocalSimulator, pair: Member) -> None:
        self.simulator, self.pair = simulator, pair
        self._whole = with_parameters(simulator.scenario, pair.parameters)
        alone = simulator.without_travellers
        there = {
            path: v for path, v in pair.parameters.items() if value_at(alone, path) is not None
        }
        self._alone = with_parameters(alone, there)

    def whole(
        self, state: LocalState, at_least: float = -np.inf, offset: FloatArray | float = 0.0
    ) -> IntArray | None:
        """Return the counts of the whole world; see ``LocalSimulator.counted``."""
        return self.simulator.counted(self._whole, self.pair, state, at_least, offset)

    def alone(
        self, state: LocalState, at_least: float = -np.inf, offset: FloatArray | float = 0.0
    ) -> IntArray | None:
        """Return the counts of the same world in which nobody travels, up to the last local one."""
        return self.simulator.counted(self._alone, self.pair, state, at_least, offset)

    def history(self, state: LocalState) -> IntArray:
        """Return the counts of the whole world, however they agree, shape (columns, days)."""
        counts = self.whole(state)
        assert counts is not None
        return counts

    def stand_in(self, state: LocalState) -> IntArray:
        """Return the counts of the world in which nobody travels, however they agree."""
        counts = self.alone(state)
        assert counts is not None
        return counts


def _without_travellers(scenario: Scenario) -> Scenario:
    """Return a world in which nobody sets out; residents have the same random numbers."""
    demand: Demand = scenario.travellers.demand
    if isinstance(demand, TableDemand):
        nobody = demand.per_day[0].model_copy(update={"count": 0.0})
        demand = demand.model_copy(update={"per_day": (nobody,)})
    elif isinstance(demand, CohortDemand):
        demand = demand.model_copy(update={"people": 0})
    travellers = scenario.travellers.model_copy(update={"pool": 0, "demand": demand})
    return scenario.without(("border",)).model_copy(update={"travellers": travellers})


def _log_kernel_of(statistics: Sequence[SummaryStatistic], sums: FloatArray) -> float:
    misses = [statistic.misses(sums[number]) for number, statistic in enumerate(statistics)]
    return float(log_kernel_of(np.array(misses)))
