"""The fit: from targets and priors to an ensemble of parameters and seeds.

Reference runs teach an emulator; its approximate posterior gives every chain a start, with the
best of some seeds and parameters corrected for it. Chains under several tolerances, which exchange
their states, lead to the posterior; states of the chains at tolerance 1 are the ensemble.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import TypeVar

import numpy as np

from calibration.chains import PRECISION, State, is_stuck, under_own_seeds
from calibration.emulator import Emulator
from calibration.ladders import Ladder, Schedule, advance, begin, tolerance_of
from calibration.moves import Guide
from calibration.reach import refuse_beyond, refuse_far_beyond, refuse_stuck
from calibration.reference_runs import ReferenceRuns, run_reference
from calibration.simulator import Point, Simulator
from calibration.stages import Stage, generator
from calibration.task_runner import TaskRunner
from sim.experiment.run_store import Arrays, RunKey
from sim.world.draws import FloatArray, Stream

T = TypeVar("T")

_POPULATION = 600
"""Points that explore the emulator's posterior; starts and proposals are drawn from them."""

_ROUND = 10
"""Moves of a ladder between two saves, at most."""


@dataclass(frozen=True)
class Budget:
    """What a fit may cost.

    Attributes:
        runs: reference runs.
        members: pairs in the ensemble; each ladder of chains gives ``schedule.kept``.
        schedule: how long the ladders go on.
    """

    runs: int = 8000
    members: int = 1080
    schedule: Schedule = field(default_factory=Schedule)

    @property
    def ladders(self) -> int:
        """Ladders that give so many members."""
        return -(-self.members // self.schedule.kept)


@dataclass(frozen=True)
class Fit:
    """A finished fit.

    Attributes:
        simulator: what was run, and compared with what.
        emulator: what the reference runs taught.
        reference: draws from its approximate posterior, shape (members, parameters).
        starts: of all chains.
        pairs: states that make the ensemble, each under a seed of its own.
        above: tolerance of new starts.
        ladders: how many there were.
    """

    simulator: Simulator
    emulator: Emulator
    reference: FloatArray
    starts: list[State]
    pairs: list[State]
    above: float
    ladders: int


def fit(simulator: Simulator, root: int, budget: Budget, at: TaskRunner) -> Fit:
    """Fit ``simulator`` to its observation.

    The result depends on the arguments alone: not on workers, nor on what was in the store.

    Args:
        simulator: the model, the priors and the observation.
        root: root seed: another one gives another ensemble from the same posterior.
        budget: what it may cost.
        at: where work is done and kept.

    Raises:
        Unreachable: the model cannot reach the counts; what is done is kept.
        WorkLost: a worker process was killed again and again; what is done is kept.
    """
    reference = run_reference(
        simulator, root, budget.runs, at, judge=lambda counts: refuse_far_beyond(simulator, counts)
    )
    refuse_beyond(simulator, reference.counts)
    fitted = fit_from(simulator, reference, root, budget, at)
    if len(stuck(fitted)) == len(fitted.pairs):
        refuse_stuck(simulator, reference.counts, np.stack([pair.counts for pair in fitted.pairs]))
    return fitted


def fit_from(
    simulator: Simulator, reference: ReferenceRuns, root: int, budget: Budget, at: TaskRunner
) -> Fit:
    """Fit ``simulator`` with reference runs that are there already; see ``fit``."""
    emulator = Emulator.of(simulator, reference.scores, reference.counts)
    rng = generator(root, Stage.EMULATED)
    observation = simulator.observation
    points = emulator.posterior(
        observation.summary, observation.summary_noise, _POPULATION, rng
    ).round(PRECISION)
    digest = _digest(simulator, root, budget, points)
    work = _LadderWork(simulator, root, budget, Guide(emulator, points), digest, at)
    begun = work.begin()
    first = [state for ladder in begun for state in ladder.states]
    above = tolerance_of(first, len(observation.statistics))
    kept = work.kept(begun, above)[: budget.members]
    return Fit(
        simulator,
        emulator,
        points[np.arange(budget.members) % len(points)],
        first,
        under_own_seeds(kept, root),
        above,
        budget.ladders,
    )


def distinct(states: list[State]) -> int:
    """Return how many different pairs of parameters and histories there are."""
    return len({(of.point.scores.tobytes(), of.counts.tobytes()) for of in states})


def stuck(fit: Fit) -> list[State]:
    """Return the pairs that agree too badly."""
    statistics = len(fit.simulator.observation.statistics)
    return [pair for pair in fit.pairs if is_stuck(pair, statistics)]


@dataclass(frozen=True)
class _LadderWork:
    """Moves ladders on, a round at a time, and keeps every round in the store."""

    simulator: Simulator
    root: int
    budget: Budget
    guide: Guide
    digest: str
    at: TaskRunner

    def begin(self) -> list[Ladder]:
        """Return every ladder at its starts."""
        work = partial(
            _begun, self.simulator, self.root, self.budget.schedule, self.guide, self.digest
        )
        numbers = list(range(self.budget.ladders))
        return self._done("starts", work, numbers, numbers, 0, (0, 1))

    def kept(self, ladders: list[Ladder], above: float) -> list[State]:
        """Return the states that are kept, all of one time together.

        Args:
            ladders: at their starts.
            above: tolerance of new starts.
        """
        schedule = self.budget.schedule
        ends = sorted({*range(_ROUND, schedule.moves, _ROUND), *schedule.kept_after})
        kept = []
        for done, until in enumerate(ends):
            work = partial(
                _advanced,
                self.simulator,
                self.root,
                above,
                schedule,
                self.guide,
                self.digest,
                until,
            )
            numbers = [ladder.number for ladder in ladders]
            ladders = self._done("chains", work, numbers, ladders, until, (done, len(ends)))
            if until in schedule.kept_after:
                kept += [ladder.lowest for ladder in ladders]
        return kept

    def _done(
        self,
        stage: str,
        work: Callable[[list[T]], dict[RunKey, Arrays]],
        numbers: list[int],
        tasks: Sequence[T],
        moves: int,
        part: tuple[int, int],
    ) -> list[Ladder]:
        """Return the ladders after some moves: those in the store, and the others when done."""
        keys = [_key(self.simulator, self.digest, number, moves) for number in numbers]
        before, parts = part
        there = self.at.finished(
            stage,
            work,
            dict(zip(keys, tasks, strict=True)),
            batch=1,
            before=before * len(keys),
            total=parts * len(keys),
        )
        return [
            _unpacked(number, moves, there[key]) for number, key in zip(numbers, keys, strict=True)
        ]


def _begun(
    simulator: Simulator,
    root: int,
    schedule: Schedule,
    guide: Guide,
    digest: str,
    numbers: list[int],
) -> dict[RunKey, Arrays]:
    return {
        _key(simulator, digest, number, 0): _packed(begin(simulator, root, number, schedule, guide))
        for number in numbers
    }


def _advanced(
    simulator: Simulator,
    root: int,
    above: float,
    schedule: Schedule,
    guide: Guide,
    digest: str,
    until: int,
    ladders: list[Ladder],
) -> dict[RunKey, Arrays]:
    return {
        _key(simulator, digest, ladder.number, until): _packed(
            advance(simulator, root, ladder, until, above, schedule, guide)
        )
        for ladder in ladders
    }


def _key(simulator: Simulator, digest: str, number: int, moves: int) -> RunKey:
    return RunKey(simulator.digest, digest, f"ladder {number} after {moves} moves")


def _digest(simulator: Simulator, root: int, budget: Budget, points: FloatArray) -> str:
    """Return a fingerprint of everything that decides how the chains move."""
    said = {
        "priors": [prior.model_dump(mode="json") for prior in simulator.priors],
        "pieces": [asdict(statistic) for statistic in simulator.observation.statistics],
        "root": root,
        "ladders": budget.ladders,  # they decide the tolerance of new starts
        "schedule": asdict(budget.schedule),
        "points": points.tolist(),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _packed(ladder: Ladder) -> Arrays:
    states = ladder.states
    seed_overrides = [
        (rung, int(stream), block, seed)
        for rung, state in enumerate(states)
        for (stream, block), seed in state.point.seed_overrides.items()
    ]
    return {
        "scores": np.stack([state.point.scores for state in states]),
        "seeds": np.array([state.point.seed for state in states]),
        "seed_overrides": np.array(seed_overrides, dtype=np.int64).reshape(-1, 4),
        "counts": np.stack([state.counts for state in states]),
        "agreements": np.array([state.log_kernel for state in states]),
        "starts": np.array([state.start for state in states]),
    }


def _unpacked(number: int, moves: int, arrays: Arrays) -> Ladder:
    seed_overrides: list[dict[tuple[Stream, int], int]] = [{} for _ in arrays["seeds"]]
    for rung, stream, block, seed in arrays["seed_overrides"].tolist():
        seed_overrides[rung][Stream(stream), block] = seed
    states = [
        State(Point(scores, int(seed), of), counts, float(log_kernel), int(begun))
        for scores, seed, of, counts, log_kernel, begun in zip(
            arrays["scores"],
            arrays["seeds"],
            seed_overrides,
            arrays["counts"],
            arrays["agreements"],
            arrays["starts"],
            strict=True,
        )
    ]
    return Ladder(number, tuple(states), moves)
