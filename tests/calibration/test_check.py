"""What a fit is said to say, on ensembles and counts made by hand."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import special

from calibration.check import (
    LeftOut,
    dates_left_out,
    left_out_table,
    parameters_table,
    piles_up,
    targets_table,
    trade_offs,
)
from calibration.priors import Priors
from calibration.targets import Targets
from sim.experiment.ensemble import Ensemble, Member

FIRST = dt.date(2020, 3, 1)
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


SECTIONS = {None: "p", "towns": "residents.p", "border": "border.p"}


def priors_of(*parts: str | None, kind: str = "uniform") -> Priors:
    known = {"uniform": {"low": 0, "high": 10}, "normal": {"mean": 5, "sd": 2}}[kind]
    return Priors.model_validate(
        {
            "parameters": [
                {
                    "path": f"{SECTIONS[part]}{number}",
                    "label": f"parameter {number}",
                    "unit": "days",
                    "source": "made up",
                    "prior": {"kind": kind, **known},
                }
                for number, part in enumerate(parts)
            ]
        }
    )


def ensemble_at(*scores: Any, base: int | None = None, last_of: str | None = None) -> Ensemble:
    """Return an ensemble whose parameters, uniform from 0 to 10, have these normal scores.

    The last one is of the part ``last_of`` of the world.
    """
    names = [f"p{number}" for number in range(base or len(scores))]
    names[-1] = f"{SECTIONS[last_of]}{len(names) - 1}"
    values = [10 * special.ndtr(np.asarray(of)) for of in scores]
    members = [
        Member(seed, {name: float(of[seed]) for name, of in zip(names, values, strict=False)})
        for seed in range(len(values[0]))
    ]
    return Ensemble(tuple(members), dict.fromkeys(names, 5.0))


NORMAL = special.ndtri((np.arange(400) + 0.5) / 400)


@pytest.mark.parametrize(
    ("scores", "part", "verdict"),
    [
        (NORMAL, None, "hardly informed"),
        (0.5 * NORMAL, None, "informed"),
        (0.85 * NORMAL, None, "informed"),
        (0.91 * NORMAL, None, "hardly informed"),
        (NORMAL + 0.45, None, "hardly informed"),
        (NORMAL + 0.55, None, "informed"),
        (NORMAL - 0.55, None, "informed"),
        (NORMAL + 2, None, "piles up at the edge of its prior"),
        (NORMAL - 2, None, "piles up at the edge of its prior"),
        (0.5 * NORMAL, "towns", "not fitted: keeps its prior"),
    ],
)
def test_the_verdict_on_a_parameter(scores, part, verdict):
    table = parameters_table(ensemble_at(scores, last_of=part), priors_of(part))
    row = table.iloc[0]
    assert row["verdict"] == verdict
    assert row["contraction"] == pytest.approx(1 - scores.var(), abs=1e-6)
    said = ["parameter", "meaning", "unit", "source"]
    assert row[said].tolist() == [f"{SECTIONS[part]}0", "parameter 0", "days", "made up"]
    for share in QUANTILES:
        name = f"{100 * share:02.0f}"
        assert row[f"prior_q{name}"] == pytest.approx(10 * share)
        expected = np.quantile(10 * special.ndtr(scores), share)
        assert row[f"posterior_q{name}"] == pytest.approx(expected)


def test_only_a_prior_with_bounds_has_an_edge_to_pile_up_at():
    far = np.full(10, 3.0)
    assert piles_up(priors_of(None).parameters[0], far)
    assert not piles_up(priors_of(None, kind="normal").parameters[0], far)
    # The outer 2 % of the prior hold a tenth of these, which is not more than a tenth.
    tenth = np.array([3.0] + [0.0] * 9)
    assert not piles_up(priors_of(None).parameters[0], tenth)
    fifth = np.array([-3.0, -3.0] + [0.0] * 8)
    assert piles_up(priors_of(None).parameters[0], fifth)


def test_trade_offs_are_the_strongest_correlations_of_fitted_parameters():
    rng = np.random.default_rng(1)
    first, noise, third = rng.standard_normal((3, 300))
    second = -0.9 * first + 0.3 * noise
    ensemble = ensemble_at(first, second, third, first, last_of="border")
    table = trade_offs(ensemble, priors_of(None, None, None, "border"), strongest=2)
    assert len(table) == 2
    assert table.iloc[0][["parameter", "other"]].tolist() == ["p0", "p1"]
    assert table["correlation"][0] == pytest.approx(np.corrcoef(first, second)[0, 1], abs=1e-6)
    assert abs(table["correlation"][0]) > abs(table["correlation"][1])
    assert len(trade_offs(ensemble, priors_of(None, None, None, "border"))) == 3


@pytest.mark.filterwarnings("error")
def test_a_parameter_that_all_members_share_is_in_no_pair():
    first, second = np.random.default_rng(2).standard_normal((2, 40))
    ensemble = ensemble_at(first, np.full(40, 0.3), second)
    table = trade_offs(ensemble, priors_of(None, None, None))
    assert table[["parameter", "other"]].to_numpy().tolist() == [["p0", "p2"]]
    assert trade_offs(ensemble_at(first), priors_of(None)).columns.tolist() == [
        "parameter", "other", "correlation",
    ]  # fmt: skip


def target(number: int, day: int, **kind: Any) -> dict[str, Any]:
    return {
        "id": f"X{number}",
        "place": "town",
        "series": "imported_confirmed_new",
        "data_date": (FIRST + dt.timedelta(days=day)).isoformat(),
        "article": "A",
        **kind,
    }


TARGETS = Targets.model_validate(
    {
        "articles": {"A": {"outlet": "A paper", "published": "2020-06-01"}},
        "targets": [
            target(0, 3, kind="count", value=50),
            target(1, 5, kind="interval", low=20, high=40),
            target(2, 5, kind="lower_bound", value=30, fit=False),
            target(3, 6, kind="count", value=0),
        ],
    }
)


def test_bounds_are_what_was_printed():
    assert [of.bounds for of in TARGETS.targets] == [(50, 50), (20, 40), (30, np.inf), (0, 0)]


@pytest.mark.parametrize(
    ("count", "inside", "off"),
    [
        (50, [True, False, True, False], [0, 0.5, 0, 50]),
        (10, [False, False, False, False], [-0.8, -0.5, -20 / 30, 10]),
        (30, [False, True, True, False], [-0.4, 0, 0, 30]),
        (40, [False, True, True, False], [-0.2, 0, 0, 40]),
        (20, [False, True, False, False], [-0.6, 0, -1 / 3, 20]),
        (0, [False, False, False, True], [-1, -1, -1, 0]),
    ],
)
def test_a_target_is_inside_or_the_median_is_off(count, inside, off):
    calendar = SimpleNamespace(day_of=lambda date: (date - FIRST).days)
    by_day = np.full((9, 10), 999)
    by_day[:, [3, 5, 6]] = count
    runs: Any = SimpleNamespace(
        scenario=SimpleNamespace(calendar=calendar),
        series=lambda series, place: by_day if (series, place) == NAMED else None,
    )
    table = targets_table(runs, TARGETS)
    assert table["inside_90"].tolist() == inside
    assert table["median_off"].tolist() == pytest.approx(off)
    assert table["target"].tolist() == ["X0", "X1", "X2", "X3"]
    assert table["fitted"].tolist() == [True, True, False, True]
    assert table["data_date"].tolist() == ["2020-03-04", "2020-03-06", "2020-03-06", "2020-03-07"]
    assert (table["posterior_q95"] == count).all()


NAMED = ("imported_confirmed_new", "town")


def on_days(*days):
    """Return targets with a count on each of some days of the small calendar."""
    return SimpleNamespace(
        fitted=lambda local: [SimpleNamespace(data_date=FIRST + dt.timedelta(day)) for day in days]
    )


@pytest.mark.parametrize(
    ("days", "left_out"),
    [
        ((3, 3), []),
        ((5, 3), [(3,), (5,)]),
        ((3, 8, 5), [(3,), (5,), (8,), (5, 8)]),
        ((1, 3, 5, 8, 8), [(1,), (3,), (5,), (8,), (5, 8)]),
    ],
)
def test_each_day_is_left_out_in_turn_and_the_last_two_together_if_others_remain(days, left_out):
    expected = [tuple(FIRST + dt.timedelta(day) for day in together) for together in left_out]
    assert dates_left_out(on_days(*days)) == expected


def test_days_left_out_together_are_both_predicted():
    fit: Any = SimpleNamespace(
        simulator=SimpleNamespace(columns=[("town", "imported_confirmed_new")]),
        pairs=[SimpleNamespace(counts=np.full((1, 10), 30))] * 50,
    )
    scenario: Any = SimpleNamespace(
        calendar=SimpleNamespace(day_of=lambda date: (date - FIRST).days)
    )
    dates = FIRST + dt.timedelta(days=5), FIRST + dt.timedelta(days=6)
    table = left_out_table([LeftOut(dates, fit)], TARGETS, scenario)
    assert table["target"].tolist() == ["X1", "X3"]
    assert set(table["left_out"]) == {f"{dates[0]} and {dates[1]}"}


def test_a_day_left_out_is_predicted_with_the_noise_of_reporting():
    counts = np.zeros((2000, 1, 10))
    counts[:, 0, 5] = 30
    fit: Any = SimpleNamespace(
        simulator=SimpleNamespace(columns=[("town", "imported_confirmed_new")]),
        pairs=[SimpleNamespace(counts=of) for of in counts],
    )
    calendar = SimpleNamespace(day_of=lambda date: (date - FIRST).days)
    scenario: Any = SimpleNamespace(calendar=calendar)
    without = [LeftOut((FIRST + dt.timedelta(days=5),), fit)]
    table = left_out_table(without, TARGETS, scenario)
    # X2 describes the same day and is not fitted.
    assert table["target"].tolist() == ["X1"]
    row = table.iloc[0]
    sd = 3.0 + 0.05 * 30
    for share in QUANTILES:
        expected = 30 + sd * special.ndtri(share)
        assert row[f"predicted_q{100 * share:02.0f}"] == pytest.approx(expected, abs=0.5)
    assert (row["observed_low"], row["observed_high"], row["inside_90"]) == (20, 40, True)
    counts[:, 0, 5] = 60
    assert not left_out_table(without, TARGETS, scenario)["inside_90"][0]
    counts[:, 0, 5] = 2
    table = left_out_table(without, TARGETS, scenario)
    assert table["predicted_q05"][0] == 0
    assert not table["inside_90"][0]
    # A count of zero lies on the edge of what is predicted, and is inside.
    counts[:, 0, 6] = 0
    zero = left_out_table([LeftOut((FIRST + dt.timedelta(days=6),), fit)], TARGETS, scenario)
    assert zero[["target", "predicted_q05", "inside_90"]].to_numpy().tolist() == [["X3", 0, True]]
