"""Consistency of numbers within distributions, curves and tables, anywhere in a scenario."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, RootModel

from sim.scenario.disease import (
    ConstantInfectiousness,
    DensityTable,
    Disease,
    Infectiousness,
    TablePcr,
)
from sim.scenario.distributions import Gamma, GammaQuantiles, Table, Uniform, Weibull
from sim.scenario.reading.errors import Loc
from sim.scenario.reading.validation import Finding
from sim.scenario.schema import Calendar, Scenario
from sim.scenario.source import CohortSource, CountsCurve, CourseTiming, TableDemand, UniformTiming

_LONGEST_GAP = 330
"""Longest gap in days between counts of a curve; a longer one suggests a wrong year."""

_FASTEST, _SLOWEST = 1.01, 1e4
"""Ratios of two Gamma quantiles that are distinguishable from the limiting cases."""


def check_numbers(scenario: Scenario) -> Iterator[Finding]:
    """Yield inconsistencies among numbers."""
    yield from _check_asymptomatic(scenario.disease)
    for loc, part in _parts(scenario, ()):
        match part:
            case Uniform(low=low, high=high) if low > high:
                yield Finding((*loc, "high"), "the upper bound is below the lower bound")
            case GammaQuantiles():
                yield from _check_gamma(loc, part)
            case Table():
                yield from _check_table(loc, part)
            case Infectiousness():
                yield from _check_infectiousness(loc, part)
            case DensityTable():
                yield from _check_density(loc, part)
            case TablePcr():
                yield from _check_pcr(loc, part)
            case CountsCurve():
                yield from _check_curve(loc, part, scenario.calendar)
            case TableDemand(per_day=rows) if not _increase([row.date for row in rows]):
                yield Finding((*loc, "per_day"), "the dates do not increase")
            case CohortSource():
                yield from _check_cohort(loc, part, scenario.disease)
            case _:
                pass


def _check_asymptomatic(disease: Disease) -> Iterator[Finding]:
    for field, most in (("asymptomatic_share", 1), ("asymptomatic_infectiousness", 100)):
        value = getattr(disease, field)
        if isinstance(value, float) and not 0 <= value <= most:
            yield Finding(
                ("disease", field), "out of range", allowed=f"0 to {most}", got=f"{value:g}"
            )


def _parts(value: Any, loc: Loc) -> Iterator[tuple[Loc, BaseModel]]:
    """Yield every part of a scenario with its location in a file."""
    if isinstance(value, BaseModel) and not isinstance(value, RootModel):
        yield loc, value
        for name, field in type(value).model_fields.items():
            yield from _parts(getattr(value, name), (*loc, field.alias or name))
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _parts(inner, (*loc, name))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _parts(inner, (*loc, index))


def _increase(values: Sequence[Any]) -> bool:
    return all(a < b for a, b in pairwise(values))


def _check_gamma(loc: Loc, gamma: GammaQuantiles) -> Iterator[Finding]:
    if not 0 < gamma.shares[0] < gamma.shares[1] < 1:
        yield Finding(
            (*loc, "shares"), "not two shares in order", allowed="above 0 and below 1, ascending"
        )
    if gamma.times[0] <= 0 or not _FASTEST < gamma.times[1] / gamma.times[0] < _SLOWEST:
        yield Finding(
            (*loc, "times"),
            "no Gamma distribution has these quantiles",
            allowed="two durations above 0, the second one clearly longer",
        )


def _check_table(loc: Loc, of: Table) -> Iterator[Finding]:
    yield from _check_lengths(loc, "times", of.times, "shares", of.shares)
    if of.shares[0] != 0 or of.shares[-1] != 1 or not _increase(of.shares):
        yield Finding((*loc, "shares"), "the shares do not increase from 0 to 1")
    if any(b < a for a, b in pairwise(of.times)):
        yield Finding((*loc, "times"), "the times decrease")


def _check_lengths(
    loc: Loc, name: str, values: Sequence[float], of: str, others: Sequence[float]
) -> Iterator[Finding]:
    if len(values) != len(others):
        yield Finding(
            (*loc, name),
            f"one value is needed for each of the {of}",
            allowed=f"{len(others)} values",
            got=f"{len(values)} values",
        )


def _check_infectiousness(loc: Loc, infectiousness: Infectiousness) -> Iterator[Finding]:
    low, high = infectiousness.window
    if low >= high:
        yield Finding(
            (*loc, "window"), "the lower quantile is not below the upper", got=f"{low}, {high}"
        )
    profile = infectiousness.profile
    if isinstance(profile, Gamma | Weibull) and profile.shape < 1:
        yield Finding(
            (*loc, "profile", "shape"),
            "the density of infectiousness has no peak",
            allowed=">= 1",
            got=str(profile.shape),
        )
    if isinstance(profile, ConstantInfectiousness) and _lasts_no_time(profile):
        yield Finding((*loc, "profile", "lasts"), "nobody is infectious for any time")


def _check_curve(loc: Loc, curve: CountsCurve, calendar: Calendar) -> Iterator[Finding]:
    rows = curve.counts
    for number, (before, row) in enumerate(pairwise(rows), 1):
        here = (*loc, "counts", number)
        if row.date <= before.date or row.count < before.count:
            yield Finding(
                here,
                "dates must increase and counts must not decrease",
                allowed=f"after {before.date}, and {before.count:.15g} or more",
                got=f"{row.date}, {row.count:.15g}",
            )
            return
        days = (row.date - before.date).days
        if days > _LONGEST_GAP and row.count > before.count:
            yield Finding(
                here,
                f"{days} days after the count before; is the year right? (In between, counts "
                "grow by the same number every day.)",
                allowed=f"at most {_LONGEST_GAP} days between two different counts",
                got=str(row.date),
            )
            return
    first, last = rows[0].date, rows[-1].date
    if first.year > calendar.end.year or last.year < calendar.start.year:
        yield Finding(
            (*loc, "counts", 0),
            "no count is of a year of the calendar, so nobody would be infected",
            allowed=f"counts around {calendar.start} to {calendar.end}",
            got=f"{first} to {last}",
        )


def _lasts_no_time(profile: ConstantInfectiousness) -> bool:
    nothing = {"kind": "fixed", "value": 0.0}
    return profile.lead.model_dump() == nothing == profile.lasts.model_dump()


def _check_density(loc: Loc, of: DensityTable) -> Iterator[Finding]:
    yield from _check_lengths(loc, "density", of.density, "times", of.times)
    if not _increase(of.times):
        yield Finding((*loc, "times"), "the times do not increase")
    if not any(of.density):
        yield Finding((*loc, "density"), "the density is zero everywhere")


def _check_pcr(loc: Loc, of: TablePcr) -> Iterator[Finding]:
    yield from _check_lengths(loc, "sensitivity", of.sensitivity, "days", of.days)
    if not _increase(of.days):
        yield Finding((*loc, "days"), "the days do not increase")


def _check_cohort(loc: Loc, cohort: CohortSource, disease: Disease) -> Iterator[Finding]:
    timing = cohort.timing
    if isinstance(timing, UniformTiming) and timing.earliest < timing.latest:
        yield Finding((*loc, "timing", "latest"), "the latest infection is before the earliest")
    if (
        isinstance(timing, CourseTiming)
        and timing.until == "severe"
        and disease.onset_to_severe is None
    ):
        yield Finding(
            (*loc, "timing", "until"),
            "the disease does not say when an infection becomes severe",
            allowed="recovery; or a disease with onset_to_severe",
        )
