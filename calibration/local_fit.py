"""The second stage of a fit: the local side of every fitted history of the travellers.

Each pair of the simulated travellers is given local parameters and random numbers of its own, such
that it is one whole history that agrees with everything printed. Reference runs from the priors
of the local parameters say whether the counts can be reached, whether a run without travellers
can stand in for the whole world, and where chains may start; then every pair has a chain.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial

import numpy as np

from calibration.local_chains import (
    LocalHistory,
    LocalSchedule,
    fitted_local_history,
    is_away,
)
from calibration.local_simulator import LocalSimulator, LocalState
from calibration.observation import log_kernel_of
from calibration.priors import Priors, values_at
from calibration.reach import refuse_far_beyond, refuse_stuck
from calibration.simulator import SEEDS
from calibration.stages import Stage, generator
from calibration.targets import Targets
from calibration.task_runner import TaskRunner
from sim.experiment.ensemble import Ensemble, Member
from sim.experiment.fitted_periods import periods_of
from sim.experiment.parameters import value_at
from sim.experiment.run_store import Arrays, RunKey
from sim.scenario.schema import Scenario
from sim.world.draws import BLOCKS, FloatArray, IntArray, Stream

_COMPARED = 60
"""Reference runs that are run without travellers, too."""

_STANDS_IN = 0.8
"""A run without travellers stands in for the world if it explains this share of the variance of
every local count."""

_POPULATION = 300
"""Points from which chains start and propose."""

_LEAST = 100.0
"""Reference runs, in effect, that the tolerance of the starts leaves, at least."""

_BATCH, _PAIRS_A_TASK = 20, 2


@dataclass(frozen=True)
class LocalFit:
    """A finished second stage.

    Attributes:
        simulator: what was run, and compared with what.
        reference: counts of the reference runs, shape (runs, columns, days).
        stands_in: a run without travellers stood in for the whole world.
        starts: normal scores from which chains started, shape (n, parameters).
        histories: one per pair.
    """

    simulator: LocalSimulator
    reference: IntArray
    stands_in: bool
    starts: FloatArray
    histories: list[LocalHistory]


def fit_local(
    scenario: Scenario,
    targets: Targets,
    priors: Priors,
    ensemble: Ensemble,
    root: int,
    at: TaskRunner,
    schedule: LocalSchedule | None = None,
) -> LocalFit | None:
    """Fit the local side of every pair of ``ensemble``, if there are local counts to fit to.

    The result depends on the arguments alone: not on workers, nor on what was in the store.

    Args:
        scenario: the whole world that was fitted.
        targets: what was printed.
        priors: of all parameters.
        ensemble: the pairs; local parameters that they have are replaced.
        root: root seed of the fit.
        at: where work is done and kept.
        schedule: how long chains go on.

    Raises:
        Unreachable: the local side cannot reach the counts; what is done is kept.
        WorkLost: a worker process was killed again and again; what is done is kept.
    """
    if not targets.fitted(local=True):
        return None
    simulator = local_simulator_of(scenario, targets, priors)
    fitted = fit_local_from(
        simulator, ensemble, root, at, schedule, judge=partial(refuse_far_beyond, simulator)
    )
    if len(local_away(fitted)) == len(fitted.histories):
        ends = np.stack([history.counts for history in fitted.histories])
        refuse_stuck(simulator, fitted.reference, ends)
    return fitted


def local_simulator_of(scenario: Scenario, targets: Targets, priors: Priors) -> LocalSimulator:
    """Return the local side of a scenario, with the local parameters that it has."""
    local = [prior for prior in priors.local if value_at(scenario, prior.path) is not None]
    return LocalSimulator(scenario, local, targets)


def fit_local_from(
    simulator: LocalSimulator,
    ensemble: Ensemble,
    root: int,
    at: TaskRunner,
    schedule: LocalSchedule | None = None,
    judge: Callable[[IntArray], None] = lambda counts: None,
) -> LocalFit:
    """Fit a local side of every pair of ``ensemble``; see ``fit_local``.

    Args:
        simulator: what is run and compared with what.
        ensemble: the pairs.
        root: root seed of the fit.
        at: where work is done and kept.
        schedule: how long chains go on.
        judge: is given the counts of the reference runs, shape (runs, columns, days), and may
            raise before there are chains.
    """
    schedule = schedule or LocalSchedule()
    work = _LocalWork(simulator, root, schedule, ensemble.members, at)
    scores, counts, stands_in = work.reference_runs()
    judge(counts)
    starts = resampled(simulator, scores, counts, generator(root, Stage.LOCAL_RESAMPLED))
    histories = work.histories(starts, stands_in=stands_in)
    return LocalFit(simulator, counts, stands_in, starts, histories)


def whole_histories(ensemble: Ensemble, scenario: Scenario, fitted: LocalFit) -> Ensemble:
    """Return the pairs with their local sides.

    Args:
        ensemble: the pairs of the simulated travellers.
        scenario: the whole world that was fitted.
        fitted: the local side of each.
    """
    simulator = fitted.simulator
    members = [
        replace(
            pair,
            parameters={**pair.parameters, **values_at(simulator.priors, history.state.scores)},
            seed_overrides={**pair.seed_overrides, **history.state.seed_overrides},
        )
        for pair, history in zip(ensemble.members, fitted.histories, strict=True)
    ]
    values = {prior.path: value_at(scenario, prior.path) for prior in simulator.priors}
    there = {path: value for path, value in values.items() if value is not None}
    provenance = {
        **ensemble.provenance,
        "local_reference_runs": len(fitted.reference),
        "local_chains": sum(history.attempts for history in fitted.histories),
        "local_stuck": len(local_away(fitted)),
    }
    base = {**ensemble.base, **there}
    return Ensemble(tuple(members), base, provenance, periods_of(scenario, base))


def has_local_side(ensemble: Ensemble) -> bool:
    """Tell whether the pairs are whole histories, fitted to local counts too."""
    return "local_chains" in ensemble.provenance


def local_away(fitted: LocalFit) -> list[LocalHistory]:
    """Return the histories whose local counts agree too badly in the end."""
    return [history for history in fitted.histories if is_away(fitted.simulator, history)]


def resampled(
    simulator: LocalSimulator, scores: FloatArray, counts: IntArray, rng: np.random.Generator
) -> FloatArray:
    """Return scores of reference runs, each as often as its local counts agree.

    The tolerance is the smallest power of two at which enough runs agree: approximate Bayesian
    computation by importance sampling from the prior.

    Args:
        simulator: what the runs are compared with.
        scores: of the runs, shape (runs, parameters).
        counts: shape (runs, columns, days).
        rng: random numbers.

    Returns:
        Shape (``_POPULATION``, parameters).
    """
    kernel = log_kernel_of(simulator.misses(counts))
    tolerance = 1.0
    while True:
        weights = np.exp((kernel - kernel.max()) / tolerance**2)
        weights /= weights.sum()
        if 1.0 / np.square(weights).sum() >= min(_LEAST, len(scores) / 2):
            return scores[rng.choice(len(scores), size=_POPULATION, p=weights)]
        tolerance *= 2


def explains(simulator: LocalSimulator, whole: IntArray, without: IntArray) -> bool:
    """Tell whether runs without travellers explain how local counts of the world differ.

    Args:
        simulator: what was run.
        whole: counts of runs of the whole world, shape (runs, columns, days).
        without: of the same ones without travellers.
    """
    of_world, alone = simulator.local_sums(whole), simulator.local_sums(without)
    unexplained = (of_world - alone).var(axis=0)
    return bool((unexplained <= (1 - _STANDS_IN) * of_world.var(axis=0)).all())


@dataclass(frozen=True)
class _LocalWork:
    """Runs and chains of the second stage, each kept in the store."""

    simulator: LocalSimulator
    root: int
    schedule: LocalSchedule
    pairs: Sequence[Member]
    at: TaskRunner

    def reference_runs(self) -> tuple[FloatArray, IntArray, bool]:
        """Return the reference runs, and whether a run without travellers can stand in.

        The first ones are run both ways. If one can stand in for the other, the rest is run
        without travellers, and has what these add on average.

        Returns:
            Normal scores, shape (runs, parameters); counts, shape (runs, columns, days).
        """
        first = min(_COMPARED, self.schedule.runs)
        runs, stage = self.schedule.runs, "local reference runs"
        whole = self._run("whole", range(first), stage, runs)
        alone = self._run("alone", range(first), f"{stage} without travellers", first)
        stands_in = explains(self.simulator, whole, alone)
        rest = self._run("alone" if stands_in else "whole", range(first, runs), stage, runs)
        days = min(whole.shape[2], rest.shape[2])
        whole, alone, rest = whole[..., :days], alone[..., :days], rest[..., :days]
        if stands_in:
            rest = rest + np.rint((whole - alone).mean(axis=0)).astype(rest.dtype)
        numbers = range(self.schedule.runs)
        scores = np.stack([_prior_state(self.simulator, self.root, n).scores for n in numbers])
        return scores, np.concatenate([whole, rest]), stands_in

    def _run(self, world: str, numbers: range, stage: str, total: int) -> IntArray:
        """Return the counts of some reference runs, shape (runs, columns, days)."""
        keys = [self._key(f"local reference {n}, {world}", n) for n in numbers]
        tasks = {key: (n, key) for n, key in zip(numbers, keys, strict=True)}
        work = partial(_run_reference, self.simulator, self.root, self.pairs, world)
        runs = self.at.finished(stage, work, tasks, batch=_BATCH, before=numbers.start, total=total)
        shape = (0, len(self.simulator.columns), self.simulator.observation.days)
        return np.stack([runs[key]["counts"] for key in keys]) if keys else np.zeros(shape, int)

    def histories(self, starts: FloatArray, *, stands_in: bool) -> list[LocalHistory]:
        """Return the local side of every pair."""
        statistics = [*self.simulator.observation.statistics, *self.simulator.travellers.statistics]
        said = {
            "pieces": [asdict(statistic) for statistic in statistics],
            "starts": hashlib.sha256(starts.tobytes()).hexdigest(),
            "schedule": asdict(self.schedule),
            "stands_in": stands_in,
        }
        keys = [self._key(f"local side {n}", n, **said) for n in range(len(self.pairs))]
        tasks = {key: (n, self.pairs[n], key) for n, key in enumerate(keys)}
        work = partial(
            _run_chains, self.simulator, self.root, starts, self.schedule, stands_in=stands_in
        )
        done = self.at.finished("local side of the pairs", work, tasks, batch=_PAIRS_A_TASK)
        return [_unpacked(done[key]) for key in keys]

    def _key(self, what: str, number: int, **more: object) -> RunKey:
        """Return where a result is kept, which everything that decides it has a part in."""
        pair = self.pairs[number % len(self.pairs)]
        said = {
            "what": what,
            "root": self.root,
            "priors": [prior.model_dump(mode="json") for prior in self.simulator.priors],
            "columns": self.simulator.columns,
            "parameters": dict(pair.parameters),
            "seed_overrides": [[int(s), b, seed] for (s, b), seed in pair.seed_overrides.items()],
            **more,
        }
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]
        return RunKey(self.simulator.digest, digest, str(pair.seed))


def _prior_state(simulator: LocalSimulator, root: int, number: int) -> LocalState:
    """Return a state drawn from the priors, with its own residents in every role."""
    rng = generator(root, Stage.LOCAL_PRIOR, number)
    scores, seed = rng.standard_normal(len(simulator.priors)), int(rng.integers(SEEDS))
    return LocalState(scores, {(Stream.RESIDENT_SHUFFLE, block): seed for block in range(BLOCKS)})


def _run_reference(
    simulator: LocalSimulator,
    root: int,
    pairs: Sequence[Member],
    world: str,
    tasks: list[tuple[int, RunKey]],
) -> dict[RunKey, Arrays]:
    results: dict[RunKey, Arrays] = {}
    for number, key in tasks:
        state = _prior_state(simulator, root, number)
        of = simulator.world_of(pairs[number % len(pairs)])
        results[key] = {"counts": of.history(state) if world == "whole" else of.stand_in(state)}
    return results


def _run_chains(
    simulator: LocalSimulator,
    root: int,
    starts: FloatArray,
    schedule: LocalSchedule,
    tasks: list[tuple[int, Member, RunKey]],
    *,
    stands_in: bool,
) -> dict[RunKey, Arrays]:
    return {
        key: _packed(
            fitted_local_history(
                simulator,
                root,
                number,
                simulator.world_of(pair),
                starts,
                schedule,
                stands_in=stands_in,
            )
        )
        for number, pair, key in tasks
    }


def _packed(history: LocalHistory) -> Arrays:
    seed_overrides = [(int(s), b, seed) for (s, b), seed in history.state.seed_overrides.items()]
    return {
        "scores": history.state.scores,
        "seed_overrides": np.array(seed_overrides, dtype=np.int64).reshape(-1, 3),
        "counts": history.counts,
        "log_kernel": np.array(history.log_kernel),
        "tally": np.array([*history.tried, *history.accepted, history.attempts]),
    }


def _unpacked(arrays: Arrays) -> LocalHistory:
    seed_overrides = {(Stream(s), b): seed for s, b, seed in arrays["seed_overrides"].tolist()}
    *tallies, attempts = arrays["tally"].tolist()
    first, second, third, *accepted = tallies
    state = LocalState(arrays["scores"], seed_overrides)
    return LocalHistory(
        state,
        arrays["counts"],
        float(arrays["log_kernel"]),
        (first, second, third),
        (accepted[0], accepted[1], accepted[2]),
        attempts,
    )
