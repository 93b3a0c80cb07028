"""What stands for policies and for missing points in figures of sweeps."""

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.lines import Line2D

from sim.experiment.sweep.loader import Plan
from sim.view.direct_labels import marks_of
from sim.view.policies.look import PolicyLook, policy_looks
from sim.view.policy_words import words
from sim.view.style import GREY


def looks_of(plan: Plan) -> list[PolicyLook]:
    """Return how the policies of a sweep look."""
    return policy_looks(len(plan.policies))


def named_marks(plan: Plan) -> list[Line2D]:
    """Return what stands for the lines of the policies, with their names as labels."""
    return marks_of([words(policy.name) for policy in plan.policies], looks_of(plan))


def mark_of_missing(plan: Plan, summary: pd.DataFrame) -> list[Artist]:
    """Return what stands for points without a value of an outcome, nothing if all have one."""
    shown = (summary["point"] >= 0) & summary["outcome"].isin(plan.sweep.outcomes)
    of = summary[shown & summary["q50"].notna() & summary["difference_median"].notna()]
    if len(of) == len(plan.points) * len(plan.policies) * len(set(plan.sweep.outcomes)):
        return []
    mark = Line2D([], [], color=GREY, marker="x", markersize=4, linestyle="none")
    mark.set_label("no finished run with a value")
    return [mark]
