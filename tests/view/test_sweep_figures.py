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
from matplotlib.colors import to_rgb
from shipped import SCENARIOS

from sim.experiment.paired_statistics import SHARES, PairedStatistics
from sim.experiment.rank_correlation import partial_rank_correlations
from sim.experiment.sweep.loader import Plan, load_sweep
from sim.view.figures import draw_sweep
from sim.view.outcome_words import difference_words
from sim.view.style import save_all
from sim.view.sweep.tornado import effects_of
from sim.view.sweep.words import finding_of

pytestmark = pytest.mark.thorough

RELEASED, SHARE, COST = "fate_released_infectious", "undetected_share", "cost_cny"
LATER, TESTS = "days_until_local_case", "tests"
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
    difference: Callable[[int, Sequence[float]], float] = lambda _, places: 10.0 * sum(places) - 15,
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
                statistics = PairedStatistics.of(differences, np.zeros(runs)).as_row()
                values = np.quantile(differences + differences.max() + 3, SHARES)
                rows.append(
                    {"policy": scenario.name, "point": point.number, "outcome": outcome}
                    | {"runs": runs, "runs_with_value": runs}
                    | {f"difference_{name}": value for name, value in statistics.items()}
                    | {f"q{100 * share:02.0f}": q for share, q in zip(SHARES, values, strict=True)}
                )
    return pd.DataFrame(rows)


SAMPLED = {"design": {"kind": "sobol", "points": 16}}
TWO = {"policies": ["quarantine_7_days.yaml"]}


@pytest.mark.parametrize(
    ("factors", "more", "names"),
    [
        ([stay()], {}, {"lines"}),
        ([stay()], TWO, {"lines"}),
        ([stay(), response()], {}, {"heat_map"}),
        ([stay(), response()], TWO, {"heat_map_baseline", "heat_map_quarantine_7_days"}),
        ([stay(2), response(2), hazard(2)], {"outcomes": [RELEASED, COST]}, {"tornado"}),
        ([stay()], SAMPLED, {"tornado"}),
    ],
)
def test_the_kind_of_figure_follows_from_factors_and_design(a_plan, factors, more, names) -> None:
    plan = a_plan(factors, **more)
    assert set(draw_sweep(plan, a_summary(plan))) == names


def test_cells_are_those_of_the_summary_in_brackets_where_it_may_be_chance(a_plan) -> None:
    plan = a_plan([swabs("abc"), stay(4)], outcomes=[RELEASED, COST])
    summary = a_summary(plan, failed=[(0, 5)], spread=12.0)
    fig = draw_sweep(plan, summary)["heat_map"]
    maps = [ax for ax in fig.axes if ax.images]
    for ax, outcome in zip(maps, (RELEASED, COST), strict=True):
        # The factor with a scale runs across although it is the second in the file.
        expected = {(5 % 4, 5 // 4): "none"}
        for _, row in summary[summary["outcome"] == outcome].iterrows():
            text = difference_words(outcome, row["difference_median"])
            is_sure = row["difference_median_low_95"] > 0 or row["difference_median_high_95"] < 0
            place = row["point"] % 4, row["point"] // 4
            expected[place] = text if is_sure else f"({text})"
        cells = [text for text in ax.texts if text.get_weight() != "bold"]
        assert {text.get_position(): text.get_text() for text in cells} == expected
        assert 0 < sum("(" in text for text in expected.values()) < len(expected) - 1
        (image,) = ax.images
        assert image.norm.vmin == -image.norm.vmax
        assert np.isnan(np.ma.filled(image.get_array(), np.nan)).sum() == 1
    assert "1 of 12 points have no finished run" in said(fig)


@pytest.mark.parametrize(("outcome", "color"), [(RELEASED, 0), (LATER, 2)])
def test_what_is_worse_is_red(a_plan, outcome, color) -> None:
    plan = a_plan([stay(2), response(2)], outcomes=[outcome])
    (image,) = draw_sweep(plan, a_summary(plan))["heat_map"].axes[0].images
    highest = to_rgb(image.cmap(1.0)[:3])
    assert highest.index(max(highest)) == color


@pytest.mark.parametrize(
    ("factor", "scale", "label"),
    [
        (hazard(), "log", "factor 0, log scale"),
        (stay(), "linear", "Quarantine (d)"),
        (some("policies.laboratory_capacity", 50, 100, 500), "log", "factor 0, log scale"),
        (some("policies.laboratory_capacity", 50, 100, 150), "linear", "factor 0"),
    ],
)
def test_axis_of_a_factor(a_plan, factor, scale, label) -> None:
    plan = a_plan([factor])
    (ax,) = draw_sweep(plan, a_summary(plan))["lines"].axes
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


@pytest.mark.parametrize("factor", [stay(5), swabs("abcde")])
def test_lines_are_the_medians_and_break_where_a_point_failed(a_plan, factor) -> None:
    plan = a_plan([factor], **TWO)
    summary = a_summary(plan, lambda policy, places: 10 * places[0] + 30 * policy, failed=[(1, 2)])
    fig = draw_sweep(plan, summary)["lines"]
    lines = [line for line in fig.axes[0].lines if len(line.get_xdata()) == 5]
    for policy, line in zip(plan.policies, lines, strict=True):
        of = summary[summary["policy"] == policy.name].set_index("point")["difference_median"]
        np.testing.assert_array_equal(line.get_ydata(), of.reindex(range(5)))
    assert "1 of 10 points have no finished run" in said(fig)
    assert "quarantine 7 days" in said(fig)


@pytest.mark.parametrize(
    ("outcome", "shift", "said_of_it"),
    [
        (RELEASED, -15, "best, -"),
        (RELEASED, 20, "worse than baseline at every point, least: +"),
        (RELEASED, 0, "no point is better than baseline, 2 of 3 are worse"),
        (RELEASED, None, "no point differs from baseline beyond chance"),
        (LATER, -15, "best, +"),
        (LATER, -40, "worse than baseline at every point, least: -"),
        (TESTS, -15, "lowest, -"),
    ],
)  # fmt: skip
def test_the_heading_says_what_is_best_and_when_nothing_is(a_plan, outcome, shift, said_of_it):
    plan = a_plan([stay(3)], outcomes=[outcome])
    flat = shift is None
    summary = a_summary(plan, lambda _, places: 0.0 if flat else 10 * places[0] + shift, 1.0)
    heading = " ".join(finding_of(plan, summary, outcome).split())
    assert said_of_it in heading.replace("\N{MINUS SIGN}", "-")
    assert heading in said(draw_sweep(plan, summary)["lines"])


def test_of_several_outcomes_one_that_can_be_better_is_in_the_heading(a_plan) -> None:
    plan = a_plan([stay(2), response(2)], outcomes=[TESTS, RELEASED])
    summary = a_summary(plan)
    heading = " ".join(finding_of(plan, summary, RELEASED).split())
    assert heading in said(draw_sweep(plan, summary)["heat_map"])


def test_tornado_shows_conditional_medians_and_rank_correlations(a_plan) -> None:
    plan = a_plan([response(2), hazard(2), stay(3), swabs(["one", "two"])])
    summary = a_summary(plan, lambda _, places: float(np.dot(places, (0, 8, -30, 15))), spread=1.0)
    effects = effects_of(plan, summary, 0, RELEASED)
    assert [of.factor.name for of in effects] == [f"factor_{i}" for i in (2, 3, 1, 0)]
    levels = list(itertools.product(range(2), range(2), range(3), range(2)))
    table = pd.DataFrame(levels).assign(median=summary["difference_median"])
    for effect, place in zip(effects, (2, 3, 1, 0), strict=True):
        np.testing.assert_array_equal(effect.medians, table.groupby(place)["median"].median())
    ranked = partial_rank_correlations(
        np.array(levels, dtype=float)[:, :3], summary["difference_mean"].to_numpy()
    )
    assert [effect.correlation for effect in effects] == pytest.approx(
        [ranked[2], np.nan, ranked[1], ranked[0]], nan_ok=True
    )
    assert effects[0].sure
    assert not effects[-1].sure
    (fig,) = draw_sweep(plan, summary).values()
    check_drawn(fig)
    drawn = [line.get_xdata().tolist() for line in fig.axes[0].lines if line.get_marker() == "o"]
    assert drawn == [effect.medians.tolist() for effect in effects]
    least = difference_words(RELEASED, effects[0].medians.min())
    assert f"moved most by Quarantine ({least} to" in texts(fig)
    assert f"28 d: {least}" in texts(fig)
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
    "many cells": ([stay(20), hazard(9)], {}),
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
            assert "beyond chance" in texts(fig)


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
    paths = save_all(draw_sweep(plan, a_summary(plan)), tmp_path / "figures")
    assert {path.name for path in paths} == {"lines.png", "lines.svg", "lines.pdf"}
    assert all(path.stat().st_size for path in paths)
