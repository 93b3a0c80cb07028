"""Figures and tables of a fit show the numbers of its tables, for any counts and any ensemble."""

import functools
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from drawn import check_apart, check_drawn, check_whole, panels, said
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from shipped import BASELINE, ROOT

from calibration.check import NOT_FITTED, parameters_table, present, scores_of, targets_table
from calibration.coverage import CHAINS, RANK_COLUMNS, SCHEMES
from calibration.coverage_scores import LOCAL_PARAMETERS, PARAMETERS, SCORED, TOTAL
from calibration.priors import Priors, read_priors, values_at
from calibration.ranks import histogram
from calibration.simulator import LEFT_OUT, until
from calibration.targets import Target, Targets
from calibration.targets_file import read_targets
from calibration.undetected import pairs_outcomes, undetected_table
from sim import load_scenario, run
from sim.experiment.ensemble import Ensemble, Member
from sim.experiment.replicates import Replicates
from sim.view.axes import position
from sim.view.calibration.coverage_figures import (
    coverage_table,
    draw_coverage,
    draw_coverage_ranks,
)
from sim.view.calibration.days_left_out import draw_left_out
from sim.view.calibration.fit_tables import left_out_words, targets_words
from sim.view.calibration.fit_to_counts import draw_fit
from sim.view.calibration.never_found import draw_undetected
from sim.view.calibration.prior_and_posterior import draw_prior_and_posterior
from sim.view.labels import estimate_text, value_text

pytestmark = pytest.mark.thorough

TARGETS, PRIORS = read_targets(), read_priors()
TWO_PORTS = ROOT / "scenarios" / "two_ports.yaml"
TWO_PORTS_TARGETS = Path(__file__).parents[1] / "calibration" / "two_ports" / "targets.yaml"
NOBODY = ("travellers.pool=0",)


@functools.cache
def runs_of(
    settings: tuple[str, ...] = (), replicates: int = 3, path: Path = BASELINE
) -> Replicates:
    return run(load_scenario(path, settings), replicates=replicates)


def check_all(fig: Figure) -> None:
    check_drawn(fig)
    check_whole(fig)
    check_apart(fig)


def check_nothing(fig: Figure, why: str) -> None:
    check_whole(fig)
    assert f"Nothing to draw: {why}" in said(fig)


def changed(**values: object) -> Targets:
    """Return the shipped targets, with some attributes of every target changed."""
    targets = [target.model_copy(update=values) for target in TARGETS.targets]
    return TARGETS.model_copy(update={"targets": tuple(targets)})


# Runs against counts.


@pytest.mark.parametrize("replicates", [1, 3])
def test_every_printed_count_is_drawn_and_named(replicates: int) -> None:
    fig = draw_fit(runs_of(replicates=replicates), TARGETS)
    check_all(fig)
    titles = [" ".join(ax.get_title(loc="left").split()) for ax in panels(fig)]
    assert len(titles) == 9
    assert titles[0] == "Suifenhe: new confirmed cases counted 20 on 5 Apr"
    assert "Heilongjiang: confirmed cases so far counted 326 on 13 Apr, 386 on 28 Apr" in titles
    assert "Harbin: confirmed local cases so far counted 24 to 96 on 28 Apr" in titles
    assert "Heilongjiang: carriers under observation" in titles
    drawn = {
        (x, y)
        for ax in panels(fig)
        for line in ax.lines
        if line.get_marker() == "D"
        for x, y in np.transpose(line.get_data()).tolist()
    }
    assert drawn == {(position(t.data_date), end) for t in TARGETS.targets for end in t.bounds}
    assert said(fig).count("Global Times, The Moscow Times / AFP, UrduPoint / Sputnik") == 1


def test_the_heading_of_a_fit_counts_what_its_table_calls_inside() -> None:
    inside = targets_table(runs_of(), TARGETS)["inside_90"].sum()
    assert f"holds {inside} of 8 printed counts" in said(draw_fit(runs_of(), TARGETS))
    far = changed(kind="lower_bound", value=1e5, low=1e5, high=1e6)
    assert "holds 0 of 8 printed counts" in said(draw_fit(runs_of(), far))


def test_bars_are_the_noise_of_the_file() -> None:
    first = draw_fit(runs_of(), TARGETS).axes[0]
    (low, high) = first.collections[-1].get_segments()[0][:, 1]
    assert (low + high) / 2 == 20
    assert (high - low) / 2 == pytest.approx(1.645 * TARGETS.reporting_noise.sd(20))


def test_counts_of_another_outbreak() -> None:
    runs = runs_of(path=TWO_PORTS)
    targets = read_targets(TWO_PORTS_TARGETS)
    fig = draw_fit(runs, targets)
    check_all(fig)
    assert "counted 23 on 10 Apr, 51 on 30 Apr" in said(fig)
    # Many counts of one series do not crowd its title.
    many: list[Target] = [
        targets.targets[0].model_copy(
            update={"data_date": targets.targets[0].data_date.replace(day=day)}
        )
        for day in range(1, 29)
    ]
    fig = draw_fit(runs, targets.model_copy(update={"targets": (*many, *targets.targets[1:])}))
    check_all(fig)
    assert "counted 51 on 30 Apr (the last of 29)" in said(fig)


@pytest.mark.parametrize("settings", [(), NOBODY])
def test_a_fit_without_counts(settings: tuple[str, ...]) -> None:
    fig = draw_fit(runs_of(settings), changed(place="atlantis"))
    check_all(fig)
    assert "No article counts what is shown" in said(fig)
    assert len(fig.axes) == 2


def test_a_fit_of_one_day_or_without_runs() -> None:
    one_day = until(load_scenario(BASELINE).without(LEFT_OUT), 1)
    check_all(draw_fit(run(one_day, replicates=2), TARGETS))
    check_nothing(draw_fit(Replicates(load_scenario(BASELINE)), TARGETS), "no run has finished")


# Prior and posterior.


def an_ensemble(members: int, priors: Priors = PRIORS, spread: float = 1.0) -> Ensemble:
    scores = spread * np.random.default_rng(1).standard_normal((members, len(priors.parameters)))
    values = [values_at(priors.parameters, row) for row in scores]
    return Ensemble(tuple(Member(seed, of) for seed, of in enumerate(values)), values[0])


def posterior_of(ensemble: Ensemble, priors: Priors = PRIORS) -> Figure:
    scores = scores_of(ensemble, present(ensemble, priors))
    return draw_prior_and_posterior(parameters_table(ensemble, priors), scores)


@pytest.mark.parametrize("spread", [1.0, 0.2])
def test_fitted_parameters_are_in_order_of_contraction(spread: float) -> None:
    ensemble = an_ensemble(100, spread=spread)
    fig = posterior_of(ensemble)
    check_all(fig)
    table = parameters_table(ensemble, PRIORS)
    fitted = table[table["verdict"] != NOT_FITTED].sort_values("contraction", ascending=False)
    rows = [label.get_text().replace("\n", " ") for label in fig.axes[0].get_yticklabels()]
    assert rows == fitted["meaning"].tolist()
    informed = (fitted["verdict"] == "informed").sum()
    assert informed == len(fitted) if spread < 1 else informed < 5
    assert f"The counts inform {informed} of {len(fitted)} fitted parameters" in said(fig)
    assert f"Not shown: {len(table) - len(fitted)} parameters" in said(fig)


def test_a_posterior_at_the_edge_is_said_to_pile_up() -> None:
    uniform = PRIORS.parameters[:1]
    priors = PRIORS.model_copy(update={"parameters": uniform})
    members = [Member(seed, values_at(uniform, np.array([3.0]))) for seed in range(20)]
    fig = posterior_of(Ensemble(tuple(members), members[0].parameters), priors)
    check_all(fig)
    assert "piles up at the edge of its prior" in said(fig)


def test_one_member_has_no_posterior_interval() -> None:
    check_nothing(posterior_of(an_ensemble(1)), "fewer than two runs")


def test_numbers_have_the_digits_that_count() -> None:
    written = [value_text(value) for value in (0.0, 0.00213, 0.5, 3.118, -2.19, 18.32, 1384.0, 5e6)]
    assert written == [
        "0.00", "0.0021", "0.50", "3.12", "\N{MINUS SIGN}2.19", "18.3", "1,380", "5.0 million",
    ]  # fmt: skip
    assert estimate_text([1, 2, 3, 4, 5]) == "3.00 (1.00 to 5.00)"
    assert estimate_text([3, 3, 3, 3, 3]) == "3.00"


# Days left out.


def a_left_out_row(target: str, low: float, high: float, median: float) -> dict[str, object]:
    of = next(t for t in TARGETS.targets if t.id == target)
    factors = {"05": 0.6, "25": 0.8, "50": 1, "75": 1.2, "95": 1.5}
    return {
        "left_out": of.data_date.isoformat(),
        "target": target,
        "place": of.place,
        "series": of.series,
        "observed_low": low,
        "observed_high": high,
        **{f"predicted_q{share}": factor * median for share, factor in factors.items()},
        "inside_90": low <= 1.5 * median and 0.6 * median <= high,
    }


def left_out_rows() -> pd.DataFrame:
    rows = [
        a_left_out_row("A11", 386, 386, 370),
        a_left_out_row("A1", 20, 20, 5),
        a_left_out_row("A2", 39, np.inf, 36),
        a_left_out_row("A9", 79, 90, 80),
    ]
    together = [{**rows[i], "left_out": "2020-04-13 and 2020-04-28"} for i in (3, 0)]
    return pd.DataFrame([*rows, *together])


def test_days_left_out() -> None:
    fig = draw_left_out(left_out_rows())
    check_all(fig)
    assert [ax.get_title(loc="left") for ax in fig.axes] == [
        f"Fitted without {days}" for days in ("5 Apr", "13 Apr", "13 Apr and 28 Apr", "28 Apr")
    ]
    rows = [label.get_text().replace("\n", " ") for label in fig.axes[2].get_yticklabels()]
    assert rows == [
        "new confirmed cases, Heilongjiang, 13 Apr",
        "confirmed cases so far, Heilongjiang, 28 Apr",
    ]
    assert "5 of 6 counts" in said(fig)
    assert "printed 20; predicted 5 (3 to 8)" in said(fig)
    assert "printed 39 or more" in said(fig)
    assert "printed 79 to 90" in said(fig)


@pytest.mark.parametrize("median", [0, 300])
def test_one_count_left_out_or_none(median: float) -> None:
    check_all(draw_left_out(pd.DataFrame([a_left_out_row("A10", 0, 0, median)])))
    check_nothing(draw_left_out(pd.DataFrame()), "no day was left out")


def test_tables_say_in_words_what_was_counted() -> None:
    first, *_ = left_out_words(left_out_rows()).rows
    assert first[1:] == [
        "A11",
        "confirmed cases so far, Heilongjiang",
        "386",
        "370 (222 to 555)",
        "inside",
    ]
    words = targets_words(targets_table(runs_of(), changed(fit=False)))
    assert words.head == ["day", "id", "count", "article", "median (5 % to 95 %)", ""]
    assert [row[3] for row in words.rows][-1] == "24 to 96"
    assert all(row[-1].endswith(", compared only") for row in words.rows)
    assert left_out_words(left_out_rows()[:0]).rows == []


# Undetected infections.


def test_who_is_never_found() -> None:
    outcomes = pairs_outcomes(runs_of())
    table = undetected_table(outcomes, outcomes)
    fig = draw_undetected(table, runs_of(), "heilongjiang")
    check_all(fig)
    never = table[(table["outcome"] == "undetected_entrants") & (table["unit"] == "share")].iloc[0]
    ends = " to ".join(f"{100 * never[f'posterior_q{q}']:.0f}" for q in ("05", "95"))
    assert f"{ends} % of infected entrants are never found; the priors alone say {ends} %" in said(
        fig
    )
    for label in ("Never found", "Never swabbed", "False negative while infectious"):
        assert label in said(fig)
    (dots,) = (of for of in fig.axes[1].collections if isinstance(of, PathCollection))
    entered, infected = (
        runs_of().series(f"{series}_cumulative", "heilongjiang")[:, -1]
        for series in ("entrants", "entrants_infected")
    )
    expected = np.column_stack([entered, 100 * infected / entered])
    assert np.asarray(dots.get_offsets()) == pytest.approx(expected)


def test_undetected_where_nobody_enters() -> None:
    outcomes = pairs_outcomes(runs_of())
    nobody = undetected_table(0 * outcomes, 0 * outcomes)
    check_nothing(draw_undetected(nobody, runs_of(), "heilongjiang"), "no runs of the same size")
    fig = draw_undetected(undetected_table(outcomes, outcomes), runs_of(NOBODY), "heilongjiang")
    check_all(fig)
    assert "nobody entered" in said(fig)


# Coverage.


LOCAL_SERIES = ("local_confirmed_active", "local_confirmed_cumulative")
GROUPS = (
    *((prior.path, PARAMETERS) for prior in PRIORS.fitted),
    *((prior.path, LOCAL_PARAMETERS) for prior in PRIORS.local),
    *((series, series) for series in (*SCORED, *LOCAL_SERIES)),
    (TOTAL, TOTAL),
)


def some_scores(sets: int, schemes: tuple[str, ...] = SCHEMES) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    rows = [
        {
            "data_set": number,
            "scheme": scheme,
            "quantity": quantity,
            "group": group,
            "mean_rank": rng.random(),
            "inside_50": float(rng.random() < 0.5),
            "inside_90": float(rng.random() < 0.9),
            "width_90": rng.uniform(0.05, 3.0),
        }
        for number in range(sets)
        for scheme in schemes
        for quantity, group in GROUPS
        if scheme == CHAINS or group not in (LOCAL_PARAMETERS, *LOCAL_SERIES)
    ]
    return pd.DataFrame(rows)


def some_ranks(sets: int, sharpness: dict[str, float], groups: int = 10) -> pd.DataFrame:
    """Return ranks that are uniform, but for some groups around the middle or at the ends."""
    rng = np.random.default_rng(1)
    sizes = {group: 20 for _, group in GROUPS} | {TOTAL: 1}
    rows = []
    for number in range(sets):
        for group, size in list(sizes.items())[:groups]:
            away = np.abs(rng.uniform(-1, 1, size)) ** sharpness.get(group, 1.0)
            ranks = (1 + away * rng.choice([-1, 1], size)) / 2
            row = dict(zip(RANK_COLUMNS, histogram(ranks).tolist(), strict=True))
            rows.append({"data_set": number, "group": group, **row})
    return pd.DataFrame(rows)


@pytest.mark.parametrize("sets", [1, 2, 30])
def test_coverage(sets: int) -> None:
    scores = some_scores(sets)
    fig = draw_coverage(scores)
    check_all(fig)
    assert f"{sets} synthetic data set" in said(fig)
    table = coverage_table(scores)
    of = table[table["scheme"] == CHAINS]
    accepted = of["inside_50"].between(0.42, 0.60) & of["inside_90"].between(0.85, 0.96)
    assert f"as often as accepted for {accepted.sum()} of 10 quantities" in said(fig)
    drawn = fig.axes[1].containers[0].lines[0].get_xdata()
    assert drawn == pytest.approx(100 * of["inside_90"].to_numpy())


def test_coverage_of_one_unknown_scheme_and_of_none() -> None:
    fig = draw_coverage(some_scores(3, ("a_new_one",)))
    check_all(fig)
    assert "a new one" in said(fig)
    for table in (pd.DataFrame(), some_scores(1)[:0]):
        check_nothing(draw_coverage(table), "there are no synthetic data sets")
        check_nothing(draw_coverage_ranks(table), "there are no synthetic data sets")


def test_errors_of_coverage_are_those_of_data_sets() -> None:
    # Two parameters that agree in every data set are no more than one.
    rows = [
        {
            "data_set": number,
            "scheme": "hybrid",
            "quantity": quantity,
            "group": TOTAL if quantity == TOTAL else PARAMETERS,
            "mean_rank": inside,
            "inside_50": inside,
            "inside_90": 1.0,
            "width_90": width,
        }
        for number, (inside, width) in enumerate([(0.0, 1.0), (1.0, 2.0), (1.0, 6.0)])
        for quantity in ("source.exposure", "laboratory.turnaround", TOTAL)
    ]
    table = coverage_table(pd.DataFrame(rows)).set_index("group")
    assert list(table.index) == ["parameters", "total"]
    assert table["data_sets"].tolist() == [3, 3]
    for score in ("mean_rank", "inside_50"):
        assert table[score].tolist() == pytest.approx([2 / 3, 2 / 3])
        assert table[f"{score}_se"].tolist() == pytest.approx([1 / 3, 1 / 3])
    assert table["inside_90_se"].tolist() == [0, 0]
    assert table["width_90"].tolist() == [2, 2]


@pytest.mark.parametrize(("sets", "groups"), [(1, 10), (3, 8), (150, 10), (150, 1)])
def test_uniform_ranks(sets: int, groups: int) -> None:
    fig = draw_coverage_ranks(some_ranks(sets, {}, groups))
    check_all(fig)
    assert f"no deviation found in any of {groups} quantities" in said(fig)
    assert f"{sets} synthetic data set" in said(fig)
    assert len(list(panels(fig))) == groups


@pytest.mark.parametrize(
    ("off", "finding"),
    [
        ({"imported_carriers_stock": 0.4}, "intervals too narrow for 1 of 10 quantities"),
        (
            {"imported_carriers_stock": 0.4, PARAMETERS: 0.6, "entrants_cumulative": 3.0},
            "not uniform for 3 of 10 quantities",
        ),
    ],
)
def test_ranks_that_deviate(off: dict[str, float], finding: str) -> None:
    fig = draw_coverage_ranks(some_ranks(150, off))
    check_all(fig)
    assert finding in said(fig)
    named = [ax for ax in panels(fig) if any("too" in text.get_text() for text in ax.texts)]
    assert len(named) == len(off)
