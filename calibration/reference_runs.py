"""The reference table: runs with parameters from their priors, which teach the emulator.

The first third is drawn from the priors alone. The rest is drawn from them too, but only where
an emulator of the first third thinks that counts of the observed order of size are possible
(history matching: Vernon, Goldstein and Bower 2010, Bayesian Analysis 5:619). The emulator
describes counts given parameters, so leaving out parameters that cannot be right does not bias it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count, islice

import numpy as np

from calibration.emulator import Emulator
from calibration.observation import outside
from calibration.simulator import SEEDS, Point, Simulator
from calibration.stages import Stage, generator
from calibration.task_runner import TaskRunner
from sim.experiment.parameters import parameters_digest
from sim.experiment.run_store import Arrays, RunKey
from sim.world.draws import FloatArray, IntArray

_BATCH = 20
"""Runs a task."""

_CANDIDATES = 4096

_TRIED = 50
"""Times that so many candidates are drawn before counts that are farther away will do, too."""

_WINDOW = 1.0
"""Standard deviation, in logarithms, within which counts are of the observed order of size."""

_TOLERATED = 1.5
"""Standard deviations (of the window and of chance) that every count may be away."""


@dataclass(frozen=True)
class ReferenceRuns:
    """Runs that say how counts depend on parameters.

    Attributes:
        scores: normal scores of the parameters, shape (runs, parameters).
        counts: shape (runs, columns, days).
    """

    scores: FloatArray
    counts: IntArray


def run_reference(
    simulator: Simulator,
    root: int,
    runs: int,
    at: TaskRunner,
    judge: Callable[[IntArray], None] = lambda counts: None,
) -> ReferenceRuns:
    """Return the reference table of ``runs`` runs; those that are in the store are not run again.

    Args:
        simulator: the model, the priors and the observation.
        root: root seed of the fit.
        runs: how many.
        at: where they are run and kept.
        judge: is given the counts of the runs from the priors alone, shape (runs, columns, days),
            and may raise before the others are run.

    Raises:
        WorkLost: a worker process was killed again and again.
    """
    first = [prior_point(simulator, generator(root, Stage.PRIOR, n)) for n in range(runs // 3)]
    counts = _run(simulator, first, 0, runs, at)
    judge(counts)
    scores = np.array([point.scores for point in first])
    emulator = Emulator.of(simulator, scores, counts)
    plausible = plausible_points(simulator, emulator, root)
    rest = list(islice(plausible, runs - len(first)))
    more = _run(simulator, rest, len(first), runs, at)
    return ReferenceRuns(
        np.concatenate([scores, [point.scores for point in rest]]), np.concatenate([counts, more])
    )


def prior_point(simulator: Simulator, rng: np.random.Generator) -> Point:
    """Return one point drawn from the priors."""
    return Point(rng.standard_normal(len(simulator.priors)), int(rng.integers(SEEDS)))


def plausible_points(simulator: Simulator, emulator: Emulator, root: int) -> Iterator[Point]:
    """Yield points drawn from the priors where ``emulator`` does not rule out the observation.

    The window is around the observation rounded to half a logarithm: a count that is corrected a
    little needs no new runs. It becomes twice as wide from time to time, so that there are always
    enough points, however far the observation is from what the priors give.
    """
    low, high = simulator.observation.summary
    centre = np.round(low * 2) / 2, np.round(high * 2) / 2
    rng = generator(root, Stage.PLAUSIBLE)
    for batch in count():
        scores = rng.standard_normal((_CANDIDATES, len(simulator.priors)))
        seeds = rng.integers(SEEDS, size=_CANDIDATES).tolist()
        off = np.abs(outside(emulator.mean(scores), centre))
        away = off / np.hypot(emulator.residual_sd, _WINDOW)
        tolerated = _TOLERATED * 2.0 ** (batch // _TRIED)
        for number in np.flatnonzero(away.max(axis=1) < tolerated).tolist():
            yield Point(scores[number], seeds[number])


def _run(
    simulator: Simulator, points: list[Point], done: int, total: int, at: TaskRunner
) -> IntArray:
    """Return the counts of ``points``, shape (points, columns, days)."""
    tasks = {_key(simulator, point): point for point in points}
    work = partial(_run_batch, simulator)
    runs = at.finished("reference runs", work, tasks, batch=_BATCH, before=done, total=total)
    return np.stack([runs[_key(simulator, point)]["counts"] for point in points])


def _run_batch(simulator: Simulator, points: list[Point]) -> dict[RunKey, Arrays]:
    return {_key(simulator, point): {"counts": simulator.history(point)} for point in points}


def _key(simulator: Simulator, point: Point) -> RunKey:
    return RunKey(simulator.digest, parameters_digest(simulator.values_of(point)), str(point.seed))
