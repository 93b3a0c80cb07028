"""The fit: from targets and priors to an ensemble of parameters and seeds.

Reference runs teach an emulator; its approximate posterior gives every chain a start, with the
best of some seeds and parameters corrected for it; Metropolis moves on parameters and random
numbers lead the chains to the posterior, under a tolerance that falls to 1; those that are stuck
take over another's state once. The chains' last states are the ensemble.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

import numpy as np

from calibration.chains import (
    PRECISION,
    Chain,
    Schedule,
    advance,
    first_tolerance,
    is_stuck,
    replaced,
    start,
)
from calibration.emulator import Emulator
from calibration.moves import Guide
from calibration.reach import refuse_beyond, refuse_far_beyond, refuse_stuck
from calibration.reference_runs import ReferenceRuns, run_reference
from calibration.traveller_side import Point, TravellerSide
from calibration.work import Workplace
from sim.experiment.run_store import Arrays, RunKey
from sim.world.draws import FloatArray, Stream

_EMULATED = 3
"""Stage: tells random numbers of one root seed apart."""

_POPULATION = 300
"""Points that explore the emulator's posterior, at least."""

_ROUND = 20
"""Moves of a chain between two saves."""

_AHEAD = 2
"""Chains a task."""


@dataclass(frozen=True)
class Budget:
    """What a fit may cost.

    Attributes:
        runs: reference runs.
        members: chains, and so pairs in the ensemble.
        schedule: how long the chains go on.
    """

    runs: int = 6000
    members: int = 1000
    schedule: Schedule = field(default_factory=Schedule)


@dataclass(frozen=True)
class Fit:
    """A finished fit.

    Attributes:
        side: what was run, and held against what.
        emulator: what the reference runs taught.
        reference: draws from its approximate posterior, shape (members, parameters).
        starts: the chains before their first move.
        chains: the chains after their last one.
    """

    side: TravellerSide
    emulator: Emulator
    reference: FloatArray
    starts: list[Chain]
    chains: list[Chain]


def fit(side: TravellerSide, root: int, budget: Budget, at: Workplace) -> Fit:
    """Fit ``side`` to its observation.

    The result depends on the arguments alone: not on workers, nor on what was in the store.

    Args:
        side: the model, the priors and the observation.
        root: root seed: another one gives another ensemble from the same posterior.
        budget: what it may cost.
        at: where work is done and kept.

    Raises:
        Unreachable: the model cannot reach the counts; what is done is kept.
        WorkLost: a worker process was killed again and again; what is done is kept.
    """
    reference = run_reference(
        side, root, budget.runs, at, judge=lambda counts: refuse_far_beyond(side, counts)
    )
    refuse_beyond(side, reference.counts)
    fitted = fit_from(side, reference, root, budget, at)
    if len(stuck(fitted)) == len(fitted.chains):
        refuse_stuck(side, reference.counts, np.stack([chain.counts for chain in fitted.chains]))
    return fitted


def fit_from(
    side: TravellerSide, reference: ReferenceRuns, root: int, budget: Budget, at: Workplace
) -> Fit:
    """Fit ``side`` with reference runs that are there already; see ``fit``."""
    emulator = Emulator.of(side, reference.scores, reference.counts)
    rng = np.random.default_rng([root, _EMULATED])
    observation = side.observation
    points = emulator.posterior(
        observation.summary, observation.summary_noise, max(budget.members, _POPULATION), rng
    ).round(PRECISION)
    schedule, scores, pieces = budget.schedule, points[: budget.members], len(observation.pieces)
    digest = _digest(side, root, budget, points)
    work = _ChainWork(side, root, schedule, Guide(emulator, points), scores, digest, at)
    starts = work.begin()
    first = first_tolerance(starts, pieces)
    chains = work.advance(starts, schedule.moves, first)
    restarted = replaced(chains, pieces, root)
    changed = [chain for chain in restarted if chain.ancestor != chain.number]
    moved_on = {c.number: c for c in work.advance(changed, schedule.moves + schedule.again, first)}
    return Fit(side, emulator, scores, starts, [moved_on.get(c.number, c) for c in restarted])


def distinct(chains: list[Chain]) -> int:
    """Return how many different pairs of parameters and seeds there are."""
    return len({(c.point.scores.tobytes(), c.point.seed, str(c.point.refreshed)) for c in chains})


def stuck(fit: Fit) -> list[Chain]:
    """Return the chains that agree too badly in the end."""
    pieces = len(fit.side.observation.pieces)
    return [chain for chain in fit.chains if is_stuck(chain, pieces)]


@dataclass(frozen=True)
class _ChainWork:
    """Moves chains on, a round at a time, and keeps every round in the store."""

    side: TravellerSide
    root: int
    schedule: Schedule
    guide: Guide
    scores: FloatArray
    digest: str
    at: Workplace

    def begin(self) -> list[Chain]:
        """Return every chain at its start."""
        numbers = list(range(len(self.scores)))
        work = partial(_start_batch, self.side, self.root, self.schedule, self.guide, self.digest)
        keys = [_key(self.side, self.digest, number, 0) for number in numbers]
        there = self.at.get(keys)
        missing = [n for n, key in zip(numbers, keys, strict=True) if key not in there]
        tasks = [[(n, self.scores[n]) for n in part] for part in _parts(missing)]
        for results in self.at.do("starts", work, tasks, done=len(there), total=len(keys)):
            there |= results
        return [_unpacked(number, there[key]) for number, key in zip(numbers, keys, strict=True)]

    def advance(self, chains: list[Chain], until: int, tolerance: float) -> list[Chain]:
        """Return the chains after their moves up to number ``until``.

        Args:
            chains: where they stand.
            until: moves made afterwards.
            tolerance: of the first move of all.
        """
        if not chains:
            return []
        first = chains[0].moves
        for moves in range(first + _ROUND, until + _ROUND, _ROUND):
            chains = self._round(chains, min(moves, until), first, until, tolerance)
        return chains

    def _round(
        self, chains: list[Chain], until: int, first: int, last: int, tolerance: float
    ) -> list[Chain]:
        keys = {chain.number: _key(self.side, self.digest, chain.number, until) for chain in chains}
        there = self.at.get(keys.values())
        missing = [chain for chain in chains if keys[chain.number] not in there]
        work = partial(
            _advance_batch,
            self.side,
            self.root,
            self.schedule,
            tolerance,
            self.guide,
            self.digest,
            until,
        )
        before = (chains[0].moves - first) // _ROUND * len(chains)
        total = -(-(last - first) // _ROUND) * len(chains)
        done = before + len(there)
        stage = "chains" if first == 0 else "chains that were stuck"
        for results in self.at.do(stage, work, list(_parts(missing)), done=done, total=total):
            there |= results
        return [_unpacked(chain.number, there[keys[chain.number]]) for chain in chains]


def _parts(items: list[Any]) -> list[list[Any]]:
    return [items[i : i + _AHEAD] for i in range(0, len(items), _AHEAD)]


def _start_batch(
    side: TravellerSide,
    root: int,
    schedule: Schedule,
    guide: Guide,
    digest: str,
    tasks: list[tuple[int, FloatArray]],
) -> dict[RunKey, Arrays]:
    return {
        _key(side, digest, number, 0): _packed(start(side, root, number, scores, schedule, guide))
        for number, scores in tasks
    }


def _advance_batch(
    side: TravellerSide,
    root: int,
    schedule: Schedule,
    tolerance: float,
    guide: Guide,
    digest: str,
    until: int,
    chains: list[Chain],
) -> dict[RunKey, Arrays]:
    return {
        _key(side, digest, chain.number, until): _packed(
            advance(side, root, chain, until, partial(schedule.tolerance_at, tolerance), guide)
        )
        for chain in chains
    }


def _key(side: TravellerSide, digest: str, number: int, moves: int) -> RunKey:
    return RunKey(side.digest, digest, f"chain {number} after {moves} moves")


def _digest(side: TravellerSide, root: int, budget: Budget, scores: FloatArray) -> str:
    """Return a fingerprint of everything that decides how the chains move."""
    said = {
        "priors": [prior.model_dump(mode="json") for prior in side.priors],
        "pieces": [asdict(piece) for piece in side.observation.pieces],
        "root": root,
        "schedule": asdict(budget.schedule),
        "scores": scores.tolist(),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]


def _packed(chain: Chain) -> Arrays:
    refreshed = [(int(s), b, seed) for (s, b), seed in chain.point.refreshed.items()]
    return {
        "scores": chain.point.scores,
        "seed": np.array(chain.point.seed),
        "refreshed": np.array(refreshed, dtype=np.int64).reshape(-1, 3),
        "counts": chain.counts,
        "agreement": np.array(chain.agreement),
        "tally": np.array([chain.moves, *chain.accepted, chain.ancestor]),
    }


def _unpacked(number: int, arrays: Arrays) -> Chain:
    refreshed = {(Stream(s), b): seed for s, b, seed in arrays["refreshed"].tolist()}
    moves, parameters, luck, ancestor = arrays["tally"].tolist()
    return Chain(
        number,
        Point(arrays["scores"], int(arrays["seed"]), refreshed),
        arrays["counts"],
        float(arrays["agreement"]),
        moves,
        (parameters, luck),
        ancestor,
    )
