"""Synthetic epidemics: known parameters, the history that they make, and what is reported of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np

from calibration.local_chains import LOCAL_STREAMS
from calibration.local_fit import local_side_of
from calibration.local_side import LocalSide, LocalState
from calibration.observation import COUNT_OFFSET, Column, Observation, Piece
from calibration.priors import Prior, Priors, read_priors, values_at
from calibration.reference_runs import prior_point
from calibration.stages import Stage, generator
from calibration.targets import ReportingNoise, Targets
from calibration.targets_file import read_targets
from calibration.traveller_side import SEEDS, Point, TravellerSide
from sim.experiment.ensemble import Member
from sim.experiment.parameters import value_at
from sim.scenario.loader import load_scenario
from sim.scenario.schema import Scenario
from sim.shipped import shipped_scenarios
from sim.world.draws import BLOCKS, FloatArray, IntArray

TOTAL_FACTOR, _PIECE_FACTOR = 2.0, 4.0
"""The last total and the local counts of a synthetic epidemic are reported within the first factor
of the observed ones, every piece of the travellers' counts (plus 5) within the second."""

_IN_VAIN = 5_000
"""Histories in a row of another order of size, after which no more are tried."""

TOTAL_SERIES = "imported_confirmed_cumulative"


@dataclass(frozen=True)
class Case:
    """What is fitted: a world, priors and counts.

    Attributes:
        scenario: the whole world.
        priors: of all parameters.
        targets: what was printed.
        side: the travellers' side, held against it.
        local: the local side, held against it; None if only the first stage is studied.
    """

    scenario: Scenario
    priors: Priors
    targets: Targets
    side: TravellerSide
    local: LocalSide | None = None

    @property
    def noise(self) -> ReportingNoise:
        """The reporting noise of synthetic counts."""
        return self.targets.reporting_noise

    @property
    def not_fitted(self) -> list[Prior]:
        """The parameters of the whole world that neither stage fits: they keep their priors."""
        fitted = {*self.side.priors, *(self.local.priors if self.local else ())}
        there = [p for p in self.priors.kept if value_at(self.scenario, p.path) is not None]
        return [prior for prior in there if prior not in fitted]


@dataclass(frozen=True)
class LocalTruth:
    """The local side of a synthetic epidemic.

    Attributes:
        scores: normal scores of the local parameters, shape (parameters,).
        counts: of the whole world, shape (columns of ``side``, days).
        side: the local side, held against what was reported.
    """

    scores: FloatArray
    counts: IntArray
    side: LocalSide


@dataclass(frozen=True)
class Truth:
    """A synthetic epidemic.

    Attributes:
        point: travellers' parameters and seeds.
        counts: its history, of the whole world if there is a local side, shape (columns, days).
        side: the travellers' side, held against what was reported.
        local: its local side, if that is studied.
    """

    point: Point
    counts: IntArray
    side: TravellerSide
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
        point = prior_point(case.side, generator(root, Stage.TRUTH, number))
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
        counts = case.side.history(point)
        return Truth(point, counts, _reported(case, counts, rng))
    local, kept = case.local, case.not_fitted
    values = values_at(kept, rng.standard_normal(len(kept)))
    pair = Member(point.seed, {**case.side.values_of(point), **values}, point.seed_overrides)
    seed = int(rng.integers(SEEDS))
    residents = {(stream, block): seed for stream in LOCAL_STREAMS for block in range(BLOCKS)}
    state = LocalState(rng.standard_normal(len(local.priors)), residents)
    whole = local.world_of(pair).history(state)
    counts = of_columns(whole, local.columns, case.side.columns)[:, : case.side.observation.days]
    side = _reported(case, counts, rng)
    pieces, sums = local.observation.pieces, local.local_sums(whole).tolist()
    low, high = np.array(
        [
            _reported_interval(piece, total, case.noise, rng)
            for piece, total in zip(pieces, sums, strict=True)
        ]
    ).T
    observed = local.observation.of_intervals(low, high, case.noise)
    return Truth(
        point,
        counts,
        side,
        LocalTruth(state.scores, whole, local.observing_both(observed, side.observation)),
    )


def of_columns(counts: IntArray, columns: Sequence[Column], wanted: Sequence[Column]) -> IntArray:
    """Return the ``wanted`` of the columns of ``counts``, shape (..., columns, days)."""
    return counts[..., [columns.index(column) for column in wanted], :]


def _reported(case: Case, counts: IntArray, rng: np.random.Generator) -> TravellerSide:
    """Return the travellers' side, held against its counts with reporting noise."""
    sums = case.side.sums(counts, case.side.observation.pieces)
    values = np.array([_noisy(value, case.noise, rng) for value in sums.tolist()])
    return case.side.observing(case.side.observation.of_intervals(values, values, case.noise))


def _noisy(value: float, noise: ReportingNoise, rng: np.random.Generator) -> float:
    return max(0.0, float(np.rint(rng.normal(value, noise.sd(value)))))


def _reported_interval(
    piece: Piece, total: float, noise: ReportingNoise, rng: np.random.Generator
) -> tuple[float, float]:
    """Return what is printed of a sum: a count, or an interval as wide as that of ``piece``.

    An interval has the same ratio of its ends, and the noisy count is anywhere in it, evenly on the
    scale of logarithms. So an interval is as likely with each count that it holds, as the kernel of
    the fit has it; if the count were always in the middle, it would give the count away.

    Raises:
        ValueError: the piece has no upper or no lower end.
    """
    value = _noisy(total, noise, rng)
    if piece.low == piece.high:
        return value, value
    if not (piece.low > 0 and np.isfinite(piece.high)):
        raise ValueError(f"{piece.label}: synthetic counts need a count, or an interval above 0")
    ratio = piece.high / piece.low
    low = value * ratio ** -rng.random()
    return float(np.floor(low)), float(np.ceil(low * ratio))


def _travellers_similar(case: Case, made: Truth) -> bool:
    """Tell whether the travellers' counts are reported in the observed order of size."""
    pairs = zip(made.side.observation.pieces, case.side.observation.pieces, strict=True)
    return _within(TOTAL_FACTOR, observed_size(made.side), observed_size(case.side)) and all(
        _within(_PIECE_FACTOR, of.low + COUNT_OFFSET, piece.low + COUNT_OFFSET)
        for of, piece in pairs
    )


def _local_counts_similar(case: Case, made: Truth) -> bool:
    """Tell whether all local numbers are reported in the observed order of size."""
    if case.local is None or made.local is None:
        return True
    pairs = zip(made.local.side.observation.pieces, case.local.observation.pieces, strict=True)
    return all(
        _within(TOTAL_FACTOR, of.low, piece.low) for of, piece in pairs if piece.low == piece.high
    )


def _within(factor: float, value: float, observed: float) -> bool:
    return 1 / factor <= max(value, 1) / max(observed, 1) <= factor


def total_column(side: TravellerSide) -> Column:
    """Return the column of the cumulative count of the last target's place."""
    return side.observation.pieces[-1].terms[0].column[0], TOTAL_SERIES


def observed_size(side: TravellerSide) -> float:
    """Return the last cumulative count that was observed, from the pieces that make it up."""
    place, _ = total_column(side)
    of = {(place, "imported_confirmed_new"), (place, TOTAL_SERIES)}
    return sum(
        piece.low
        for piece in side.observation.pieces
        if all(term.column in of for term in piece.terms)
    )


def case_of(scenario: Scenario, targets: Targets, priors: Priors) -> Case:
    """Return a case with both of its sides."""
    side = TravellerSide(scenario, priors.fitted, Observation(targets, scenario.calendar))
    return Case(scenario, priors, targets, side, local_side_of(scenario, targets, priors))


def shipped_case() -> Case:
    """Return the shipped case, held against the articles."""
    scenario = load_scenario(shipped_scenarios() / "baseline.yaml")
    return case_of(scenario, read_targets(), read_priors())
