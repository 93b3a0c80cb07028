"""Figure of cases by day of onset beside day of confirmation."""

import functools

import pytest
from drawn import check_drawn, check_whole, said
from shipped import SCENARIOS

from sim import load_scenario, run
from sim.experiment.case_days import case_days
from sim.experiment.replicates import Replicates
from sim.view.onsets import draw_onsets

pytestmark = pytest.mark.slow

NOBODY = ("travellers.pool=0",)
WITHOUT_SYMPTOMS = ("disease.asymptomatic_share=1",)


@functools.cache
def runs_of(settings: tuple[str, ...] = (), replicates: int = 2) -> Replicates:
    return run(
        load_scenario(SCENARIOS / "baseline.yaml", settings), replicates=replicates, ensemble="none"
    )


@pytest.mark.parametrize("settings", [(), NOBODY, WITHOUT_SYMPTOMS, ("calendar.end=2020-04-20",)])
def test_it_is_whole_and_labelled(settings):
    fig = draw_onsets(runs_of(settings))
    check_drawn(fig)
    check_whole(fig)


def test_it_says_how_late_cases_are_confirmed():
    text = said(draw_onsets(runs_of()))
    share = 100 * case_days(runs_of()).without_symptoms
    assert f"{share:.0f} % had no symptoms then" in text
    assert "days after onset (median)" in text
    assert "no imported case was confirmed" in said(draw_onsets(runs_of(NOBODY)))
    assert "none had symptoms when confirmed" in said(draw_onsets(runs_of(WITHOUT_SYMPTOMS)))


def test_the_end_is_hatched_as_far_back_as_confirmations_may_be_missing():
    runs = runs_of(("calendar.end=2020-04-20",))
    fig = draw_onsets(runs)
    (hatched,) = [patch for patch in fig.axes[0].patches if patch.get_hatch()]
    assert round(hatched.get_width()) == case_days(runs).incomplete_days
