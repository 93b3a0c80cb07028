"""Prior beside posterior of undetected infections, on runs made by hand."""

import numpy as np
import pandas as pd
import pytest
from small_fit import PRIORS, SCENARIO

from calibration.task_runner import TaskRunner
from calibration.undetected import KINDS, PEOPLE, SHARE, run_prior, undetected_table
from sim.experiment.ensemble import Ensemble, Member
from sim.world.detection import CAUSES

_CAUSES = [f"undetected_{cause.name.lower()}" for cause in CAUSES]


def runs(positive, shares, *, cause="undetected_false_negative") -> pd.DataFrame:
    """Return runs with ``shares`` of the infected entrants never found, all by one cause."""
    positive, shares = np.asarray(positive, float), np.asarray(shares, float)
    never = positive * shares / (1 - shares)
    table = pd.DataFrame(0.0, index=range(len(positive)), columns=_CAUSES)
    table[cause] = never
    return table.assign(
        ever_positive_entrants=positive, undetected_entrants=never, undecided_entrants=3.0
    )[["ever_positive_entrants", "undetected_entrants", *_CAUSES, "undecided_entrants"]]


def row(table: pd.DataFrame, unit: str, outcome: str = "undetected_entrants") -> pd.Series:
    return table[(table["unit"] == unit) & (table["outcome"] == outcome)].iloc[0]


SPREAD = np.linspace(0.1, 0.7, 101)


@pytest.mark.parametrize(
    ("posterior", "verdict"),
    [
        (SPREAD, "hardly informed"),
        (0.4 + 0.3 * (SPREAD - 0.4), "informed"),
        (np.full(101, 0.65), "informed"),
    ],
)
def test_the_verdict_on_a_share_is_by_runs_of_the_same_size(posterior, verdict):
    """Small epidemics, of which all or nobody is found, do not make the counts look better."""
    small = runs(np.full(200, 2.0), np.tile([0.0, 0.9], 100))
    prior = pd.concat([small, runs(np.full(101, 300.0), SPREAD)])
    table = undetected_table(prior, runs(np.full(101, 400.0), posterior))
    never = row(table, SHARE)
    assert never["verdict"] == verdict
    assert never["same_size_q95"] == pytest.approx(np.quantile(SPREAD, 0.95))
    assert never["prior_q95"] == pytest.approx(0.9)
    assert never["posterior_q50"] == pytest.approx(np.median(posterior))
    assert row(table, PEOPLE)["verdict"] == "informed"
    assert row(table, PEOPLE)["posterior_q50"] == pytest.approx(
        np.median(400 * posterior / (1 - posterior))
    )


def test_a_cause_of_nobody_is_too_rare_to_tell():
    table = undetected_table(runs(np.full(9, 50.0), SPREAD[:9]), runs([50, 60], [0.2, 0.3]))
    assert row(table, SHARE, "undetected_never_swabbed")["verdict"] == "too rare to tell"
    assert np.isnan(row(table, SHARE, "undetected_never_swabbed")["contraction"])


def test_shares_without_infected_entrants_are_empty():
    table = undetected_table(runs([0, 0], [0, 0]), runs([0, 0], [0, 0]))
    assert row(table, SHARE)[[f"{kind}_q50" for kind in KINDS]].isna().all()
    assert row(table, PEOPLE)["posterior_q50"] == 0


def test_runs_from_the_priors_are_kept_and_leave_what_the_scenario_sets(monkeypatch):
    monkeypatch.setattr("calibration.undetected.PRIOR_RUNS", 4)
    drawn: list[Member] = []

    def counted(scenario, member):
        drawn.append(member)
        return np.arange(len(_CAUSES) + 3.0) + len(drawn)

    monkeypatch.setattr("calibration.undetected._detection", counted)
    base = {"source.exposure": 150.0, "quarantine.symptoms_noticed": 0.1}
    ensemble = Ensemble((Member(1, base),), base)
    first = run_prior(SCENARIO, ensemble, PRIORS.parameters, 1, TaskRunner())
    assert len(first) == 4
    paths = {"source.exposure", "travellers.demand.ceiling"}
    assert all(member.parameters.keys() == paths for member in drawn)
    assert len({member.parameters["source.exposure"] for member in drawn}) == 4
    again = [member.seed for member in drawn]
    drawn.clear()
    run_prior(SCENARIO, ensemble, PRIORS.parameters, 1, TaskRunner())
    assert [member.seed for member in drawn] == again
