"""Whether the model can reach the counts, and what to say if it cannot.

A count is beyond reach if no run comes near it: not within the reporting noise, and not within
some factor either. The factor leaves room for the chains, which go farther into the tails of the
priors than runs drawn from them: it is large after runs that are drawn from the priors alone, and
two after those that were sent towards the counts. What passes both tests may still be impossible,
such as two counts of which each can be reached but not both: then no chain ends near the counts.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from calibration.observation import FARTHEST, SummaryStatistic, Term, log_count
from calibration.simulator import Simulator
from sim.world.draws import FloatArray, IntArray

_FAR, _NEAR = float(np.log(8)), float(np.log(2))
"""Logarithms of the factors, after runs from the priors alone and after all reference runs."""

_UPPER_HALVES = 2.0
"""After runs from the priors a count is in reach, too, that is not farther from their largest (or
smallest) count than this many times the distance of that from their median, in logarithms."""


@dataclass(frozen=True)
class Missed:
    """Something that was counted, and what the model gives instead.

    Attributes:
        id: of the target.
        message: what is asked, and the range of the runs, in one line.
    """

    id: str
    message: str


class Unreachable(Exception):
    """The model cannot reach the counts.

    Attributes:
        missed: the counts that are out of reach, each once.
    """

    def __init__(self, missed: Iterable[Missed]) -> None:
        self.missed = tuple(missed)
        super().__init__("\n".join(f"{of.id}: {of.message}" for of in self.missed))


def refuse_far_beyond(simulator: Simulator, counts: IntArray) -> None:
    """Refuse counts that are far from those of all runs from the priors.

    Args:
        simulator: what the runs are compared with.
        counts: of the runs, shape (runs, columns, days).

    Raises:
        Unreachable: at least one is.
    """

    def room(logs: FloatArray, *, above: bool) -> float:
        edge = float(logs.max() if above else logs.min())
        return max(_FAR, _UPPER_HALVES * abs(edge - float(np.median(logs))))

    _refuse(simulator, counts, "prior runs", room)


def refuse_beyond(simulator: Simulator, counts: IntArray) -> None:
    """Refuse counts that no reference run comes near; see ``refuse_far_beyond``."""
    _refuse(simulator, counts, "reference runs", lambda logs, above: _NEAR)


def refuse_stuck(simulator: Simulator, reference: IntArray, chains: IntArray) -> NoReturn:
    """Refuse counts from which all chains end too far away.

    Args:
        simulator: what the chains are compared with.
        reference: counts of the reference runs, shape (runs, columns, days).
        chains: counts where the chains ended, shape (chains, columns, days).
    """
    raise Unreachable(
        Missed(
            statistic.ids[0],
            f"{described(simulator, statistic, reference)} in {len(reference):,} reference runs "
            f"and {_range(simulator, statistic, chains)} in {len(chains):,} states of the chains, "
            "all of which are farther from the counts than reporting noise explains; do the counts "
            "contradict each other, or do the priors leave out what they need?",
        )
        for statistic in most_missed(simulator, chains)
    )


def most_missed(simulator: Simulator, counts: IntArray) -> list[SummaryStatistic]:
    """Return the statistics that most histories miss by more than the noise, or the most missed.

    Args:
        simulator: what the histories are compared with.
        counts: shape (histories, columns, days).
    """
    statistics = simulator.observation.statistics
    typical = np.median(simulator.misses(counts), axis=0)
    least = min(FARTHEST, float(typical.max()))
    misses = zip(statistics, typical.tolist(), strict=True)
    return [statistic for statistic, miss in misses if miss >= least]


def described(simulator: Simulator, statistic: SummaryStatistic, counts: IntArray) -> str:
    """Return what is asked and what histories give, such as ``...: 326 asked, 0 to 4``."""
    return f"{_asked(simulator, statistic)}, {_range(simulator, statistic, counts)}"


def _refuse(simulator: Simulator, counts: IntArray, runs: str, room: Callable[..., float]) -> None:
    single = _beyond(simulator, simulator.observation.single, counts, room)
    # A difference is to blame only where each of the two counts can be reached.
    missed = single or _beyond(simulator, simulator.observation.statistics, counts, room)
    if missed:
        raise Unreachable(
            Missed(
                statistic.ids[0],
                f"{described(simulator, statistic, counts)} in {len(counts):,} {runs}; "
                f"{_question(simulator, statistic, counts)}",
            )
            for statistic in missed
        )


def _beyond(
    simulator: Simulator,
    statistics: list[SummaryStatistic],
    counts: IntArray,
    room: Callable[..., float],
) -> list[SummaryStatistic]:
    sums = simulator.sums(counts, statistics)
    return [of for n, of in enumerate(statistics) if _is_beyond(of, sums[:, n], room)]


def _is_beyond(statistic: SummaryStatistic, sums: FloatArray, room: Callable[..., float]) -> bool:
    if statistic.misses(sums).min() <= FARTHEST:
        return False
    logs = log_count(sums)
    low, high = log_count(np.array([statistic.low, statistic.high])).tolist()
    return bool(
        low - logs.max() > room(logs, above=True) or logs.min() - high > room(logs, above=False)
    )


def _question(simulator: Simulator, statistic: SummaryStatistic, counts: IntArray) -> str:
    """Return what to look at first: the date if the count is one of another day."""
    if len(statistic.terms) > 1:
        return "are both counts right, and their dates?"
    by_day = counts[:, simulator.columns.index(statistic.terms[0].column)]
    another_day = bool(((by_day >= statistic.low) & (by_day <= statistic.high)).any())
    is_last = statistic.last_day == simulator.observation.days - 1
    if another_day:
        return "is the date right?"
    return "is the date right, and the count?" if is_last else "is the count right?"


def _asked(simulator: Simulator, statistic: SummaryStatistic) -> str:
    first, *others = statistic.terms
    name = " less ".join([_name(simulator, first), *(_name(simulator, other) for other in others)])
    if statistic.low == statistic.high:
        asked = _number(statistic.low)
    elif statistic.high == np.inf:
        asked = f"{_number(statistic.low)} or more"
    else:
        asked = f"{_number(statistic.low)} to {_number(statistic.high)}"
    return f"{name}: {asked} asked"


def _name(simulator: Simulator, term: Term) -> str:
    place, series = term.column
    date = simulator.scenario.calendar.start + dt.timedelta(days=term.day)
    return f"{place} {series} on {date.day} {date:%B}"


def _range(simulator: Simulator, statistic: SummaryStatistic, counts: IntArray) -> str:
    sums = simulator.sums(counts, [statistic])[:, 0]
    least, most = _number(float(sums.min())), _number(float(sums.max()))
    return least if least == most else f"{least} to {most}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,g}"
