"""The figure of a scenario discovery: whole, legible and true in every case."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest
from drawn import check_apart, check_drawn, check_whole, said
from matplotlib.figure import Figure
from shipped import SCENARIOS

from sim.experiment.discovery import Discovery, Firmness
from sim.experiment.prim import Box, Interval, Levels, Limits
from sim.experiment.sweep.experiments import Condition
from sim.experiment.sweep.loader import load_sweep
from sim.view.sweep.discovery import (
    Input,
    box_words,
    condition_words,
    draw_discovery,
    inputs_in_words,
)

pytestmark = pytest.mark.thorough

PAYS = Condition("net_benefit", True, 0)
RAN = (
    "baseline against no reward: 1,920 experiments (96 points, 20 pairs of parameters and random "
    "numbers)."
)
LONG = "tests worked off from 6 April on, relative to 400, then 1,000 a day in the laboratory"
INPUTS = {
    "response": Input("response of residents (b1)", ends=(0.0, 1.5)),
    "reward": Input("reward for a capture", "CNY", (500.0, 50_000.0), log=True),
    "shut": Input("port shut from", "date", (737_500.0, 737_560.0)),
    "people": Input("people who set out a day, at most", "people/d", (103.0, 784.0)),
    "long": Input(LONG),
    "swabs": Input("swabs"),
    **{f"x{number}": Input(f"input number {number}") for number in range(10)},
}
LEVELS = ["none at all", "at entry", "on day 2 and then once more every five days until the end"]


def values() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    table = pd.DataFrame({name: rng.random(90) for name in INPUTS})
    return table.assign(swabs=LEVELS * 30)


def drawn(
    limits: Mapping[str, Limits], coverage: float = 0.7, density: float = 0.85, steps: int = 20
) -> Figure:
    """Return the figure of a box at the end of some steps, with the usual checks."""
    shares = np.linspace(0, 1, steps).tolist()
    boxes = [
        Box(1 - (1 - coverage) * x, 0.4 + (density - 0.4) * x, 1 - 0.9 * x, limits if x else {})
        for x in shares
    ]
    returns = {cut: 10 + place for place, cut in enumerate(boxes[-1].restrictions)}
    found = Discovery(boxes, steps, steps - 1, Firmness(returns, 0.81, 0.62))
    fig = draw_discovery(found, INPUTS, values(), PAYS, RAN)
    check_drawn(fig)
    check_whole(fig)
    check_apart(fig)
    return fig


MANY = {
    "response": Interval(0.6, 0.7),
    "reward": Interval(5_000, math.inf),
    "shut": Interval(737_520.5, 737_530.0),
    "people": Interval(170.0, math.inf),
    "long": Interval(-math.inf, 0.05),
    "swabs": Levels(tuple(LEVELS[1:])),
    **{f"x{number}": Interval(0.3, math.inf) for number in range(10)},
}


@pytest.mark.parametrize("name", ["reward", "shut", "long", "swabs", "all", "none"])
@pytest.mark.parametrize(("coverage", "density"), [(0.7, 0.85), (1.0, 1.0), (0.05, 0.41)])
def test_every_box_is_drawn_whole_and_legible(name, coverage, density):
    limits = MANY if name == "all" else {} if name == "none" else {name: MANY[name]}
    drawn(limits, coverage, density)


def test_the_heading_says_the_answer_and_the_note_what_ran():
    text = said(drawn({"response": MANY["response"], "reward": MANY["reward"]}))
    assert "Net benefit above 0 CNY in 85 % (of all: 40 %) where response of" in text
    assert "is between 0.6 and 0.7 and reward for a capture is above 5,000 CNY" in text
    assert "96 points, 20 pairs" in text
    assert "10 and 11 of 50" in text
    assert "12 of 50" in text
    assert "a density of 81 % and a coverage of 62 %" in text


def test_of_many_conditions_the_heading_says_how_many_more_there_are():
    assert "and 13 more conditions" in said(drawn(MANY))


def test_bars_lie_where_the_limits_are():
    limits = {"response": Interval(0.6, 0.75), "reward": Interval(5_000, math.inf)}
    bars = drawn(limits).axes[0].patches
    ends = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars]
    assert ends[0] == pytest.approx((0, 1))
    assert ends[1] == pytest.approx((0.4, 0.5))
    # Half of the way from 500 to 50,000 on a logarithmic scale.
    assert ends[3] == pytest.approx((0.5, 1))


def test_without_restrictions_the_figure_says_so():
    text = said(drawn({}))
    assert "no condition tells which" in text
    assert "No input is restricted." in text


@pytest.mark.parametrize(("share", "amount"), [(0.0, "in no experiment"), (1.0, "in every exp")])
def test_when_there_is_nothing_to_tell_apart_the_page_says_so(share, amount):
    found = Discovery([Box(share, share, 1.0, {})], 1, 0, None)
    fig = draw_discovery(found, INPUTS, values(), PAYS, RAN)
    check_whole(fig)
    assert f"Net benefit above 0 CNY {amount}" in said(fig)
    assert "nothing to tell apart" in said(fig)


def test_a_chosen_box_that_was_not_passed_is_drawn_beside_the_line():
    boxes = [Box(1, 0.4, 1, {}), Box(0.6, 0.8, 0.3, {"x1": Interval(0.3, 0.9)})]
    simple = Box(0.7, 0.7, 0.4, {"x1": Interval(0.3, math.inf)})
    found = Discovery([*boxes, simple], 2, 2, Firmness({}, math.nan, math.nan))
    fig = draw_discovery(found, INPUTS, values(), PAYS, RAN)
    line = fig.axes[1].lines[0]
    assert line.get_xdata().tolist() == [1, 0.6]
    assert "the chosen one (ringed): density 70 %, coverage 70 %" in said(fig).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert "did not see" not in said(fig)


def test_inputs_have_the_labels_of_the_sweep_and_of_the_priors():
    plan = load_sweep(SCENARIOS / "sweeps" / "when_the_reward_pays.yaml")
    words = inputs_in_words(plan, ["noticed", "registers.findings_per_day", "elsewhere"])
    assert words["noticed"].label == "share of crossers noticed by a resident"
    assert words["noticed"].ends == (0.01, 0.3)
    assert words["noticed"].log
    assert words["registers.findings_per_day"].unit == "1/d"
    assert words["elsewhere"] == Input("elsewhere")


def test_conditions_are_said_in_words():
    assert box_words(Box(1, 1, 1, {}), INPUTS) == "no condition"
    kept = Box(1, 1, 1, {"swabs": Levels(("none at all", "at entry"))})
    assert box_words(kept, INPUTS) == "swabs is none at all or at entry"
    assert "is between 5 Apr and 15 Apr" in box_words(Box(1, 1, 1, {"shut": MANY["shut"]}), INPUTS)
    averts = Condition("community_infections", False, -10)
    assert "difference in community infections" in condition_words(averts)
    assert condition_words(averts).endswith("below \N{MINUS SIGN}10")
