"""Ways to lead chains to the counts of the articles, each with the same number of model runs.

    python -m benchmarks.chain_methods

Compared are a list of tolerances with the proposals of plain Metropolis moves (as the fit had it
before), a tolerance that falls from the distance of corrected starts, proposals of parameters that
the emulator screens, a tolerance of each chain's own that follows its distance, sequential Monte
Carlo with resampling, and ladders (the fit): without new starts above them, with half and twice as
many moves, and with blocks of random numbers whose size follows acceptance. A row per method: how
far its states are from the counts, how many of them noise does not explain, and from how many
starts they come. Written to ``benchmarks/chain_methods.csv``.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd

from calibration import chains, moves
from calibration.chains import State, is_stuck, move, start
from calibration.emulator import Emulator
from calibration.ladders import Schedule, advance, begin, tolerance_of
from calibration.moves import Guide
from calibration.reference_runs import run_reference
from calibration.simulator import Point, Simulator
from calibration.synthetic import shipped_case
from calibration.task_runner import TaskRunner
from sim.experiment.run_store import RunStore
from sim.world.draws import FloatArray, IntArray

_PER_CHAIN = 110
"""Runs of a chain, as the fit had before it had ladders."""


class CountingSimulator(Simulator):
    """A simulator that counts its runs."""

    runs = 0

    def history_within(self, point: Point, at_least: float) -> tuple[IntArray, float] | None:
        """Return the history of a point if it agrees well enough; see ``Simulator``."""
        self.runs += 1
        return super().history_within(point, at_least)


@dataclass
class Trial:
    """One method with its budget.

    Attributes:
        simulator: the model; it counts its runs.
        guide: what proposals follow.
        runs: that the method may use.
        root: seed of everything.
    """

    simulator: CountingSimulator
    guide: Guide
    runs: int
    root: int

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng([self.root, 1])
        self.statistics = len(self.simulator.observation.statistics)

    @property
    def spent(self) -> float:
        """Share of the budget that is used up."""
        return self.simulator.runs / self.runs

    def begun(self, seeds: int, corrections: int) -> list[State]:
        """Return as many new starts as there are chains."""
        numbers = range(self.runs // _PER_CHAIN)
        return [start(self.simulator, self.rng, n, self.guide, seeds, corrections) for n in numbers]

    def moved(self, states: list[State], tolerances: list[float]) -> list[State]:
        """Return the states after a move each."""
        pairs = zip(states, tolerances, strict=True)
        return [move(self.simulator, self.rng, *of, self.guide) for of in pairs]

    def falling(self, states: list[State], first: float, end: float) -> list[State]:
        """Return the states after a tolerance that falls to 1 at ``end``, and has stayed there."""
        while self.spent < 1:
            tolerance = first ** max(0.0, 1.0 - self.spent / end)
            states = self.moved(states, [tolerance] * len(states))
        return states


def by_list(trial: Trial) -> list[State]:
    """Fall from 2 to 1 in the first third, from the best of 16 seeds."""
    return trial.falling(trial.begun(16, 0), 2.0, 1 / 3)


def from_corrected_starts(trial: Trial) -> list[State]:
    """Fall from the tolerance of starts whose parameters are corrected."""
    states = trial.begun(3, 6)
    return trial.falling(states, tolerance_of(states, trial.statistics), 0.8)


def by_own_tolerance(trial: Trial) -> list[State]:
    """Give every chain the tolerance of the smallest distance that it has come to."""
    states = trial.begun(3, 6)
    own = [np.inf] * len(states)
    while trial.spent < 1:
        own = [
            min(last, tolerance_of([state], trial.statistics))
            for last, state in zip(own, states, strict=True)
        ]
        states = trial.moved(states, own)
    return states


def by_resampling(trial: Trial) -> list[State]:
    """Sequential Monte Carlo: weights stay worth 60 % of the chains when the tolerance falls."""
    states = trial.begun(3, 6)
    tolerance = tolerance_of(states, trial.statistics)
    while trial.spent < 1:
        for _ in range(4):
            states = trial.moved(states, [tolerance] * len(states))
        if tolerance > 1:
            candidates = np.linspace(1.0, tolerance, 200)
            weights = [_weights(states, tolerance, after) for after in candidates]
            even = [1 / np.square(of).sum() >= 0.6 * len(states) for of in weights]
            found = int(np.argmax(even))  # the last one always is
            places = (trial.rng.random() + np.arange(len(states))) / len(states)
            picked = np.searchsorted(np.cumsum(weights[found]), places)
            states = [states[min(int(i), len(states) - 1)] for i in picked]
            tolerance = float(candidates[found])
    return states


def _weights(states: list[State], before: float, after: float) -> FloatArray:
    logs = np.array([state.log_kernel for state in states]) * (after**-2 - before**-2)
    weights: FloatArray = np.exp(logs - logs.max())
    weights /= weights.sum()
    return weights


def by_ladders(trial: Trial, **changes: int) -> list[State]:
    """Let ten ladders go on as long as the schedule says, whatever that costs."""
    schedule = replace(Schedule(), **changes)
    simulator, guide, kept = trial.simulator, trial.guide, list[State]()
    ladders = [begin(simulator, trial.root, n, schedule, guide) for n in range(10)]
    above = tolerance_of([s for of in ladders for s in of.states], trial.statistics)
    for ladder in ladders:
        for until in schedule.kept_after:
            ladder = advance(simulator, trial.root, ladder, until, above, schedule, guide)
            kept.append(ladder.lowest)
    return kept


def by_adapted_blocks(trial: Trial) -> list[State]:
    """Give ladders blocks of random numbers as large as moves at their tolerance are accepted.

    A size is proposed in proportion to its expected jump: acceptance times blocks.
    """
    tried: dict[float, FloatArray] = {}
    accepted: dict[float, FloatArray] = {}

    def move_numbers(
        simulator: Simulator, rng: np.random.Generator, state: State, tolerance: float
    ) -> State:
        of = tried.setdefault(tolerance, np.full(len(_SIZES), 2.0))
        well = accepted.setdefault(tolerance, np.full(len(_SIZES), 1.0))
        jumps = well / of * _SIZES
        size = int(rng.choice(len(_SIZES), p=jumps / jumps.sum()))
        with patch.object(moves, "_BLOCKS_OF_ONE_STREAM", _SIZES[size : size + 1]):
            after = _plain_move_numbers(simulator, rng, state, tolerance)
        of[size] += 1
        well[size] += after is not state
        return after

    with patch.object(chains, "_move_numbers", move_numbers):
        return by_ladders(trial)


_SIZES = moves._BLOCKS_OF_ONE_STREAM
_plain_move_numbers = chains._move_numbers

_MOVES = Schedule().moves

METHODS: dict[str, tuple[Callable[[Trial], list[State]], bool]] = {
    "list of tolerances, best of 16 seeds": (by_list, False),
    "corrected starts": (from_corrected_starts, False),
    "corrected starts, screened proposals": (from_corrected_starts, True),
    "the same, tolerance of each chain's own": (by_own_tolerance, True),
    "the same, resampling (SMC)": (by_resampling, True),
    "ladders without new starts": (lambda trial: by_ladders(trial, renewed=10**6), True),
    "ladders with new starts (the fit)": (by_ladders, True),
    "the fit, block sizes by acceptance": (by_adapted_blocks, True),
    "the fit, half as many moves": (lambda trial: by_ladders(trial, moves=_MOVES // 2), True),
    "the fit, twice as many moves": (lambda trial: by_ladders(trial, moves=_MOVES * 2), True),
}
"""Methods by name, and whether the emulator screens their proposals."""


def described(method: str, trial: Trial, states: list[State]) -> dict[str, object]:
    """Return a row of the table."""
    return {
        "method": method,
        "runs": trial.simulator.runs,
        "states": len(states),
        "median_distance": float(np.median([-2 * state.log_kernel for state in states])),
        "stuck": sum(is_stuck(state, trial.statistics) for state in states),
        "starts": len({state.start for state in states}),
    }


def main() -> None:
    """Try every method and write the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=6500, help="of the model, as the ladders need")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--store", type=Path, default=Path("results/chain_methods.sqlite"))
    parser.add_argument("--out", type=Path, default=Path(__file__).with_suffix(".csv"))
    options = parser.parse_args()
    shipped = shipped_case().simulator
    options.store.parent.mkdir(parents=True, exist_ok=True)
    with RunStore.open(options.store, purpose="chain methods") as store:
        reference = run_reference(shipped, options.seed, 6000, TaskRunner(store))
    emulator = Emulator.of(shipped, reference.scores, reference.counts)
    observation, rows = shipped.observation, []
    rng = np.random.default_rng(options.seed)
    points = emulator.posterior(observation.summary, observation.summary_noise, 600, rng)
    for method, (run, screened) in METHODS.items():
        simulator = CountingSimulator(shipped.scenario, shipped.priors, observation)
        guide = (Guide if screened else _Unscreened)(emulator, points)
        trial = Trial(simulator, guide, options.runs, options.seed)
        # Without a screen every proposal is run: one per move, as in a plain Metropolis chain.
        with patch.object(chains, "_TRIES", chains._TRIES if screened else 1):
            rows.append(described(method, trial, run(trial)))
        print(rows[-1], flush=True)
    pd.DataFrame(rows).round(2).to_csv(options.out, index=False, lineterminator="\n")


class _Unscreened(Guide):
    """Proposes parameters of which the emulator rules out none."""

    def predicted_ratio(self, *of: object) -> float:
        """Return that nothing changes."""
        return 0.0


if __name__ == "__main__":
    main()
