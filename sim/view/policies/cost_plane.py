"""Figure of what policies cost more than the baseline, against the infections they avert."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patheffects import withStroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim.experiment.comparison import Comparison
from sim.experiment.decision import Decision, Frontier, Standing, decision_of
from sim.experiment.pairs import half_width
from sim.view.direct_labels import legend_of, room_beside, write_beside
from sim.view.number_text import about
from sim.view.page import new_figure
from sim.view.policies.look import PolicyLook, policy_looks
from sim.view.policies.worth_axis import millions, pairs_note
from sim.view.policy_words import words
from sim.view.style import GREY, PALE, SMALL, in_house_style, panel_title
from sim.world.draws import FloatArray

_HEIGHT, _AROUND = 3.6, 0.8
"""Inches: the panels, and their titles, ticks and labels."""
_LINE = 1.4 * SMALL / 72 / (_HEIGHT - _AROUND)
"""From one ratio to the next, in fractions of a panel."""
_ATTEMPTS = 20
"""How often a panel is made to reach further down for its ratios."""
_QUADRANTS = (
    (0.02, 0.98, "costs more,\naverts less"),
    (0.98, 0.98, "costs more,\naverts more"),
    (0.02, 0.02, "costs less,\naverts less"),
    (0.98, 0.02, "costs less,\naverts more"),
)
"""Where in a panel around the baseline what is said."""


@in_house_style
def draw_cost_plane(comparison: Comparison) -> Figure:
    """Return the figure of a comparison with at least one pair."""
    decision = decision_of(comparison)
    frontier = decision.frontier()
    names = [words(policy.name) for policy in comparison.policies]
    looks = policy_looks(len(names))
    marks = _marks(looks, frontier)
    for name, mark, standing in zip(names, marks, frontier.standings, strict=True):
        mark.set_label(name if standing is Standing.EFFICIENT else f"{name} ({standing})")
    height = max(_HEIGHT, _AROUND + room_beside(marks))
    fig = new_figure(
        height,
        _heading(decision, frontier, names),
        f"Against {names[0]}. a: dots are pairs, large marks their means. b: the means with their "
        "95 % confidence intervals (Student's t; Monte Carlo error). Line: efficient frontier, "
        "with CNY per further infection averted. Hollow: dominated (another policy costs no more "
        "and averts no less) or extendedly dominated (a mix of two others does). "
        f"{pairs_note(comparison)}",
        legend=legend_of(marks),
    )
    clouds, means = fig.subplots(1, 2, width_ratios=(2, 3))
    panel_title(clouds, "a", "Pairs")
    _draw_clouds(clouds, decision, looks, frontier)
    panel_title(means, "b", "Means and efficient frontier")
    points = _draw_means(means, decision, looks, frontier)
    write_beside(means, points, marks, height - _AROUND)
    return fig


def _heading(decision: Decision, frontier: Frontier, names: Sequence[str]) -> str:
    """Return which policies are worth a thought, in a sentence."""
    path, policies = frontier.path, len(names)
    first, last = names[path[0]], names[path[-1]]
    if len(path) > 1:
        return (
            f"{len(path)} of {policies} policies are efficient: from {first} (cheapest) to {last} "
            f"(averts most, at {about(frontier.ratios[-1])} CNY for each further infection)"
        )
    if all(standing is Standing.EFFICIENT for standing in frontier.standings):
        return f"No policy costs or averts anything else than {names[0]}"
    return f"No policy costs less or averts more than {first}"


def _marks(looks: Sequence[PolicyLook], frontier: Frontier) -> list[Line2D]:
    """Return the marks of policies, hollow if they are dominated."""
    return [
        Line2D(
            [], [], color=look.color, marker=look.marker, linestyle="", markersize=6, zorder=4,
            markerfacecolor=look.color if standing is Standing.EFFICIENT else "white",
        )
        for look, standing in zip(looks, frontier.standings, strict=True)
    ]  # fmt: skip


def _draw_clouds(
    ax: Axes, decision: Decision, looks: Sequence[PolicyLook], frontier: Frontier
) -> None:
    """Draw all pairs, and in the corners what it means to be there."""
    averted, extra = decision.averted, decision.extra_costs
    for policy, look in enumerate(looks[1:], 1):
        ax.plot(
            averted[policy], extra[policy], ".", color=look.color, markersize=3, alpha=0.35,
            markeredgewidth=0, zorder=2, rasterized=True,
        )  # fmt: skip
    # Room on either side of the baseline for the words in the corners.
    _set_axes(ax, _around(averted, 0.7, 1.0), _around(extra, 0.5, 1e6, 0.22))
    _draw_marks(ax, averted.mean(axis=1), extra.mean(axis=1), looks, frontier)
    for x, y, text in _QUADRANTS:
        ax.text(
            x, y, text, transform=ax.transAxes, fontsize=SMALL, color=GREY, zorder=5,
            ha="left" if x < 0.5 else "right", va="bottom" if y < 0.5 else "top",
            path_effects=[withStroke(linewidth=2, foreground="white")],
        )  # fmt: skip


def _draw_means(
    ax: Axes, decision: Decision, looks: Sequence[PolicyLook], frontier: Frontier
) -> list[tuple[float, float]]:
    """Draw the means, their errors and the frontier, and return where the means are."""
    means, errors = [], []
    for values in (decision.averted, decision.extra_costs):
        of_policies = np.array([half_width(of_policy) for of_policy in values])
        means.append(values.mean(axis=1))
        errors.append(np.where(np.isfinite(of_policies), of_policies, 0.0))
    averted, extra = means
    for policy, look in enumerate(looks):
        ax.errorbar(
            averted[policy], extra[policy], errors[1][policy], errors[0][policy], fmt="none",
            ecolor=look.color, elinewidth=0.8, zorder=3,
        )  # fmt: skip
    spans = [
        _around(np.stack([mean - error, mean + error]), 0.1, least)
        for mean, error, least in zip(means, errors, (1.0, 1e6), strict=True)
    ]
    if frontier.ratios:
        # Room for the ratios to the right of the frontier.
        low, high = spans[0]
        spans[0] = low, high + 0.45 * (high - low)
    _set_axes(ax, *spans)
    _draw_marks(ax, averted, extra, looks, frontier)
    path = list(frontier.path)
    ax.plot(averted[path], extra[path], color=GREY, linewidth=1.2, zorder=2.5)
    _write_ratios(ax, averted[path], extra[path], frontier.ratios)
    return list(zip(averted.tolist(), extra.tolist(), strict=True))


def _draw_marks(
    ax: Axes,
    averted: FloatArray,
    extra: FloatArray,
    looks: Sequence[PolicyLook],
    frontier: Frontier,
) -> None:
    ax.axhline(0, color=PALE, linewidth=0.6, zorder=0.5)
    ax.axvline(0, color=PALE, linewidth=0.6, zorder=0.5)
    for mark, x, y in zip(_marks(looks, frontier), averted, extra, strict=True):
        mark.set_data([x], [y])
        ax.add_line(mark)


def _around(
    values: FloatArray, room: float, least: float, margin: float = 0.1
) -> tuple[float, float]:
    """Return limits around ``values`` and zero, each at least ``room`` of the other away.

    Both have a ``margin``, a share of what lies between. Where all values are zero the limits
    are ``least`` away.
    """
    low, high = min(0.0, float(values.min())), max(0.0, float(values.max()))
    wide = margin * (high - low) or least
    return min(low, -room * high) - wide, max(high, -room * low) + wide


def _set_axes(ax: Axes, across: tuple[float, float], up: tuple[float, float]) -> None:
    ax.set_xlim(*across)
    ax.set_ylim(*up)
    ax.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 5, 10]))
    ax.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: millions(value)))
    ax.set_xlabel("Community infections averted a run")
    ax.set_ylabel("Extra cost (million CNY a run)")


def _write_ratios(
    ax: Axes, averted: FloatArray, extra: FloatArray, ratios: Sequence[float]
) -> None:
    """Write each ratio below the middle of its part of the frontier and to the right of it.

    No mean lies there. A ratio in the way of the one above moves down, and the panel reaches
    further down for it.
    """
    middles = [(averted[i : i + 2].mean(), extra[i : i + 2].mean()) for i in range(len(ratios))]
    for _ in range(_ATTEMPTS):
        places = _below(ax, middles)
        if all(y > _LINE for _, y in places):
            break
        low, high = ax.get_ylim()
        ax.set_ylim(low - 0.1 * (high - low), high)
    for ratio, middle, place in zip(ratios, middles, places, strict=True):
        ax.annotate(
            f"{about(ratio)} CNY", middle, place, textcoords="axes fraction", va="center",
            fontsize=SMALL, zorder=5, path_effects=[withStroke(linewidth=2, foreground="white")],
            arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.5, "relpos": (0, 0.5)},
        )  # fmt: skip


def _below(ax: Axes, points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return places below rising points, a line apart at least, in fractions of the axes."""
    to_axes = ax.transScale + ax.transLimits
    places: list[tuple[float, float]] = []
    free = 1.0
    for point in reversed(points):
        x, y = to_axes.transform(point)
        free = min(free, y) - _LINE
        places.insert(0, (x + 0.04, free))
    return places
