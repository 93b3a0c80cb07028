"""Crossing away from the ports: the decision to cross, and detection."""

from typing import Annotated

from pydantic import Field

from sim.scenario.distributions import Positive
from sim.scenario.part import Part
from sim.scenario.quantities import MOST_NAMED, Duration, Money, Name, Rate, Share

Spread = Annotated[float, Field(ge=0, le=5)]
"""Standard deviation of the logarithm of a personal factor with median 1."""


class Stretch(Part):
    """A stretch of border that people may cross on foot, from a staging town to a town behind.

    Patrols search its area at random (Koopman 1946, Search and Screening): a person who spends
    ``time_in_area`` there is seen by one of n patrols with probability
    ``1 - exp(-n * sweep_width_km * speed_km_h * hours / area_km2)``. Residents who could notice
    someone live ``residents_per_km`` along ``exposed_km`` of the path; each does with
    probability ``noticed``.
    """

    start: Name
    """Staging town where people set out."""
    end: Name
    """Town they reach."""
    trip: Duration = 0.5
    """Time from setting out to the town."""
    area_km2: Positive
    """Area that patrols search."""
    sweep_width_km: Rate = 0.2
    """Width within which a patrol sees someone."""
    speed_km_h: Rate = 4.0
    """Speed of a patrol."""
    time_in_area: Duration = 0.25
    """Time that a crosser spends in the area."""
    residents_per_km: Rate = 0.0
    """Residents per kilometre of the path."""
    exposed_km: Rate = 0.0
    """Length of the path visible to them."""
    noticed: Share = 0.0
    """Probability that one of them notices a crosser."""
    turned_back: Share = 0.0
    """Share of those seen by patrols or sensors who are still before the border and are sent
    back."""


class Crossers(Part):
    """What a stranded person considers every evening (Becker 1968, applied to border crossing).

    ``EU_illegal = (1 - p) * B - r * p * (F + w * D + h) - C`` with p the perceived detection, B
    ``worth_of_home`` times a personal factor, F the fine, w ``daily_income``, D days of detention
    and quarantine, h ``shame``, C ``trip_cost`` and r a personal factor for risk;
    ``EU_wait = reopening_chance * B - living_cost_per_day * expected_wait``. The probability of
    an attempt on one evening is ``logistic((EU_illegal - EU_wait) / temperature)``, at most
    ``readiness``.
    """

    worth_of_home: Money = 20000.0
    """Value of being home."""
    worth_spread: Spread = 0.5
    """Spread of the personal factor on that value."""
    daily_income: Money = 200.0
    """Income lost per day of detention or quarantine."""
    shame: Money = 10000.0
    """Monetary equivalent of shame and risk to health when caught."""
    trip_cost: Money = 3000.0
    """Cost of guide, transport and equipment."""
    risk_spread: Spread = 0.5
    """Spread of the personal factor on losses (above 1: risk-averse)."""
    reopening_chance: Share = 0.3
    """Perceived probability that waiting leads home."""
    living_cost_per_day: Money = 150.0
    """Cost per day of waiting."""
    expected_wait: Duration = 30.0
    """Expected length of the wait."""
    temperature: Annotated[Money, Field(gt=0)] = 4000.0
    """Scale of the logistic response to the difference of utilities."""
    readiness: Share = 1.0
    """Highest probability of an attempt on one evening."""
    law_abiding: Share = 0.0
    """Share of people who never cross illegally."""
    perceived_detection: Share = 0.3
    """Initial perceived probability of being caught."""
    announcement_effect: Share = 0.0
    """How far announcing a very large reward moves perceived detection towards 1 (as a share); a
    reward R has ``R / (R + scale)`` of this effect, with the informants' ``scale``."""
    learning: Share = 0.0
    """Weight of the day's share of crossers caught in the perceived detection (exponential
    smoothing); zero: no learning."""
    seeks_care: Share = 1.0
    """Probability that someone who entered undetected is tested when ill, relative to others."""


class Informants(Part):
    """Residents who notice a crosser: whether and how they act.

    They act with probability ``q(R) = logistic(b0 + b1 * ln(1 + R / scale))`` for a reward R. They
    capture rather than report when
    ``capture_success * reward_capture - f * capture_cost`` is larger than
    ``report_verified * reward_report - f * report_cost``, with f a personal
    factor. The effect of such rewards has never been measured: always sweep b1.
    """

    b0: float = Field(default=-2.0, ge=-20, le=20)
    """Logit of the probability of acting without a reward."""
    b1: float = Field(default=0.5, ge=-20, le=20)
    """Increase of that logit with the logarithm of the reward."""
    scale: Annotated[Money, Field(gt=0)] = 1000.0
    """Reward at which an announcement has half its effect; scale of the logarithm."""
    capture_success: Share = 0.5
    """Probability that an attempt to capture someone succeeds."""
    capture_cost: Money = 1500.0
    """Monetary equivalent of the effort and danger of a capture."""
    report_verified: Share = 0.6
    """Probability that a report leads to the crosser."""
    report_cost: Money = 50.0
    """Monetary equivalent of the effort of a report."""
    cost_spread: Spread = 0.8
    """Spread of the personal factor on both costs."""
    false_reports_per_day: Rate = 0.0
    """False reports per day without a reward; they increase with the probability of acting."""
    payout_delay: Duration = 7.0
    """Time from capture to payment of the reward."""


class Border(Part):
    """The border away from the ports."""

    stretches: dict[Name, Stretch] = Field(min_length=1, max_length=MOST_NAMED)
    """Stretches that can be crossed, by name."""
    crossers: Crossers = Crossers()
    """The decision of stranded people."""
    informants: Informants = Informants()
    """Residents who watch the border."""
