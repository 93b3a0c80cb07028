"""The registry of outcomes: complete, and all that is needed for an outcome to be shown."""

import numpy as np
import pytest
from random_scenarios import a_world, scenario_of
from rich.console import Console

import sim
from docs.blocks.outcomes import outcomes_block
from sim.experiment import replicates
from sim.experiment.outcome_registry import COMPARED, FIRST, OUTCOMES, Direction, Group, Outcome
from sim.experiment.paired_statistics import PairedStatistics
from sim.experiment.tables import summary_table
from sim.view.answers.closing_text import comparison_table, summary
from sim.view.outcome_words import probability_of_better, title_of_outcome, unit_of

WORLD = scenario_of(a_world())
EARLIER = scenario_of(a_world(name="earlier", source__exposure=20))
ROOMS = Outcome("rooms", "Rooms in use (rooms)", "rooms", Group.LOAD, Direction.MORE_IS_BETTER,
                "Rooms of which at least one bed is in use.")  # fmt: skip


@pytest.fixture
def rooms(monkeypatch):
    """Add an outcome as the recipe says: a number of the run, and an entry."""
    outcomes_of = replicates.outcomes_of
    monkeypatch.setattr(
        replicates,
        "outcomes_of",
        lambda model, sums: {**outcomes_of(model, sums), "rooms": model.people.infected.sum()},
    )
    monkeypatch.setitem(OUTCOMES, "rooms", ROOMS)


def printed(table):
    console = Console(width=200)
    with console.capture() as text:
        console.print(table)
    return text.get()


def test_what_a_run_computes_is_in_the_registry_and_nothing_else():
    (result,) = sim.run(WORLD, replicates=1).results
    assert list(result.outcomes) == list(OUTCOMES)
    assert all(name == outcome.name for name, outcome in OUTCOMES.items())


def test_a_new_outcome_is_shown_everywhere(rooms):
    runs = sim.run(WORLD, replicates=2)
    assert "rooms" in summary_table(runs)["outcome"].tolist()
    assert "Rooms in use (rooms)" in printed(summary([runs], every=True))
    assert (title_of_outcome("rooms"), unit_of("rooms")) == ("Rooms in use (rooms)", "rooms")
    assert (
        "- `rooms` (rooms): Rooms of which at least one bed is in use."
        in outcomes_block().splitlines()
    )
    comparison = sim.compare([WORLD, EARLIER], replicates=2)
    row = comparison.differences_table().set_index("outcome").loc["rooms"]
    assert row["unit"] == "rooms"
    assert row["lower"] == 1
    shown = printed(comparison_table(comparison, every=True))
    assert "P(higher) 0%" in shown.partition("Rooms in use")[2]


def test_entries_have_what_pages_need():
    for outcome in OUTCOMES.values():
        assert outcome.label
        assert outcome.unit
        assert outcome.meaning[0].isupper()
        assert outcome.meaning.endswith(".")
    labels = [outcome.label for outcome in OUTCOMES.values()]
    assert len(set(labels)) == len(labels)
    for selected in (FIRST, COMPARED):
        assert set(selected) <= set(OUTCOMES)
        assert len(set(selected)) == len(selected)


def test_the_first_outcomes_are_those_a_policy_is_judged_by():
    first = {name: outcome for name, outcome in OUTCOMES.items() if outcome.first}
    assert sorted(first, key=lambda name: first[name].first) == list(FIRST)
    assert list(FIRST) == [
        "community_infections",
        "local_infections",
        "undetected_entrants",
        "stranded_person_days",
        "cost_without_lockdown_cny",
        "cost_cny",
    ]
    assert {outcome.direction for outcome in first.values()} == {Direction.FEWER_IS_BETTER}


def test_detection_is_not_harm():
    detection = {"imported_confirmed", "peak_imported_confirmed_new", "peak_carriers_stock",
                 "first_positives", "local_first_positives", "tests", "traced_contacts",
                 "ever_positive_entrants", "illegal_caught", "caught_on_report",
                 "captured_by_residents", "seen_by_patrols", "seen_by_sensors"}  # fmt: skip
    found = {f"fate_{how}" for how in ("found_entry", "found_symptoms", "found_test",
                                       "found_review", "found_caught", "stopped_exit")}  # fmt: skip
    for name in detection | found:
        assert OUTCOMES[name].direction is Direction.NEITHER, name


def test_a_share_of_pairs_is_called_by_what_the_outcome_says():
    of = PairedStatistics.of(np.array([1.0, 2.0, 3.0, 9.0]), np.array([2.0, 3.0, 4.0, 8.0]))
    assert probability_of_better("cost_cny", of) == ("P(lower)", 0.75)
    assert probability_of_better("days_until_local_case", of) == ("P(higher)", 0.25)
    assert probability_of_better("imported_confirmed", of) == ("P(lower)", 0.75)
