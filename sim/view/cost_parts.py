"""The parts of the bill as a figure groups them."""

from collections.abc import Mapping, Sequence

from sim.experiment.replicates import Replicates
from sim.view.style import BLACK, BLUE, GREEN, GREY, ORANGE, PALE, PURPLE, SKY, VERMILLION, YELLOW
from sim.world.costs import PARTS, REWARDS

LOCKDOWN, OTHER = "lockdown", "other"
_GROUPS = {
    "hospital stays": ("hospital_day",),
    "hospital beds kept ready": ("hospital_bed_day",),
    "quarantine": ("quarantine_day", "home_quarantine_day", "monitoring_day"),
    "tests": ("test",),
    "investigation and tracing": ("case_investigation", "traced_contact"),
    "border guard": ("patrol_day", "sensor_day", "report", "caught_crosser"),
    "rewards": (REWARDS,),
    "stranded travellers": ("stranded_day",),
    LOCKDOWN: ("lockdown_person_day",),
}
COLORS = {
    "hospital stays": VERMILLION,
    "hospital beds kept ready": ORANGE,
    "quarantine": GREEN,
    "tests": BLUE,
    "investigation and tracing": SKY,
    "border guard": BLACK,
    "rewards": YELLOW,
    "stranded travellers": PURPLE,
    OTHER: PALE,
    LOCKDOWN: GREY,
}
"""Colours by group, in the order of the bars."""
_TINY = 0.01
"""A group with a smaller share of every bill, lockdown aside, is counted as other."""


def cost_groups(all_replicates: Sequence[Replicates]) -> list[dict[str, float]]:
    """Return mean costs a run in CNY by group, for each scenario.

    All have the same groups, in the order of ``COLORS``; they add up to the bill.
    """
    bills = [_bill(replicates) for replicates in all_replicates]
    large = [name for name in _GROUPS if any(_is_large(name, bill) for bill in bills)]
    return [_grouped(bill, large) for bill in bills]


def _bill(replicates: Replicates) -> dict[str, float]:
    means = {part: float(replicates.outcome(f"cost_{part}_cny").mean()) for part in PARTS}
    return {name: sum(means.pop(part) for part in parts) for name, parts in _GROUPS.items()} | {
        OTHER: sum(means.values())
    }


def _is_large(name: str, bill: Mapping[str, float]) -> bool:
    if name == LOCKDOWN:
        return bill[name] > 0
    return bill[name] > _TINY * (sum(bill.values()) - bill[LOCKDOWN])


def _grouped(bill: Mapping[str, float], large: Sequence[str]) -> dict[str, float]:
    rest = sum(cost for name, cost in bill.items() if name not in large)
    every = {**{name: bill[name] for name in large}, OTHER: rest}
    return {name: every[name] for name in COLORS if name in every}
