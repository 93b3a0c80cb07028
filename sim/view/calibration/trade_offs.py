"""Figure of what a fit cannot tell apart: few entrants and many infected, pairs of parameters."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullLocator

from calibration.check import fitted_parameters, trade_offs
from calibration.priors import LogUniformPrior, Prior, Priors
from sim.experiment.ensemble import Ensemble
from sim.view.balanced_text import balanced, shortened
from sim.view.calibration.entrants import (
    DOTS,
    FEWEST,
    ROUND,
    draw_entrants,
    has_lines,
    rank_correlation,
)
from sim.view.page import new_figure
from sim.view.runs_note import count_of_runs
from sim.view.style import BLUE, GREY, SMALL, VERMILLION, empty_panel, in_house_style, panel_title
from sim.world.draws import FloatArray

_HEIGHT = 4.9
_WIDTHS = (1.0, 0.62)
"""Of the scatters and of the bars, relative to each other."""
_LABEL, _AXIS_LABEL = 52, 36
"""Characters of a parameter's label beside a bar, and in a line below an axis."""
_CLEAR = -0.7
"""Rank correlation from which down the heading speaks of it."""
_LINES = (
    "; dashed: the same number of infected entrants, 5 % of the members have fewer and 5 % more"
)
_MINUS = "\N{MINUS SIGN}"
_SUBJECT = "What the counts cannot tell apart"


@in_house_style
def draw_trade_offs(
    ensemble: Ensemble, priors: Priors, arrivals: FloatArray, prevalence: FloatArray
) -> Figure:
    """Return the figure: entrants against share infected, and correlated parameters.

    Args:
        ensemble: the fitted members.
        priors: of its parameters.
        arrivals: people who entered at the ports, shape (members,).
        prevalence: share infected among them, from 0 to 1, shape (members,); nan where nobody
            entered.
    """
    pairs = _pairs(ensemble, priors)
    lines = _LINES if has_lines(arrivals, prevalence) else ""
    fig = new_figure(
        _HEIGHT,
        _heading(arrivals, prevalence),
        f"{count_of_runs(len(ensemble.members)).capitalize().replace('run', 'member')} of the "
        f"ensemble, a dot a member. a: rank correlation{lines}. b, c: correlation of normal "
        "scores; fitted parameters only.",
    )
    grid = fig.add_gridspec(2, 2, width_ratios=_WIDTHS)
    ax = fig.add_subplot(grid[0, 0])
    panel_title(ax, "a", "Entrants and infected share" + _correlation_text(arrivals, prevalence))
    draw_entrants(ax, arrivals, prevalence)
    ax = fig.add_subplot(grid[:, 1])
    panel_title(ax, "b", "Strongest pairs")
    _draw_pairs(ax, pairs, priors)
    ax = fig.add_subplot(grid[1, 0])
    panel_title(ax, "c", "The strongest pair" + _strongest_text(pairs))
    _draw_strongest(ax, pairs, ensemble, priors)
    return fig


def _pairs(ensemble: Ensemble, priors: Priors) -> pd.DataFrame:
    """Return the strongest pairs, none where there are too few members or parameters."""
    fitted = fitted_parameters(ensemble, priors)
    if len(ensemble.members) < FEWEST or len(fitted) < 2:
        return pd.DataFrame()
    return trade_offs(ensemble, priors)


def _correlation_text(arrivals: FloatArray, prevalence: FloatArray) -> str:
    correlation = rank_correlation(arrivals, prevalence)
    return "" if correlation is None else f", correlation {_signed(correlation)}"


def _strongest_text(pairs: pd.DataFrame) -> str:
    return "" if pairs.empty else f", correlation {_signed(float(pairs['correlation'].iloc[0]))}"


def _heading(arrivals: FloatArray, prevalence: FloatArray) -> str:
    correlation = rank_correlation(arrivals, prevalence)
    if correlation is None or correlation > _CLEAR:
        return _SUBJECT
    return f"{_SUBJECT}: many entrants of whom few were infected, or few of whom many were"


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", _MINUS)


def _label(priors: Priors, path: str) -> str:
    return next(prior.label for prior in priors.parameters if prior.path == path)


def _draw_pairs(ax: Axes, pairs: pd.DataFrame, priors: Priors) -> None:
    ax.set_xlabel("Correlation")
    ax.set_xlim(-1, 1)
    ax.set_xticks([-1, -0.5, 0, 0.5, 1])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}".replace("-", _MINUS)))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    if pairs.empty:
        ax.set_yticks([])
        empty_panel(ax, "too few members\nor parameters")
        return
    ax.axvline(0, color=GREY, linewidth=0.6)
    labels = []
    for place, (one, other, correlation) in enumerate(
        zip(pairs["parameter"], pairs["other"], pairs["correlation"], strict=True)
    ):
        rises = correlation > 0
        ax.barh(place, correlation, height=0.6, color=VERMILLION if rises else BLUE)
        ax.annotate(
            _signed(correlation),
            # On the other side of zero: there is always room.
            (0, place),
            (-3 if rises else 3, 0),
            textcoords="offset points",
            ha="right" if rises else "left",
            va="center",
            fontsize=SMALL,
        )
        labels.append("\n".join(_shortened(_label(priors, path)) for path in (one, other)))
    ax.set_yticks(range(len(labels)), labels)
    ax.set_ylim(len(labels) - 0.4, -0.6)


def _shortened(label: str) -> str:
    return shortened(label, _LABEL)


def _draw_strongest(ax: Axes, pairs: pd.DataFrame, ensemble: Ensemble, priors: Priors) -> None:
    if pairs.empty:
        ax.set_xlabel("Parameter")
        ax.set_ylabel("Another one")
        ax.set_xticks([])
        ax.set_yticks([])
        empty_panel(ax, "too few members or parameters")
        return
    by_path = {prior.path: prior for prior in priors.parameters}
    both = [by_path[pairs[column].iloc[0]] for column in ("parameter", "other")]
    values = [np.array([m.parameters[prior.path] for m in ensemble.members]) for prior in both]
    ax.scatter(*values, **DOTS)
    for axis, set_scale, prior, of in zip(
        (ax.xaxis, ax.yaxis), (ax.set_xscale, ax.set_yscale), both, values, strict=True
    ):
        ticks = [tick for tick in ROUND.tolist() if of.min() <= tick <= of.max()]
        if isinstance(prior.prior, LogUniformPrior) and len(ticks) > 1:
            set_scale("log")
            axis.set_major_locator(FixedLocator(ticks[:: 1 + len(ticks) // 7]))
            axis.set_minor_locator(NullLocator())
        else:
            axis.set_major_locator(MaxNLocator(nbins=5))
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        axis.set_label_text(_axis_label(prior))


def _axis_label(prior: Prior) -> str:
    return balanced(f"{prior.label} ({prior.unit})", _AXIS_LABEL)
