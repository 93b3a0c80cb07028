"""What a report says: the answer, and what to keep in mind."""

import numpy as np
import pandas as pd
import pytest
from html_reader import Reader
from report_folders import ATTACK, page_in, write_comparison

from sim.experiment.paired_statistics import PairedStatistics
from sim.view.report.answers import MAIN, policy_sentences
from sim.view.report.cautions import cautions_of
from sim.view.report.read_folder import read_folder
from sim.view.report.wording import amount, money, percent

pytest_plugins = ["report_fixture"]


def test_sentences_say_the_numbers_of_the_table(folders):
    page = Reader(page_in(folders["comparison"]))
    table = pd.read_csv(folders["comparison"] / "differences.csv")
    rows = table.set_index(["policy", "outcome"])
    infections = rows.loc[("earlier", "community_infections")]
    cost = rows.loc[("earlier", "cost_cny")]
    low, high = round(-infections["q95"]), round(-infections["q05"])
    assert (
        f"Earlier averts {round(-infections['median'])} community infections "
        f"(90 %: {low} to {high}) and costs {-cost['median'] / 1e6:.0f} million CNY less"
    ) in page.text
    assert "It is better in 100 % of the pairs by community infections and in 100 %" in page.text
    later = rows.loc[("later", "cost_cny")]
    assert f"costs {money(later['median'])} more".replace("\N{NO-BREAK SPACE}", " ") in page.text
    assert page.text.index("Earlier averts") < page.text.index("What was run")
    cell = amount("tests", rows.loc[("later", "tests")]["median"])
    assert cell in page.text


def _against_zero(*differences):
    return PairedStatistics.of(np.array(differences, dtype=np.float64), np.zeros(len(differences)))


def _spoken(infections, imported, cost):
    of = dict(zip(MAIN, (_against_zero(*of) for of in (infections, imported, cost)), strict=True))
    return " ".join(policy_sentences("no_tests", of)).replace("\N{NO-BREAK SPACE}", " ")


def test_what_does_not_differ_is_not_spoken_of_as_a_difference():
    assert _spoken([0] * 8, [0] * 8, [0] * 8) == (
        "No tests changes community infections in no pair. "
        "It changes imported cases confirmed in no pair."
    )


def test_what_goes_both_ways_is_said_with_its_sides():
    said = _spoken([-2, -1, 0, 0, 0, 0, 1, 20], [5] * 8, [30_000, -40_000] * 4)
    assert said.startswith(
        "No tests does not move the median of community infections (90 %: 13 more"
    )
    assert "better in 25 % of the pairs (equal in 50 %) by community infections" in said
    assert "It confirms 5 more imported cases (90 %: 5 to 5)." in said
    assert "costs 5,000 CNY less (90 %: 30,000 CNY more to 40,000 CNY less)" in said
    assert said.endswith(
        "With 8 pairs, its effect on community infections and cost cannot be told from zero."
    )


def test_doubt_and_assumptions_are_said(folders):
    cautions = {
        caution.text: caution.items for caution in cautions_of(read_folder(folders["comparison"]))
    }
    (rough,) = [
        items for text, items in cautions.items() if text.startswith("The Monte Carlo error ")
    ]
    assert any(item.startswith("Later, Imported cases confirmed: ") for item in rough)
    assert any("With 12\N{NO-BREAK SPACE}pairs the median difference" in text for text in cautions)
    assert any("only 12\N{NO-BREAK SPACE}pairs" in text for text in cautions)
    assert any("Unit costs are assumptions" in text for text in cautions)
    assert any("The model has changed" in text for text in cautions)
    of_run = {caution.text: caution.items for caution in cautions_of(read_folder(folders["run"]))}
    (informed,) = [
        items
        for text, items in of_run.items()
        if "do not inform 1\N{NO-BREAK SPACE}parameter" in text
    ]
    assert informed == ("hardly known",)


def test_failures_and_changed_files_are_said(tmp_path):
    failure = {"variant": "later", "seed": 3, "reason": ATTACK, "details": "", "parameters": {}}
    write_comparison(tmp_path, failures=[failure])
    file = tmp_path / "scenarios" / "later.yaml"
    file.write_text(file.read_text("utf-8").replace("What if?", "What now?"), "utf-8")
    texts = [f"{of.text} {' '.join(of.items)}" for of in cautions_of(read_folder(tmp_path))]
    assert any("1\N{NO-BREAK SPACE}run failed" in text and ATTACK in text for text in texts)
    assert any("no longer what was run" in text and "later.yaml" in text for text in texts)


def test_a_sweep_says_where_outcomes_are_least_and_what_matters(folders):
    page = Reader(page_in(folders["sweep"]))
    summary = pd.read_csv(folders["sweep"] / "summary.csv")
    of = summary[(summary["point"] >= 0) & (summary["outcome"] == "tests")]
    assert f"Least: {amount('tests', of['q50'].min())} (90 %: " in page.text
    assert "matters most: it moves the median by up to" in page.text
    assert "What do stay and laboratory do?" in page.text


@pytest.mark.parametrize(
    ("share", "text"), [(0, "0"), (0.001, "less than 1"), (0.5, "50"), (0.999, "more than 99")]
)
def test_a_share_is_all_or_nothing_only_if_it_is(share, text):
    assert percent(share) == f"{text}\N{NO-BREAK SPACE}%"
