"""Residents who watch the border: whether one of them acts on a crosser, and how."""

import math

from sim.world.codes import CaughtBy
from sim.world.compiled import compiled
from sim.world.draws import Stream
from sim.world.event_counts import count
from sim.world.keyed_draw import draw_once
from sim.world.numbers import logistic, normal_quantile
from sim.world.reward_office import offer_capture, offer_report
from sim.world.state import World
from sim.world.state_of_institutions import Stretch
from sim.world.state_of_run import Run
from sim.world.surveillance import Flow

_NEARLY_NORMAL = 1e5


@compiled
def chance_to_act(run: Run, reward: float) -> float:
    """Return the probability that a resident who notices a crosser acts, for a reward in CNY."""
    return logistic(run.b0 + run.b1 * math.log1p(reward / run.reward_scale))


@compiled
def false_reports_per_day(run: Run, reward: float) -> float:
    """Return the mean number of false reports a day, which grows as the chance to act does."""
    growth = chance_to_act(run, reward) / chance_to_act(run, 0.0)
    return run.false_reports_per_day * growth


@compiled
def caught_by_residents(world: World, stretch: Stretch, i: int, time: float) -> int:
    """Return what residents along a stretch do about a crosser: a ``CaughtBy``.

    Reports are counted, whether or not they lead to the crosser.
    """
    run, person = world.run[0], world.people[i]
    report, capture = offer_report(world, run.day), offer_capture(world, run.day)
    z = normal_quantile(draw_once(world, Stream.INFORMANT_COST, person))
    factor = math.exp(run.cost_spread * z)
    by_capture = run.capture_success * capture - factor * run.capture_cost
    by_report = run.report_verified * report - factor * run.report_cost
    captures = by_capture > by_report
    act = chance_to_act(run, capture if captures else report)
    if draw_once(world, Stream.INFORMANT_ACTS, person) >= -math.expm1(
        -stretch.who_could_notice * act
    ):
        return CaughtBy.NOT_CAUGHT
    if not captures:
        count(world, Flow.REPORTS, stretch.end, time)
    success = run.capture_success if captures else run.report_verified
    if draw_once(world, Stream.INFORMANT_SUCCEEDS, person) >= success:
        return CaughtBy.NOT_CAUGHT
    return CaughtBy.CAPTURE if captures else CaughtBy.REPORT


@compiled
def poisson_quantile(mean: float, u: float) -> int:
    """Return the quantile at ``u`` of the Poisson distribution with ``mean``.

    Of a large mean, that of the normal distribution: a part in a million from it.
    """
    if mean > _NEARLY_NORMAL:
        return round(mean + math.sqrt(mean) * normal_quantile(u))
    if mean <= 0:
        return 0
    most, number = int(mean + 12 * math.sqrt(mean) + 30), 0
    up_to = math.exp(-mean)
    while up_to < u and number < most:
        number += 1
        up_to += math.exp(number * math.log(mean) - mean - math.lgamma(number + 1.0))
    return number
