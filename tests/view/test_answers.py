"""Laws of honesty: what every answer says, whatever the numbers are."""

import math
import re
from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import pytest
from random_scenarios import a_world, scenario_of
from rich.console import Console
from small_sweep import write_sweep

from sim.experiment.discovery import Discovery
from sim.experiment.outcome_registry import FIRST, OUTCOMES, Direction
from sim.experiment.paired_outcomes import PairedOutcomes
from sim.experiment.prim import Box, Interval
from sim.experiment.sweep.loader import load_sweep
from sim.view.answers.closing_text import closing_text
from sim.view.answers.sentences import (
    CUT_OFF,
    IN_QUARANTINE,
    cost_parts,
    cut_off,
    money,
    policy_sentence,
    resting_on,
    run_sentence,
    with_changes,
)
from sim.view.answers.sweep_sentences import sweep_sentences
from sim.view.answers.tables import Runs, differences, summary_of
from sim.view.outcome_words import amount, difference_words, value_words
from sim.view.policies.look import is_beyond_chance
from sim.view.sweep.discovery import too_few
from sim.view.words import percent

INFECTIONS = FIRST[0]
NEITHER = [name for name, of in OUTCOMES.items() if of.direction is Direction.NEITHER]
SEEDS = pytest.mark.parametrize("seed", range(12))
WORTH = re.compile(r"\b(better|worse|averts|saves)\b")


def test_a_question_names_what_is_not_as_its_file_says():
    scenario = scenario_of(a_world())
    changed = scenario.as_set_by_hand(["policies.quarantine_stay", "name"])
    assert with_changes("Why?", scenario) == "Why?"
    assert with_changes("Why?", changed) == "Why? (changed by hand: policies.quarantine_stay)"
    assert with_changes("", changed) == ""


@pytest.mark.parametrize(
    ("cases", "mass", "said"),
    [
        (99, 1.0, "only 99 experiments, fewer than 100"),
        (100, 0.5, ""),
        (100, 0.19, "only 19 of 100 experiments are inside"),
    ],
)
def test_few_experiments_are_warned_about(cases, mass, said):
    boxes = [Box(1, 0.5, 1, {}), Box(1, 0.9, mass, {"stay": Interval(5, math.inf)})]
    warning = too_few(Discovery(boxes, 2, 1, None), np.ones(cases, dtype=bool))
    assert warning.startswith(said) and bool(warning) == bool(said)


def _paired(seed, names=("baseline", "one", "other"), pairs=40, **of_one):
    """Return made-up pairs of all sizes; some policies change some outcomes in no pair."""
    rng = np.random.default_rng(seed)
    scale = 10.0 ** rng.uniform(-1, 7, len(OUTCOMES))
    before = rng.poisson(3, (pairs, len(OUTCOMES))) * scale
    tables = [before]
    for _ in names[1:]:
        change = rng.normal(rng.normal(0, 1), 0.5, before.shape) * scale
        tables.append(before + change * (rng.random(len(OUTCOMES)) < 0.8))
    frames = [pd.DataFrame(table, columns=list(OUTCOMES)) for table in tables]
    frames[1] = frames[1].assign(**of_one)
    return PairedOutcomes(names, frames)


def _texts(table):
    return {
        title: " ".join([cell.text, *cell.notes, cell.chance])
        for title, cells in table.rows
        for cell in cells
    }


def _printed(renderable, width):
    console = Console(width=width)
    with console.capture() as text:
        console.print(renderable)
    return text.get()


@SEEDS
def test_what_has_no_direction_is_never_better_or_worse(seed):
    shown = _texts(differences(_paired(seed), every=True))
    titles = {OUTCOMES[name].label for name in NEITHER} & set(shown)
    assert titles
    for title in titles:
        assert not WORTH.search(shown[title])


def test_detection_is_never_the_headline():
    assert not set(FIRST) & set(NEITHER)
    sentence = policy_sentence(_paired(1), 1)
    assert not re.search("case|confirmed|test|positive", sentence)


@pytest.mark.parametrize("waiting", [0, 0.4, 1, 7, 6742])
def test_what_is_cut_off_is_said_in_the_same_line(waiting):
    paired = _paired(3, **{IN_QUARANTINE: waiting})
    paired._tables[0][IN_QUARANTINE] = 0.0
    sentence, here = policy_sentence(paired, 1), partial(paired.outcome, 1)
    assert " so far" in sentence or waiting < 1
    for said in (sentence, run_sentence("one", here)):
        number = amount(IN_QUARANTINE, waiting)
        cut = re.search(rf"{number} infected (person is|people are) still in quarantine", said)
        assert bool(cut) == (waiting >= 1) == (" so far" in said)
    for table in (differences(paired), summary_of([Runs("one", 40, here)])):
        for row, name in zip(table.rows, FIRST[:4], strict=False):
            assert (" so far" in row[1][min(1, len(row[1]) - 1)].text) == (
                waiting >= 1 and name in CUT_OFF
            )


def test_who_waits_under_the_baseline_is_said_too():
    paired = _paired(3, **{IN_QUARANTINE: 0.0})
    paired._tables[0][IN_QUARANTINE] = 350.0
    assert cut_off(partial(paired.outcome, 1), partial(paired.outcome, 0)) == (
        "0 infected people are still in quarantine when the calendar ends (baseline: 350)"
    )
    assert "(baseline: 350)" in policy_sentence(paired, 1)


@SEEDS
def test_sentences_agree_with_the_numbers(seed):
    paired = _paired(seed)
    for policy in (1, 2):
        said = policy_sentence(paired, policy)
        of, cost = (paired.statistics(policy, name) for name in (INFECTIONS, "cost_cny"))
        if of.equal < 1:
            assert f"P(lower) {percent(of.lower)}" in said
        found = re.search(r"(averts|adds) (\S+) community", said)
        assert bool(found) == (is_beyond_chance(of) and of.median != 0)
        if found:
            assert found.groups() == (
                "averts" if of.median < 0 else "adds",
                amount(INFECTIONS, abs(of.median)),
            )
            ends = np.quantile(paired.difference(policy, INFECTIONS), (0.05, 0.95))
            assert ("probably " + found[1] in said) == (ends[0] <= 0 <= ends[1])
        saves, more = (f"saves {money(-cost.median)}", f"costs {money(cost.median)} more")
        known = is_beyond_chance(cost)
        assert (saves in said) == (known and cost.median < 0)
        assert (more in said) == (known and cost.median > 0)


@pytest.mark.parametrize(
    ("lockdown", "tests", "said"),
    [
        (-185e6, -3e6, "185 million CNY of it for lockdown, whose price is an assumption"),
        (-195e6, 7e6, "lockdown alone: 195 million CNY, whose price is an assumption"),
        (-120e6, -80e6, ""),
        (5e6, 0, "5 million CNY of it for lockdown, whose price is an assumption"),
        (0, 0, ""),
    ],
)
def test_an_answer_that_rests_on_one_price_says_so(lockdown, tests, said):
    costs = {name: 0.0 for name in OUTCOMES if name.startswith("cost_")}
    costs |= {"cost_lockdown_person_day_cny": lockdown, "cost_test_cny": tests}
    costs["cost_cny"] = lockdown + tests
    paired = _paired(1)
    for name, value in costs.items():
        paired._tables[1][name] = paired._tables[0][name] + value
    found = resting_on(costs["cost_cny"], cost_parts(partial(paired.difference, 1)))
    assert found.replace("\N{NO-BREAK SPACE}", " ") == said
    assert found in policy_sentence(paired, 1)
    assert ("assumption" in policy_sentence(paired, 1)) == bool(said)


def _sweep(tmp_path, outcome, differences_, wide=1.0):
    """Return a plan and a summary with these median differences at its points."""
    plan = load_sweep(write_sweep(tmp_path))
    plan = replace(plan, sweep=plan.sweep.model_copy(update={"outcomes": [outcome]}))
    rows = [
        {
            "policy": plan.policies[0].name, "point": point, "outcome": outcome,
            "runs": 4, "runs_with_value": 4, "mean": 50 + of,
            **dict.fromkeys(("q05", "q25", "q50", "q75", "q95"), 50.0 + of),
            "difference_median": of, "difference_mean": of,
            "difference_median_low_95": of - wide / 2, "difference_median_high_95": of + wide / 2,
        }
        for point, of in enumerate((0.0, *differences_), -1)
    ]  # fmt: skip
    return plan, pd.DataFrame(rows)


@pytest.mark.parametrize("outcome", [INFECTIONS, "days_until_local_case", "first_positives"])
@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([3, 4, 5, 9, 12, 40], {"Every point is", "worse"}),
        ([-3, -4, -5, -9, -12, -40], {"Every point is", "better"}),
        ([0, 4, 5, 9, 12, 40], {"No point is", "better"}),
        ([-1, 4, 5, 9, 12, 40], set()),
    ],
)
def test_a_sweep_says_first_that_all_its_points_are_worse(tmp_path, outcome, points, words):
    direction = OUTCOMES[outcome].direction
    signs = np.array(points) * (-1.0 if direction is Direction.MORE_IS_BETTER else 1.0)
    first, *_ = sentences = sweep_sentences(*_sweep(tmp_path, outcome, signs), outcome)
    if direction is Direction.NEITHER:
        assert not WORTH.search(" ".join(sentences))
    else:
        assert all(word in first for word in words)
        assert bool(WORTH.search(first)) == bool(words)


@pytest.mark.parametrize(
    ("wide", "words"),
    [
        (1, ["What matters most is laboratory", "it moves", " (more than chance)"]),
        (math.nan, ["What matters most is laboratory", "it moves", " (too few runs to tell"]),
        (99, ["No factor moves", "more than chance: laboratory"]),
    ],
)
def test_what_matters_says_of_what_out_of_what_and_whether_by_chance(tmp_path, wide, words):
    sweep = _sweep(tmp_path, INFECTIONS, [0.0, 7, 1, 8, 2, 9], wide)
    said = " ".join(sweep_sentences(*sweep, INFECTIONS))
    assert all(word in said for word in words)
    assert "the median of \N{LEFT DOUBLE QUOTATION MARK}community infections" in said
    assert "by up to 7 people" in said
    assert said.index("by up to 7 people") < said.index("Small world: 50 people")
    assert " has 50" not in said
    assert "Quarantine by 2" in said


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_numbers_have_two_or_three_digits_and_no_exponent(outcome):
    rng = np.random.default_rng(5)
    for value in (*10.0 ** rng.uniform(-6, 10, 300), 220_120_368.0, 9.1, 0.5, 999.6, 99_950.0):
        for text in (amount(outcome, value), value_words(outcome, value)):
            number = text.removesuffix(" million")
            assert re.fullmatch(r"\d{1,3}(,\d{3})*(\.\d+)?", number)
            if OUTCOMES[outcome].unit != "share":
                assert len(number.replace(",", "").replace(".", "").strip("0")) <= 3
            if OUTCOMES[outcome].unit == "people":
                assert "." not in number
        opposite = difference_words(outcome, -value).replace("\N{MINUS SIGN}", "+")
        assert opposite == difference_words(outcome, value)
    assert amount(outcome, math.nan) == difference_words(outcome, math.nan) == "\N{EN DASH}"


@pytest.mark.parametrize("width", [80, 200])
@pytest.mark.parametrize("policies", [1, 2, 3, 5])
def test_the_last_screen_fits_a_terminal(tmp_path, width, policies):
    names = ["baseline", *(f"a_policy_with_a_very_long_name_{n}_of_many" for n in range(policies))]
    paired = _paired(4, names)
    said = [policy_sentence(paired, of) for of in range(1, len(names))]
    table = differences(paired, every=True)
    text = _printed(closing_text(["Why?"], table, said, tmp_path, baseline=True), width)
    lines = text.splitlines()
    assert max(map(len, lines)) <= width
    numbers = [line for line in lines if re.search(r"\d+%\s*$", line)]
    assert numbers
    assert max(len(line) for line in numbers if not line.startswith("A policy")) <= 100
    assert lines[0] == "Why?"
    joined = " ".join(text.split())
    assert f"bordersim report {tmp_path}" in joined.replace("- ", "-")
    places = [
        joined.index(f"A policy with a very long name {n} of many: ") for n in range(policies)
    ]
    assert places == sorted(places)


@SEEDS
def test_the_first_rows_are_five_and_the_others_are_asked_for(seed):
    paired = _paired(seed)
    first, every = differences(paired), differences(paired, every=True)
    assert len(first.rows) == 5
    assert first.rows == every.rows[:5]
    changed = sum(
        any(paired.difference(policy, name).any() for policy in (1, 2)) for name in OUTCOMES
    )
    assert len(every.rows) >= changed - len(FIRST) + 5 > 5
    for _, cells in first.rows:
        assert all(cell.chance for cell in cells[1:])
