"""Synthetic epidemics: known parameters, the history that they make, and what is reported of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from calibration.local_chains import LOCAL_STREAMS
from calibration.local_fit import local_simulator_of
from calibration.local_simulator import LocalSimulator, LocalState
from calibration.observation import COUNT_OFFSET, Column, Observation, SummaryStatistic
from calibration.priors import Prior, Priors, read_priors, values_at
from calibration.reference_runs import prior_point
from calibration.simulator import SEEDS, Point, Simulator
from calibration.stages import Stage, generator
from calibration.targets import ReportingNoise, Targets
from calibration.targets_file import read_targets
from sim.experiment.ensemble import Member
from sim.experiment.parameters import value_at
from sim.scenario.loader import load_scenario
from sim.scenario.schema import Scenario
from sim.shipped import shipped_scenarios
from sim.world.draws import BLOCKS, FloatArray, IntArray

TOTAL_FACTOR, _STATISTIC_FACTOR = 2.0, 4.0
"""The last total and the local counts of a synthetic epidemic are reported within the first factor
of the observed ones, every statistic of the travellers' counts (plus 5) within the second."""

_IN_VAIN = 100_000
"""Histories in a row of another order of size, after which no more are tried: half an hour of work.

The local side of some travellers needs several thousand: 1 of 70 in the shipped case.
"""

TOTAL_SERIES = "imported_confirmed_cumulative"


@dataclass(frozen=True)
class Case:
    """What is fitted: a world, priors and counts.

    Attributes:
        scenario: the whole world.
        priors: of all parameters.
        targets: what was printed.
        simulator: of the travellers, compared with it.
        local: that of the local side, compared with it; None if only the first stage is studied.
    """

    scenario: Scenario
    priors: Priors
    targets: Targets
    simulator: Simulator
    local: LocalSimulator | None = None

    @property
    def noise(self) -> ReportingNoise:
        """The reporting noise of synthetic counts."""
        return self.targets.reporting_noise

    @property
    def not_fitted(self) -> list[Prior]:
        """The parameters of the whole world that neither stage fits: they keep their priors."""
        fitted = {*self.simulator.priors, *(self.local.priors if self.local else ())}
        there = [p for p in self.priors.kept if value_at(self.scenario, p.path) is not None]
        return [prior for prior in there if prior not in fitted]


@dataclass(frozen=True)
class LocalTruth:
    """The local side of a synthetic epidemic.

    Attributes:
        scores: normal scores of the local parameters, shape (parameters,).
        counts: of the whole world, shape (columns of ``simulator``, days).
        simulator: of the local side, compared with what was reported.
    """

    scores: FloatArray
    counts: IntArray
    simulator: LocalSimulator


@dataclass(frozen=True)
class Truth:
    """A synthetic epidemic.

    Attributes:
        point: travellers' parameters and seeds.
        counts: its history, of the whole world if there is a local side, shape (columns, days).
        simulator: of the travellers, compared with what was reported.
        local: its local side, if that is studied.
    """

    point: Point
    counts: IntArray
    simulator: Simulator
    local: LocalTruth | None = None


def truths(case: Case, root: int) -> Iterator[Truth]:
    """Yield synthetic epidemics whose reported counts resemble the observed ones.

    What is reported decides, and not what happened: ranks of a truth stay uniform if data sets are
    selected by their data. Local parameters are drawn until the local counts have their size,
    with the travellers as they are, because the second stage is fitted given the first.

    Raises:
        ValueError: nearly no history is of that order of size.
    """
    rng = generator(root, Stage.SYNTHETIC)
    in_vain = 0
    for number in count():
        point = prior_point(case.simulator, generator(root, Stage.TRUTH, number))
        while True:
            in_vain += 1
            if in_vain > _IN_VAIN:
                raise ValueError(
                    f"none of {_IN_VAIN:,} histories in a row is of the observed order of size"
                )
            made = _made(case, point, rng)
            travellers_similar = _travellers_similar(case, made)
            accepted = travellers_similar and _local_counts_similar(case, made)
            if accepted:
                in_vain = 0
                yield made
            if accepted or not travellers_similar:
                break


def _made(case: Case, point: Point, rng: np.random.Generator) -> Truth:
    """Return what a point leads to, with a local side drawn from its priors."""
    if case.local is None:
        counts = case.simulator.history(point)
        return Truth(point, counts, _reported(case, counts, rng))
    local, kept = case.local, case.not_fitted
    values = values_at(kept, rng.standard_normal(len(kept)))
    pair = Member(point.seed, {**case.simulator.values_of(point), **values}, point.seed_overrides)
    seed = int(rng.integers(SEEDS))
    residents = {(stream, block): seed for stream in LOCAL_STREAMS for block in range(BLOCKS)}
    state = LocalState(rng.standard_normal(len(local.priors)), residents)
    whole = local.world_of(pair).history(state)
    counts = of_columns(whole, local.columns, case.simulator.columns)
    counts = counts[:, : case.simulator.observation.days]
    simulator = _reported(case, counts, rng)
    statistics, sums = local.observation.statistics, local.local_sums(whole).tolist()
    low, high = np.array(
        [
            _reported_interval(statistic, total, case.noise, rng)
            for statistic, total in zip(statistics, sums, strict=True)
        ]
    ).T
    observed = local.observation.of_intervals(low, high, case.noise)
    return Truth(
        point,
        counts,
        simulator,
        LocalTruth(state.scores, whole, local.observing_both(observed, simulator.observation)),
    )


def of_columns(counts: IntArray, columns: Sequence[Column], wanted: Sequence[Column]) -> IntArray:
    """Return the ``wanted`` of the columns of ``counts``, shape (..., columns, days)."""
    return counts[..., [columns.index(column) for column in wanted], :]


def _reported(case: Case, counts: IntArray, rng: np.random.Generator) -> Simulator:
    """Return the simulator of travellers, compared with these counts with reporting noise."""
    observation = case.simulator.observation
    sums = case.simulator.sums(counts, observation.statistics)
    values = np.array([_noisy(value, case.noise, rng) for value in sums.tolist()])
    return case.simulator.observing(observation.of_intervals(values, values, case.noise))


def _noisy(value: float, noise: ReportingNoise, rng: np.random.Generator) -> float:
    return max(0.0, float(np.rint(rng.normal(value, noise.sd(value)))))


def _reported_interval(
    statistic: SummaryStatistic, total: float, noise: ReportingNoise, rng: np.random.Generator
) -> tuple[float, float]:
    """Return what is printed of a sum: a count, or an interval as wide as that of ``statistic``.

    An interval has the same ratio of its ends, and the noisy count is anywhere in it, evenly on the
    scale of logarithms. So an interval is as likely with each count that it holds, as the kernel of
    the fit has it; if the count were always in the middle, it would give the count away.

    Raises:
        ValueError: the summary statistic has no upper or no lower end.
    """
    value = _noisy(total, noise, rng)
    if statistic.low == statistic.high:
        return value, value
    if not (statistic.low > 0 and np.isfinite(statistic.high)):
        label = statistic.label
        raise ValueError(f"{label}: synthetic counts need a count, or an interval above 0")
    ratio = statistic.high / statistic.low
    low = value * ratio ** -rng.random()
    return float(np.floor(low)), float(np.ceil(low * ratio))


def _travellers_similar(case: Case, made: Truth) -> bool:
    """Tell whether the travellers' counts are reported in the observed order of size."""
    one, other = made.simulator, case.simulator
    pairs = zip(one.observation.statistics, other.observation.statistics, strict=True)
    return _within(TOTAL_FACTOR, observed_size(one), observed_size(other)) and all(
        _within(_STATISTIC_FACTOR, of.low + COUNT_OFFSET, statistic.low + COUNT_OFFSET)
        for of, statistic in pairs
    )


def _local_counts_similar(case: Case, made: Truth) -> bool:
    """Tell whether all local numbers are reported in the observed order of size."""
    if case.local is None or made.local is None:
        return True
    one, other = made.local.simulator.observation, case.local.observation
    pairs = zip(one.statistics, other.statistics, strict=True)
    return all(
        _within(TOTAL_FACTOR, of.low, statistic.low)
        for of, statistic in pairs
        if statistic.low == statistic.high
    )


def _within(factor: float, value: float, observed: float) -> bool:
    return 1 / factor <= max(value, 1) / max(observed, 1) <= factor


def total_column(simulator: Simulator) -> Column:
    """Return the column of the cumulative count of the last target's place."""
    return simulator.observation.statistics[-1].terms[0].column[0], TOTAL_SERIES


def observed_size(simulator: Simulator) -> float:
    """Return the last cumulative count that was observed, from the statistics that make it up."""
    place, _ = total_column(simulator)
    of = {(place, "imported_confirmed_new"), (place, TOTAL_SERIES)}
    return sum(
        statistic.low
        for statistic in simulator.observation.statistics
        if all(term.column in of for term in statistic.terms)
    )


def case_of(scenario: Scenario, targets: Targets, priors: Priors) -> Case:
    """Return a case with the simulators of both stages."""
    simulator = Simulator(scenario, priors.fitted, Observation(targets, scenario.calendar))
    return Case(scenario, priors, targets, simulator, local_simulator_of(scenario, targets, priors))


def shipped_case() -> Case:
    """Return the shipped case, compared with the articles."""
    scenario = load_scenario(shipped_scenarios() / "baseline.yaml")
    return case_of(scenario, read_targets(), read_priors())
