"""Cost plane: what policies cost more than the baseline, against the infections they avert."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sim.experiment.comparison import Comparison
from sim.experiment.half_width import half_width
from sim.experiment.policy_choice import Decision, Frontier, Standing, decision_of
from sim.view.answers.sentences import so_far
from sim.view.labels import about
from sim.view.outcome_words import tick_words
from sim.view.policies.look import legend_of, name_beside, pairs_note, policy_looks, room_beside
from sim.view.style import GREY, PALE, in_house_style, new_figure, panel_title
from sim.view.words import words
from sim.world.draws import FloatArray

_HEIGHT, _AROUND = 3.4, 0.8
"""Inches: the panels, and their titles, ticks and labels."""


@in_house_style
def draw_cost_plane(comparison: Comparison) -> Figure:
    """Return the figure: all pairs, and the means with the efficient frontier.

    Args:
        comparison: policies with at least one pair of runs.
    """
    decision = decision_of(comparison)
    frontier = decision.frontier()
    names = [words(policy.name) for policy in comparison.policies]
    steps = dict(zip(frontier.path[1:], frontier.ratios, strict=True))
    marks = _marks(frontier)
    for policy, (mark, name) in enumerate(zip(marks, names, strict=True)):
        mark.set_label(f"{name} ({about(steps[policy])} CNY)" if policy in steps else name)
    height = max(_HEIGHT, _AROUND + room_beside(marks))
    fig = new_figure(
        height,
        _heading(decision, frontier, names),
        f"Against {names[0]}. a: dots are pairs, large marks their means. b: the means with their "
        "95 % confidence intervals (Student's t). Line: efficient frontier, with CNY per further "
        "infection averted. Hollow: another policy, or a mix of two, costs no more and averts no "
        f"less. {pairs_note(comparison)}{so_far(comparison)}",
        legend_of(marks),
    )
    clouds, means = fig.subplots(1, 2, width_ratios=(2, 3))
    panel_title(clouds, "a", "Pairs of runs")
    panel_title(means, "b", "Means and efficient frontier")
    averted, extra = decision.averted, decision.extra_costs
    for policy, look in enumerate(policy_looks(len(names))):
        clouds.plot(
            averted[policy], extra[policy], ".", color=look.color, markersize=3, alpha=0.35,
            markeredgewidth=0, zorder=2, rasterized=True,
        )  # fmt: skip
        across, up = _half_width(averted[policy]), _half_width(extra[policy])
        means.errorbar(
            averted[policy].mean(), extra[policy].mean(), up, across, fmt="none",
            ecolor=look.color, elinewidth=0.8, zorder=3,
        )  # fmt: skip
    mean = averted.mean(axis=1), extra.mean(axis=1)
    for ax in (clouds, means):
        _finish(ax, decision, frontier)
    path = list(frontier.path)
    means.plot(mean[0][path], mean[1][path], color=GREY, linewidth=1.2, zorder=2.5)
    name_beside(means, list(zip(*mean, strict=True)), marks, height - _AROUND)
    return fig


def _heading(decision: Decision, frontier: Frontier, names: Sequence[str]) -> str:
    """Return which policies are efficient, in a sentence."""
    path = frontier.path
    if not decision.averted.any() and not decision.extra_costs.any():
        return f"No policy costs or averts anything else than {names[0]}"
    if len(path) == 1:
        return f"No policy costs less or averts more than {names[path[0]]}"
    return (
        f"{len(path)} of {len(names)} policies are efficient: {names[path[0]]} costs least, "
        f"{names[path[-1]]} averts most"
    )


def _half_width(values: FloatArray) -> float:
    """Return half the 95 % confidence interval of a mean, none from too few pairs."""
    return half_width(values) if np.isfinite(half_width(values)) else 0.0


def _marks(frontier: Frontier) -> list[Line2D]:
    """Return the marks of policies, hollow if they are not efficient."""
    looks = policy_looks(len(frontier.standings))
    return [
        Line2D(
            [], [], color=look.color, marker=look.marker, linestyle="", markersize=6, zorder=4,
            markerfacecolor=look.color if standing is Standing.EFFICIENT else "white",
        )
        for look, standing in zip(looks, frontier.standings, strict=True)
    ]  # fmt: skip


def _finish(ax: Axes, decision: Decision, frontier: Frontier) -> None:
    """Draw the means and the lines of the baseline, and label the axes."""
    averted, extra = decision.averted, decision.extra_costs
    for mark, x, y in zip(_marks(frontier), averted, extra, strict=True):
        mark.set_data([x.mean()], [y.mean()])
        ax.add_line(mark)
    ax.axhline(0, color=PALE, linewidth=0.6, zorder=0.5)
    ax.axvline(0, color=PALE, linewidth=0.6, zorder=0.5)
    ax.margins(0.1)
    if not averted.any():
        ax.set_xlim(-1, 1)
    if not extra.any():
        ax.set_ylim(-1e6, 1e6)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
    ax.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(lambda value, _: tick_words("community_infections", value))
    ax.yaxis.set_major_formatter(lambda value, _: tick_words("cost_cny", value))
    ax.set_xlabel("Community infections averted per run\n(better to the right)")
    ax.set_ylabel("Extra cost (million CNY per run; better below)")
