"""Figures of the fit: what they say of an ensemble, of coverage and of days left out."""

import datetime as dt
import functools

import numpy as np
import pandas as pd
import pytest
from drawn import check_apart, check_drawn, check_whole, panels, said, texts
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from shipped import BASELINE

from calibration.check import NOT_FITTED, parameters_table, present, scores_of
from calibration.coverage import CHAINS, RANK_COLUMNS, SCHEMES
from calibration.coverage_scores import LOCAL_PARAMETERS, PARAMETERS, SCORED, TOTAL
from calibration.priors import Priors, read_priors, values_at
from calibration.ranks import histogram
from calibration.targets import CountTarget, Targets
from calibration.targets_file import read_targets
from calibration.traveller_side import LEFT_OUT, until
from calibration.undetected import pairs_outcomes, undetected_table
from sim import load_scenario, run
from sim.experiment.ensemble import Ensemble, Member
from sim.experiment.replicates import Replicates
from sim.view.balanced_text import balanced
from sim.view.calibration.coverage import draw_coverage
from sim.view.calibration.coverage_ranks import draw_coverage_ranks
from sim.view.calibration.coverage_table import coverage_table
from sim.view.calibration.fit import draw_fit
from sim.view.calibration.left_out import draw_left_out
from sim.view.calibration.posterior import draw_prior_and_posterior
from sim.view.calibration.trade_offs import draw_trade_offs
from sim.view.calibration.undetected import draw_undetected
from sim.view.days import position
from sim.view.parameter_text import estimate_text, value_text
from sim.view.style import save

pytestmark = pytest.mark.thorough

TARGETS, PRIORS = read_targets(), read_priors()


@functools.cache
def runs_of(settings: tuple[str, ...] = (), replicates: int = 3) -> Replicates:
    return run(load_scenario(BASELINE, settings), replicates=replicates)


def an_ensemble(members: int, priors: Priors = PRIORS, spread: float = 1.0) -> Ensemble:
    """Return an ensemble with ``spread`` of the scores, the second parameter like the first."""
    rng = np.random.default_rng(1)
    scores = spread * rng.standard_normal((members, len(priors.parameters)))
    scores[:, 1:2] = 0.8 * scores[:, :1] + 0.6 * scores[:, 1:2]
    values = [values_at(priors.parameters, row) for row in scores]
    return Ensemble(tuple(Member(seed, of) for seed, of in enumerate(values)), values[0])


def posterior_of(ensemble: Ensemble, priors: Priors = PRIORS) -> Figure:
    scores = scores_of(ensemble, present(ensemble, priors))
    return draw_prior_and_posterior(parameters_table(ensemble, priors), scores)


def without_targets() -> Targets:
    """Return targets of a place that the scenario does not have."""
    elsewhere = [target.model_copy(update={"place": "atlantis"}) for target in TARGETS.targets]
    return TARGETS.model_copy(update={"targets": tuple(elsewhere)})


def check_all(fig: Figure) -> None:
    check_drawn(fig)
    check_whole(fig)
    check_apart(fig)


# Runs against counts.


@pytest.mark.parametrize("replicates", [1, 3])
def test_fit(replicates: int) -> None:
    fig = draw_fit(runs_of(replicates=replicates), TARGETS)
    check_all(fig)
    assert len(fig.axes) == 6
    words = texts(fig)
    for target in ("A1: 20", "A2: 39", "A9: 79", "A10: 326", "A11: 386", "A12: 270"):
        assert target in words
    assert "uses counts up to 28 Apr. Predictions: later days, and e and f" in words.replace(
        "\n", " "
    )


def test_counts_of_a_fit_stand_on_their_days_with_the_noise_of_the_file() -> None:
    fig = draw_fit(runs_of(), TARGETS)
    points = {
        (x, y)
        for ax in panels(fig)
        for points in ax.collections
        if isinstance(points, PathCollection)
        for x, y in np.asarray(points.get_offsets()).tolist()
    }
    counted = [t for t in TARGETS.counts() if t.series.startswith("imported")]
    assert points == {(position(t.data_date), t.value) for t in counted}
    (bar,) = fig.axes[0].containers[0].lines[2]
    (low, high) = bar.get_segments()[0][:, 1]
    assert (high - low) / 2 == pytest.approx(1.645 * TARGETS.reporting_noise.sd(79))


def test_a_fit_is_shown_from_its_first_cases_to_some_days_after_the_last_count() -> None:
    low, high = draw_fit(runs_of(), TARGETS).axes[0].get_xlim()
    assert low > position(dt.date(2020, 3, 15))
    assert high == position(dt.date(2020, 5, 3)) + 0.5


def test_the_heading_says_how_many_counts_are_reached() -> None:
    def with_values(value: float) -> Targets:
        changed = [
            t.model_copy(update={"value": value}) if isinstance(t, CountTarget) else t
            for t in TARGETS.targets
        ]
        return TARGETS.model_copy(update={"targets": tuple(changed)})

    assert "0 of 6 article counts" in texts(draw_fit(runs_of(), with_values(1e5)))
    nobody = runs_of(("travellers.pool=0",))
    assert "6 of 6 article counts" in texts(draw_fit(nobody, with_values(0)))


@pytest.mark.parametrize("settings", [(), ("travellers.pool=0",)])
def test_a_fit_without_counts(settings: tuple[str, ...]) -> None:
    fig = draw_fit(runs_of(settings), without_targets())
    check_all(fig)
    assert "No article counts what is shown" in texts(fig)
    assert len(fig.axes) == 5


def test_a_fit_of_one_day() -> None:
    one_day = until(load_scenario(BASELINE).without(LEFT_OUT), 1)
    fig = draw_fit(run(one_day, replicates=2), TARGETS)
    check_all(fig)
    assert "No article counts what is shown" in texts(fig)


def test_a_fit_without_runs() -> None:
    fig = draw_fit(Replicates(load_scenario(BASELINE)), TARGETS)
    check_whole(fig)
    assert "Nothing to draw: no run has finished" in texts(fig)


# Prior and posterior.


@pytest.mark.parametrize("spread", [1.0, 0.2])
def test_posterior(spread: float) -> None:
    ensemble = an_ensemble(100, spread=spread)
    fig = posterior_of(ensemble)
    check_all(fig)
    words = texts(fig).replace("\n", " ")
    for prior in PRIORS.fitted:
        assert prior.label in words
        assert prior.unit in words
    kept = len(PRIORS.parameters) - len(PRIORS.fitted)
    assert f"Not shown: {kept} parameters that no count informs" in words
    informed = (parameters_table(ensemble, PRIORS)["verdict"] == "informed").sum()
    assert informed == len(PRIORS.fitted) if spread < 1 else informed < 5
    assert f"The counts inform {informed} of {len(PRIORS.fitted)} fitted parameters" in words


def test_fitted_parameters_are_in_order_of_contraction() -> None:
    ensemble = an_ensemble(100)
    table = parameters_table(ensemble, PRIORS)
    fig = posterior_of(ensemble)
    fig.draw_without_rendering()
    written = [label.get_text().replace("\n", " ") for label in fig.axes[0].get_yticklabels()]
    fitted = table[table["verdict"] != NOT_FITTED]
    ordered = fitted.sort_values("contraction", ascending=False)["meaning"].tolist()
    assert written == ordered


def test_a_posterior_at_the_edge_is_said_to_pile_up() -> None:
    uniform = PRIORS.parameters[:1]
    priors = PRIORS.model_copy(update={"parameters": uniform})
    members = [Member(seed, values_at(uniform, np.array([3.0]))) for seed in range(20)]
    fig = posterior_of(Ensemble(tuple(members), members[0].parameters), priors)
    check_all(fig)
    assert "piles up at the edge of its prior" in texts(fig)
    assert "Not shown" not in texts(fig)


def test_one_member_has_no_contraction() -> None:
    fig = posterior_of(an_ensemble(1))
    check_all(fig)
    assert "Only one member" in texts(fig)
    assert "100 %" not in [text.get_text() for text in fig.axes[1].texts]


def test_no_parameters() -> None:
    fig = draw_prior_and_posterior(pd.DataFrame(), np.zeros((0, 0)))
    check_whole(fig)
    assert "Nothing to draw" in texts(fig)


def test_numbers_have_the_digits_that_count() -> None:
    written = [value_text(value) for value in (0.0, 0.00213, 0.5, 3.118, -2.19, 18.32, 1384.0, 5e6)]
    assert written == [
        "0.00", "0.0021", "0.50", "3.12", "\N{MINUS SIGN}2.19", "18.3", "1,380", "5.0 million",
    ]  # fmt: skip
    assert estimate_text([1, 2, 3, 4, 5]) == "3.00 (1.00 to 5.00)"
    assert estimate_text([3, 3, 3, 3, 3]) == "3.00"


def test_labels_are_broken_into_even_lines() -> None:
    assert balanced("carriers confirmed at the review of 13 April", 38) == (
        "carriers confirmed at\nthe review of 13 April"
    )
    assert balanced("short", 38) == "short"
    assert balanced("", 38) == ""
    assert balanced("averyverylongword", 5) == "avery\nveryl\nongwo\nrd"


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
            counts = histogram(ranks).tolist()
            row = dict(zip(RANK_COLUMNS, counts, strict=True))
            rows.append({"data_set": number, "group": group, **row})
    return pd.DataFrame(rows)


@pytest.mark.parametrize("sets", [1, 2, 30])
def test_coverage(sets: int) -> None:
    fig = draw_coverage(some_scores(sets))
    check_all(fig)
    words = texts(fig)
    assert f"{sets} synthetic data set" in words
    assert ("standard error" in words.replace("\n", " ")) == (sets > 1)
    rows = [label.get_text() for label in fig.axes[0].get_yticklabels()]
    assert rows[:2] == ["parameters, all together", "local parameters,\nall together"]
    assert len(rows) == 10


def test_coverage_of_one_unknown_scheme() -> None:
    fig = draw_coverage(some_scores(3, ("a_new_one",)))
    check_all(fig)
    assert "a new one" in texts(fig)


def test_no_coverage() -> None:
    for table in (pd.DataFrame(), some_scores(1)[:0]):
        fig = draw_coverage(table)
        check_whole(fig)
        assert "Nothing to draw: there are no synthetic data sets" in texts(fig)
        assert coverage_table(table).empty


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
    assert f"no deviation found for {groups} quantit{'y' if groups == 1 else 'ies'}" in said(fig)
    assert f"{sets} synthetic data set" in said(fig)
    assert len(list(panels(fig))) == groups


def test_ranks_of_a_fit_that_is_too_sure() -> None:
    fig = draw_coverage_ranks(some_ranks(150, {"imported_carriers_stock": 0.4}))
    check_all(fig)
    words = said(fig)
    assert "intervals too narrow for carriers under observation" in words
    assert "no deviation found for 9 others" in words
    (ax,) = (ax for ax in panels(fig) if "carriers" in ax.get_title(loc="left"))
    assert "too narrow" in " ".join(text.get_text() for text in ax.texts).replace("\n", " ")
    # The bins at both ends are above their band, and what is beyond is coloured.
    beyond = [patch.get_height() for patch in ax.patches if isinstance(patch, Rectangle)]
    assert min(beyond[0], beyond[-1]) > 0 > min(beyond[5:15])


def test_ranks_of_many_quantities_that_deviate() -> None:
    off = {"imported_carriers_stock": 0.4, PARAMETERS: 0.6, "entrants_cumulative": 3.0}
    fig = draw_coverage_ranks(some_ranks(150, off))
    check_all(fig)
    assert "not uniform for 3 of 10 quantities" in said(fig)
    assert said(fig).count("too wide") == 2  # in the note, and in the panel of entrants


def test_no_ranks() -> None:
    for table in (pd.DataFrame(), some_ranks(1, {})[:0]):
        fig = draw_coverage_ranks(table)
        check_whole(fig)
        assert "Nothing to draw: there are no synthetic data sets" in texts(fig)


# Days left out.


def a_left_out_row(target: str, low: float, high: float, median: float) -> dict[str, object]:
    of = next(t for t in TARGETS.targets if t.id == target)
    quantiles = {
        f"predicted_q{share:02d}": factor * median
        for share, factor in zip((5, 25, 50, 75, 95), (0.6, 0.8, 1, 1.2, 1.5), strict=True)
    }
    return {
        "left_out": of.data_date.isoformat(),
        "target": target,
        "place": of.place,
        "series": of.series,
        "observed_low": low,
        "observed_high": high,
        **quantiles,
        "inside_90": low <= 1.5 * median and 0.6 * median <= high,
    }


def test_days_left_out() -> None:
    rows = [
        a_left_out_row("A11", 386, 386, 370),
        a_left_out_row("A1", 20, 20, 5),
        a_left_out_row("A2", 39, np.inf, 36),
        a_left_out_row("A9", 79, 90, 80),
    ]
    fig = draw_left_out(pd.DataFrame(rows))
    check_all(fig)
    words = texts(fig)
    assert [ax.get_title(loc="left")[:6].strip() for ax in fig.axes] == [
        "5 Apr,",
        "13 Apr",
        "28 Apr",
    ]
    assert "3 of 4 counts" in words
    assert "counted 20; predicted 5 (3 to 8)" in words
    assert "counted 39 or more" in words
    assert "counted 79 to 90" in words


@pytest.mark.parametrize("median", [0, 300])
def test_one_target_left_out(median: float) -> None:
    check_all(draw_left_out(pd.DataFrame([a_left_out_row("A10", 0, 0, median)])))


def test_no_day_left_out() -> None:
    fig = draw_left_out(pd.DataFrame())
    check_whole(fig)
    assert "Nothing to draw: no day was left out" in texts(fig)


# Trade-offs.


def entrants(members: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(2)
    arrivals = np.exp(rng.normal(7, 0.5, members))
    return arrivals, np.minimum(1.0, 500 * np.exp(rng.normal(0, 0.2, members)) / arrivals)


def test_trade_offs() -> None:
    ensemble = an_ensemble(100)
    fig = draw_trade_offs(ensemble, PRIORS, *entrants(100))
    check_all(fig)
    words = texts(fig)
    assert "correlation \N{MINUS SIGN}0.9" in words
    strongest = np.corrcoef(scores_of(ensemble, PRIORS.parameters[:2]).T)[0, 1]
    assert strongest > 0.7
    assert f"The strongest pair, correlation +{strongest:.2f}" in words
    first, second = (prior.label for prior in PRIORS.parameters[:2])
    assert f"{first}\n{second}" in words


@pytest.mark.parametrize("members", [1, 2])
def test_too_few_members_for_a_correlation(members: int) -> None:
    fig = draw_trade_offs(an_ensemble(members), PRIORS, *entrants(members))
    check_all(fig)
    assert "too few members" in texts(fig)
    assert "correlation +" not in texts(fig)


def test_one_parameter_and_members_that_are_all_the_same() -> None:
    one = PRIORS.model_copy(update={"parameters": PRIORS.parameters[:1]})
    members = tuple(
        Member(m.seed, {p.path: m.parameters[p.path] for p in one.parameters})
        for m in an_ensemble(5).members
    )
    alone = Ensemble(members, members[0].parameters)
    same = an_ensemble(5, spread=0.0)
    for ensemble, priors in ((alone, one), (same, PRIORS)):
        fig = draw_trade_offs(ensemble, priors, np.full(5, 700.0), np.full(5, 0.4))
        check_all(fig)
        assert "too few members" in texts(fig)


@pytest.mark.parametrize(
    ("arrivals", "prevalence", "words"),
    [
        ([0, 0, 0, 0], [np.nan] * 4, "nobody entered"),
        ([0, 10, 20, 30], [np.nan, 0, 0, 0], "Entrants"),
        ([0, 100, 200, 300], [np.nan, 0.5, 0, 0.2], "Entrants"),
    ],
)
def test_members_without_entrants(arrivals, prevalence, words: str) -> None:
    of = np.array(arrivals, dtype=float), np.array(prevalence, dtype=float)
    fig = draw_trade_offs(an_ensemble(4), PRIORS, *of)
    check_all(fig)
    assert words in texts(fig)


def test_files_of_the_fit_are_the_same_each_time(tmp_path) -> None:
    first, second = (
        save(draw_fit(runs_of(), TARGETS), tmp_path / folder, "fit") for folder in ("a", "b")
    )
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


# Undetected infections.


def test_undetected() -> None:
    outcomes = pairs_outcomes(runs_of(replicates=3))
    fig = draw_undetected(undetected_table(outcomes, outcomes))
    check_all(fig)
    words = texts(fig)
    assert "leave open whether" in words
    for label in ("Never found", "Never swabbed", "False negative while infectious"):
        assert label in words


def test_undetected_without_infected_entrants() -> None:
    nobody = 0 * pairs_outcomes(runs_of(replicates=3))
    fig = draw_undetected(undetected_table(nobody, nobody))
    check_whole(fig)
    assert "no runs of the same size" in texts(fig)
