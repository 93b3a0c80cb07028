"""What runs, comparisons and sweeps from Python return: tables, and figures by ``plot``.

A result shows itself as a table in a notebook and at the prompt. What draws is imported when it is
asked for: it takes a second that a script need not pay.
"""

import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.experiment.comparison import Comparison
from sim.experiment.outcome_registry import OUTCOMES
from sim.experiment.replicates import Replicates
from sim.experiment.sweep.results import SweepResults, finished_points
from sim.experiment.tables import calendar_dates, outcomes_table, summary_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class RunResult(Replicates):
    """Finished runs of one scenario; see ``Replicates``."""

    @property
    def outcomes(self) -> pd.DataFrame:
        """All outcomes: one row per run, one column per outcome."""
        return outcomes_table(self)

    @property
    def summary(self) -> pd.DataFrame:
        """Median, mean and 90 % interval of every outcome, one row each."""
        return summary_table(self)

    def plot(
        self, series: str | None = None, place: str | None = None, *, ax: "Axes | None" = None
    ) -> "Figure":
        """Return a figure: imported cases beside the reported counts, or one daily series.

        Args:
            series: shown as the median and the middle 90 % of the runs; with ``ax`` it is
                ``imported_confirmed_cumulative`` unless it is named.
            place: of the series; None: all regions together.
            ax: where to draw instead of in a figure of its own.

        Raises:
            KeyError: there is no such series or place.
        """
        if series is None and ax is None:
            from calibration.targets_file import read_targets
            from sim.view.imported import draw_imported

            return draw_imported(self, read_targets().counts())
        figure, axes = _axes(ax)
        name = series or "imported_confirmed_cumulative"
        curves = self.total_series(name) if place is None else self.series(name, place)
        low, middle, high = np.quantile(curves, [0.05, 0.5, 0.95], axis=0)
        dates: Any = calendar_dates(self.scenario)
        axes.fill_between(dates, low, high, alpha=0.3)
        axes.plot(dates, middle, label=self.scenario.name)
        axes.set_ylabel(name if place is None else f"{name}, {place}")
        return figure

    def __repr__(self) -> str:
        from sim.view.answers.closing_text import summary

        return _as_text(summary([self])) if self.results else f"{self.scenario.name}: no runs"

    def _repr_html_(self) -> str:
        return _as_html(f"{self.scenario.name}: {len(self.results):,} runs", self.summary)


class ComparisonResult(Comparison):
    """Policies compared on the same pairs of runs; see ``Comparison``."""

    @property
    def outcomes(self) -> pd.DataFrame:
        """All outcomes: one row per policy and pair, one column per outcome."""
        return self.outcomes_table()

    @property
    def differences(self) -> pd.DataFrame:
        """Statistics of the differences from the first policy: one row per policy and outcome."""
        return self.differences_table()

    def plot(self, outcome: str | None = None, *, ax: "Axes | None" = None) -> "Figure":
        """Return a figure: differences in all outcomes that policies change, or in one outcome.

        Args:
            outcome: shown as the median and the middle 90 % of the differences; with ``ax`` it is
                ``imported_confirmed`` unless it is named.
            ax: where to draw instead of in a figure of its own.

        Raises:
            KeyError: there is no such outcome.
        """
        if outcome is None and ax is None:
            from sim.view.policies.forest import draw_forest

            return draw_forest(self)
        figure, axes = _axes(ax)
        name = outcome or "imported_confirmed"
        for row in range(1, len(self.names)):
            of = self.statistics(row, name)
            axes.hlines(row, of.q05, of.q95)
            axes.plot(of.median, row, "o")
        axes.set_yticks(range(1, len(self.names)), self.names[1:])
        axes.axvline(0, color="grey", linewidth=0.8)
        axes.set_xlabel(f"{OUTCOMES[name].label}: difference from {self.names[0]}")
        return figure

    def __repr__(self) -> str:
        from sim.view.answers.closing_text import comparison_table

        return _as_text(comparison_table(self)) if self.pairs else "no pair of runs has finished"

    def _repr_html_(self) -> str:
        title = f"Differences from {self.names[0]} over {self.pairs:,} pairs of runs"
        return _as_html(title, self.differences)


class SweepResult(SweepResults):
    """The finished runs of a sweep; see ``SweepResults``."""

    @property
    def outcomes(self) -> pd.DataFrame:
        """All outcomes: one row per policy, point and run, one column per outcome."""
        return pd.concat(self.outcomes_tables(), ignore_index=True)

    @property
    def differences(self) -> pd.DataFrame:
        """Differences from the baseline: one row per policy, point and outcome."""
        summary = self.summary()
        levels = [name for name in summary if not str(name).startswith("q")]
        return summary[[name for name in levels if name not in ("runs_with_value", "mean")]]

    def plot(self, outcome: str | None = None, *, ax: "Axes | None" = None) -> "Figure":
        """Return a figure: the first that the command draws, or one outcome at all points.

        Args:
            outcome: shown as the median and the middle 90 % of the differences at every point;
                with ``ax`` it is the first outcome of the sweep unless it is named.
            ax: where to draw instead of in a figure of its own.

        Raises:
            ValueError: no point has a finished run.
        """
        summary = self.summary()
        if outcome is None and ax is None:
            from sim.view.figures import draw_sweep

            figures = list(draw_sweep(self.plan, summary).values())
            if not figures:
                raise ValueError("no point of the sweep has a finished run")
            return figures[0]
        figure, axes = _axes(ax)
        name = outcome or self.plan.sweep.outcomes[0]
        for policy in self.plan.policies:
            of = finished_points(summary, policy.name, name)
            axes.vlines(of["point"], of["difference_q05"], of["difference_q95"], alpha=0.5)
            axes.plot(of["point"], of["difference_median"], "o", label=policy.name)
        axes.axhline(0, color="grey", linewidth=0.8)
        axes.set_xlabel("point of the sweep")
        axes.set_ylabel(f"{OUTCOMES[name].label}: difference from {self.plan.policies[0].name}")
        return figure

    def __repr__(self) -> str:
        from sim.view.answers.sweep_sentences import sweep_text

        return sweep_text(self.plan, self.summary())

    def _repr_html_(self) -> str:
        return _as_html(f"{self.plan.sweep.name}: {len(self.plan.points)} points", self.summary())


def _axes(ax: "Axes | None") -> "tuple[Figure, Axes]":
    """Return axes, new ones if there are none, and the whole figure that they are in."""
    from matplotlib.figure import Figure

    if ax is None:
        figure = Figure(layout="constrained")
        return figure, figure.add_subplot()
    whole = ax.get_figure(root=True)
    assert whole is not None
    return whole, ax


def _as_text(table: Any) -> str:
    from rich.console import Console

    text = io.StringIO()
    Console(file=text, width=100).print(table)
    return text.getvalue().rstrip()


def _as_html(title: str, table: pd.DataFrame) -> str:
    return f"<p><b>{title}</b></p>{table.to_html(index=False, max_rows=40, na_rep='')}"
