"""Figures of sweeps: the right kind, with the numbers of the summary, whole in every case."""

import itertools
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from drawn import check_apart, check_drawn, check_whole, said, texts
from matplotlib.axes import Axes
from matplotlib.text import Text
from shipped import SCENARIOS

from sim import load_scenario
from sim.experiment.paired_statistics import SHARES
from sim.experiment.rank_correlation import partial_rank_correlations
from sim.experiment.sweep.loader import Plan, load_sweep
from sim.view.outcome_words import difference_words
from sim.view.sweep.effects import effects_of
from sim.view.sweep.figures import draw_sweep, write_sweep_figures
from sim.view.sweep.heat_map import HATCH

pytestmark = pytest.mark.thorough

RELEASED, SHARE, COST = "fate_released_infectious", "undetected_share", "cost_cny"
LONG = "on day 2 and then once more every five days or so until end"


def a_range(path: str, low: Any, high: Any, steps: int, scale: str = "linear") -> dict[str, Any]:
    return {"path": path, "range": {"low": low, "high": high, "steps": steps, "scale": scale}}


def some(path: str, *values: float) -> dict[str, Any]:
    return {"path": path, "values": list(values)}


def stay(steps: int = 4) -> dict[str, Any]:
    return {"label": "Quarantine", **a_range("policies.quarantine_stay", "4 d", "28 d", steps)}


def hazard(steps: int = 3) -> dict[str, Any]:
    return a_range("quarantine.room_hazard_per_day", 0.01, 0.64, steps, "log")


def response(steps: int = 3) -> dict[str, Any]:
    return {"label": "Response of residents", **a_range("border.informants.b1", 0, 1.5, steps)}


def swabs(labels: Sequence[str]) -> dict[str, Any]:
    levels = [
        {"label": label, "set": {"policies.quarantine_tests": [f"{day} d"]}}
        for day, label in enumerate(labels)
    ]
    return {"label": "Swabs", "levels": levels}


@pytest.fixture
def a_plan(tmp_path: Path) -> Callable[..., Plan]:
    def load(factors: Sequence[dict[str, Any]], **more: Any) -> Plan:
        files = ["baseline.yaml", *more.get("policies", ())]
        for file in files:
            shutil.copy(SCENARIOS / file, tmp_path)
        named = {f"factor_{number}": factor for number, factor in enumerate(factors)}
        sweep = {"name": "a_sweep", "scenario": files[0], "factors": named}
        sweep |= {"outcomes": [RELEASED], **more}
        path = tmp_path / "sweep.yaml"
        path.write_text(yaml.safe_dump(sweep))
        return load_sweep(path)

    return load


def a_summary(
    plan: Plan,
    difference: Callable[[int, Sequence[int]], float] = lambda _, places: 10.0 * sum(places) - 15,
    spread: float = 4.0,
    failed: Iterable[tuple[int, int]] = (),
    runs: int = 20,
) -> pd.DataFrame:
    """Return a summary in which ``difference`` is about that of a policy at places of levels."""
    rng, rows, gone = np.random.default_rng(3), [], set(failed)
    for policy, scenario in enumerate(plan.policies):
        for point in plan.points:
            if (policy, point.number) in gone:
                continue
            places = [
                factor.levels.index(level) if level in factor.levels else level.quantity.number
                for factor, level in zip(plan.factors, point.levels, strict=True)
            ]
            for outcome in plan.sweep.outcomes:
                differences = difference(policy, places) + spread * rng.normal(size=runs)
                differences *= {COST: 1e6, SHARE: 0.01}.get(outcome, 1.0)
                rows.append(
                    {"policy": scenario.name, "point": point.number, "outcome": outcome}
                    | {"runs": runs, "runs_with_value": runs}
                    | {"difference_mean": differences.mean()}
                    | quantiles("difference_q", differences)
                    | quantiles("q", differences + differences.max() + 3)
                )
    return pd.DataFrame(rows).rename(columns={"difference_q50": "difference_median"})


def quantiles(prefix: str, values: np.ndarray) -> dict[str, float]:
    found = np.quantile(values, SHARES)
    return {f"{prefix}{100 * share:02.0f}": q for share, q in zip(SHARES, found, strict=True)}


def numbers_in(ax: Axes) -> dict[tuple[float, float], str]:
    """Return what is written in the cells of a heat map, by (column, row)."""
    cells = [text for text in ax.texts if text.get_weight() != "bold"]
    return {text.get_position(): text.get_text() for text in cells}


def hatched(ax: Axes) -> int:
    return sum(patch.get_hatch() == HATCH for patch in ax.patches)


SAMPLED = {"design": {"kind": "sobol", "points": 16}}
TWO = {"policies": ["quarantine_7_days.yaml"]}
HEAT_MAPS = {"heat_map_baseline", "heat_map_quarantine_7_days"}


@pytest.mark.parametrize(
    ("factors", "more", "names"),
    [
        ([stay()], {}, {"lines"}),
        ([stay()], TWO, {"lines"}),
        ([stay(), response()], {}, {"heat_map"}),
        ([stay(), response()], TWO, HEAT_MAPS),
        ([stay(2), response(2), hazard(2)], {"outcomes": [RELEASED, COST]},
         {f"heat_maps_{RELEASED}", f"heat_maps_{COST}"}),
        ([stay(2), response(2), hazard(2), swabs("ab")], {}, {f"tornado_{RELEASED}"}),
        ([stay()], SAMPLED, {f"tornado_{RELEASED}"}),
    ],
)  # fmt: skip
def test_the_kind_of_figure_follows_from_factors_and_design(a_plan, factors, more, names) -> None:
    plan = a_plan(factors, **more)
    assert set(draw_sweep(plan, a_summary(plan))) == names


def test_numbers_and_hatching_of_the_cells_are_those_of_the_summary(a_plan) -> None:
    plan = a_plan([swabs("abc"), stay(4)], outcomes=[RELEASED, COST])
    summary = a_summary(plan)
    fig = draw_sweep(plan, summary)["heat_map"]
    for ax, outcome in zip(fig.axes[::2], (RELEASED, COST), strict=True):
        of = summary[summary["outcome"] == outcome]
        # The factor with a scale runs across although it is the second in the file.
        expected = {
            (row["point"] % 4, row["point"] // 4): difference_words(
                outcome, row["difference_median"]
            )
            for _, row in of.iterrows()
        }
        assert numbers_in(ax) == expected
        unsure = (of["difference_q05"] <= 0) & (of["difference_q95"] >= 0)
        assert 0 < hatched(ax) == unsure.sum() < len(of)
    released = summary[summary["outcome"] == RELEASED]
    least = difference_words(RELEASED, released["difference_median"].min())
    assert f"least at Swabs a, Quarantine 4 d ({least};" in said(fig)


def test_colours_are_centred_on_nought_and_shared_by_small_multiples(a_plan) -> None:
    plan = a_plan([response(2), stay(3), hazard(4)])
    fig = draw_sweep(plan, a_summary(plan))[f"heat_maps_{RELEASED}"]
    maps = [ax for ax in fig.axes if ax.images]
    assert [ax.get_title(loc="left") for ax in maps] == [
        "Response of residents: 0",
        "Response of residents: 1.5",
    ]
    scales = {(ax.images[0].norm.vmin, ax.images[0].norm.vmax) for ax in maps}
    ((low, high),) = scales
    assert low == -high < 0
    check_whole(fig)


def test_contours_only_between_levels_on_a_scale(a_plan) -> None:
    for factors, has_contours in (([stay(), response()], True), ([stay(), swabs("abc")], False)):
        plan = a_plan(factors)
        (fig,) = draw_sweep(plan, a_summary(plan)).values()
        bold = {text.get_text() for text in fig.axes[0].texts if text.get_weight() == "bold"}
        assert bold == ({"a", "0"} if has_contours else {"a"})
        assert ("contour of no difference" in texts(fig)) == has_contours


@pytest.mark.parametrize(
    ("factor", "scale", "label"),
    [
        (hazard(), "log", "factor 0, log scale"),
        (stay(), "linear", "Quarantine (d)"),
        (some("policies.laboratory_capacity", 50, 100, 200), "log",
         "factor 0, log scale"),
        (some("policies.laboratory_capacity", 50, 100, 150), "linear", "factor 0"),
    ],
)  # fmt: skip
def test_axis_of_a_factor(a_plan, factor, scale, label) -> None:
    plan = a_plan([factor])
    (ax, _) = draw_sweep(plan, a_summary(plan))["lines"].axes
    assert (ax.get_xscale(), ax.get_xlabel()) == (scale, label)


def test_dates_are_on_an_axis_of_dates(a_plan) -> None:
    days = ["2020-03-24", "2020-03-31", "2020-04-07"]
    closures = "policies.port_closures.suifenhe_port"
    levels = [{"label": day, "set": {closures: [{"from": day}]}} for day in days]
    plan = a_plan([{"label": "Port shut from", "levels": levels}])
    fig = draw_sweep(plan, a_summary(plan))["lines"]
    fig.draw_without_rendering()
    ax = fig.axes[0]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["24 Mar", "31 Mar", "7 Apr"]
    assert ax.get_xlabel() == "Port shut from (2020)"


def test_lines_are_the_medians_and_break_where_a_point_failed(a_plan) -> None:
    plan = a_plan([stay(5)], **TWO)
    summary = a_summary(plan, lambda policy, places: 10 * places[0] + 30 * policy, failed=[(1, 2)])
    fig = draw_sweep(plan, summary)["lines"]
    for ax, column in zip(fig.axes, ("difference_median", "q50"), strict=True):
        lines = [line for line in ax.lines if len(line.get_xdata()) == 5]
        for policy, line in zip(plan.policies, lines, strict=True):
            of = summary[summary["policy"] == policy.name].set_index("point")[column]
            np.testing.assert_array_equal(line.get_ydata(), of.reindex(range(5)))
    crosses = [line for line in fig.axes[0].lines if line.get_marker() == "x"]
    assert [list(line.get_xdata()) for line in crosses] == [[], [16]]
    assert "1 of 10 points" in texts(fig)
    assert "no finished run" in texts(fig)
    written = {text.get_text() for text in fig.findobj(Text)}
    assert {"baseline", "quarantine 7 days", "no\ndifference"} <= written


def test_failed_points_of_a_heat_map_have_no_number(a_plan) -> None:
    plan = a_plan([stay(4), response(3)])
    fig = draw_sweep(plan, a_summary(plan, failed=[(0, 4), (0, 11)]))["heat_map"]
    written = numbers_in(fig.axes[0])
    # Points run through the levels of the second factor first.
    assert [place for place, text in written.items() if text == "none"] == [(1, 1), (3, 2)]
    assert "2 of 12 points have no finished run" in said(fig)
    assert np.isnan(np.ma.filled(fig.axes[0].images[0].get_array(), np.nan)).sum() == 2


@pytest.mark.parametrize(("values", "is_marked"), [((0.25, 0.5, 1), True), ((0.2, 0.6), False)])
def test_the_world_of_the_file_is_marked_where_it_is_a_point(a_plan, values, is_marked) -> None:
    informants = some("border.informants.b1", *values)
    fitted = load_scenario(SCENARIOS / "baseline.yaml").quarantine.room_hazard_per_day
    hazards = some("quarantine.room_hazard_per_day", fitted, 1)
    for factors in ([informants], [informants, hazards]):
        plan = a_plan(factors)
        (fig,) = draw_sweep(plan, a_summary(plan)).values()
        assert ("as in the file" in texts(fig)) == is_marked


def test_tornado_shows_conditional_medians_and_rank_correlations(a_plan) -> None:
    plan = a_plan([response(2), hazard(2), stay(3), swabs(["one", "two"])])
    summary = a_summary(plan, lambda _, places: float(np.dot(places, (1, 8, -30, 15))), spread=1.0)
    effects = effects_of(plan, summary, 0, RELEASED)
    assert [effect.factor.name for effect in effects] == [
        "factor_2", "factor_3", "factor_1", "factor_0",
    ]  # fmt: skip
    levels = list(itertools.product(range(2), range(2), range(3), range(2)))
    table = pd.DataFrame(levels).assign(median=summary["difference_median"])
    np.testing.assert_array_equal(effects[0].medians, table.groupby(2)["median"].median())
    np.testing.assert_array_equal(effects[1].medians, table.groupby(3)["median"].median())
    ranked = partial_rank_correlations(
        np.array(levels, dtype=float)[:, :3], summary["difference_mean"].to_numpy()
    )
    assert [effect.correlation for effect in effects] == pytest.approx(
        [ranked[2], np.nan, ranked[1], ranked[0]], nan_ok=True
    )
    (fig,) = draw_sweep(plan, summary).values()
    check_drawn(fig)
    least = difference_words(RELEASED, effects[0].medians.min())
    assert f"28 d {least}" in said(fig)
    assert "no scale" in texts(fig)


def test_tornado_of_a_sample_has_fifths_of_ranges(a_plan) -> None:
    plan = a_plan([stay(), hazard()], design={"kind": "latin_hypercube", "points": 40})
    summary = a_summary(plan, lambda _, places: places[0] + 100 * places[1])
    effects = {effect.factor.name: effect for effect in effects_of(plan, summary, 0, RELEASED)}
    assert effects["factor_0"].names[0] == "4 to 8.8\N{NO-BREAK SPACE}d"
    assert effects["factor_1"].names[-1] == "0.28 to 0.64"
    days = np.array([point.levels[0].quantity.number for point in plan.points])
    lowest = summary["difference_median"][days < 8.8]
    assert len(lowest) == 8
    assert effects["factor_0"].medians[0] == lowest.median()


NAMED = swabs([f"{number} {LONG}"[:60] for number in range(3)]) | {"label": LONG}
MANY = ["quarantine_7_days.yaml", "quarantine_28_days.yaml", "no_closure.yaml", "no_tracing.yaml",
        "no_reward.yaml", "no_lockdown.yaml", "no_monitoring.yaml"]  # fmt: skip
CASES: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "a scale": ([stay() | {"label": LONG}], {}),
    "six policies": ([stay()], {"policies": MANY[:5]}),
    "eight policies": ([stay()], {"policies": MANY}),
    "one level": ([some("border.informants.b1", 0.7)], {}),
    "long names": ([NAMED], TWO),
    "two of long names": ([NAMED, {"label": LONG, "levels": [
        {"label": f"{LONG[:50]} {n}", "set": {"policies.monitoring": n / 4}} for n in range(4)
    ]}], {}),
    "one row": ([stay(6), some("border.informants.b1", 0.7)], {}),
    "many cells": ([stay(12), hazard(9)], {}),
    "three": ([stay(4), hazard(3), NAMED], {}),
    "many": ([stay(2), hazard(2), response(2), NAMED], {}),
    "sample": ([stay(2), hazard(2), response(2), NAMED], SAMPLED),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("kind", ["failed", "zero"])
def test_every_figure_is_whole_and_nothing_overlaps(a_plan, case: str, kind: str) -> None:
    factors, more = CASES[case]
    plan = a_plan(factors, **{"outcomes": [SHARE, COST], **more})
    if kind == "zero":
        summary = a_summary(plan, lambda *_: 0.0, spread=0.0)
    else:
        summary = a_summary(plan, failed=[(0, 1)], runs=7)
    for fig in draw_sweep(plan, summary).values():
        check_whole(fig)
        check_apart(fig)
        if kind == "zero":
            assert "no difference at any point" in texts(fig) or "no factor moves" in texts(fig)


def test_without_finished_runs_there_is_no_figure(a_plan) -> None:
    plan = a_plan([stay(2)], **TWO)
    summary = a_summary(plan)
    assert draw_sweep(plan, summary[:0]) == {}
    assert draw_sweep(plan, summary.assign(point=-1)) == {}
    unpaired = summary[[name for name in summary if not name.startswith("difference_")]]
    (fig,) = draw_sweep(plan, unpaired).values()
    assert "same parameters and seed" in texts(fig)


def test_a_policy_without_finished_runs_is_left_out(a_plan) -> None:
    plan = a_plan([stay(2), response(2)], **TWO)
    summary = a_summary(plan, failed=[(1, point) for point in range(4)])
    assert set(draw_sweep(plan, summary)) == {"heat_map_baseline"}


def test_files(a_plan, tmp_path) -> None:
    plan = a_plan([stay(2)])
    paths = write_sweep_figures(plan, a_summary(plan), tmp_path / "figures")
    assert {path.name for path in paths} == {"lines.png", "lines.svg", "lines.pdf"}
    assert all(path.stat().st_size for path in paths)
