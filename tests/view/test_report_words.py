"""What a report says: the answer, and what to keep in mind."""

import json

import numpy as np
import pandas as pd
from html_reader import Reader
from report_folders import ATTACK, page_in, write_comparison

from sim.view.answers.sentences import policy_sentence
from sim.view.outcome_words import amount
from sim.view.report.folder import read_folder
from sim.view.report.provenance import cautions, what_ran

pytest_plugins = ["report_fixture"]
SPACE = "\N{NO-BREAK SPACE}"


def test_the_answer_comes_first_and_says_the_numbers_of_the_table(folders):
    page = Reader(page_in(folders["comparison"]))
    table = pd.read_csv(folders["comparison"] / "differences.csv")
    cost = table.set_index(["policy", "outcome"]).loc[("earlier", "cost_cny")]
    said = policy_sentence(read_folder(folders["comparison"]).paired, 1).replace(SPACE, " ")
    assert f"saves {-cost['median'] / 1e6:.0f} million CNY" in said
    assert page.text.index("What do earlier and later change") < page.text.index(said)
    assert page.text.index(said) < page.text.index("Cost without / with lockdown")
    assert page.text.index("Cost without / with lockdown") < page.text.index("Figure 1.")
    assert page.text.index("Figure 1.") < page.text.index("Everything else")


def test_the_answer_of_a_run_is_that_of_its_table(folders):
    page = Reader(page_in(folders["run"]))
    outcomes = pd.read_csv(folders["run"] / "outcomes.csv")
    median = amount("community_infections", np.median(outcomes["community_infections"]))
    assert f": {median} community infections" in page.text
    assert page.text.index(ATTACK) < page.text.index(f": {median} community infections")


def test_doubt_and_assumptions_are_said(folders):
    texts = [text for text, _ in cautions(read_folder(folders["comparison"]))]
    assert any(f"only 12{SPACE}runs" in text for text in texts)
    assert any("Unit costs are assumptions" in text for text in texts)
    assert any("the same command may now give other numbers" in text for text in texts)
    (informed,) = [
        items
        for text, items in cautions(read_folder(folders["run"]))
        if f"do not inform 1{SPACE}parameter" in text
    ]
    assert informed == ["hardly known"]


def test_which_parameters_ran_is_said_once_and_what_policies_set_beside_it(folders, tmp_path):
    assert dict(what_ran(read_folder(folders["comparison"])))["Parameters and seeds"] == (
        "12 seeds from 1 on"
    )
    pairs = "12 fitted pairs of parameters and seeds"
    other = "not from the fit but from the scenario"
    write_comparison(tmp_path)
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    notes = (pairs, f"{pairs}; {other}: ports", f"{pairs}; {other}: ports, border")
    for policy, note in zip(manifest["policies"], notes, strict=True):
        policy["runs"] = note
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert dict(what_ran(read_folder(tmp_path)))["Parameters and seeds"] == (
        f"{pairs}; in earlier, {other}: ports; in later, {other}: ports, border"
    )


def test_failures_and_changed_files_are_said(tmp_path):
    failure = {"variant": "later", "seed": 3, "reason": ATTACK, "details": "", "parameters": {}}
    write_comparison(tmp_path, failures=[failure])
    file = tmp_path / "scenarios" / "later.yaml"
    file.write_text(file.read_text("utf-8").replace("What if?", "What now?"), "utf-8")
    texts = [f"{text} {' '.join(items)}" for text, items in cautions(read_folder(tmp_path))]
    assert any(f"1{SPACE}run failed" in text and ATTACK in text for text in texts)
    assert any("no longer what was run" in text and "later.yaml" in text for text in texts)


def test_a_sweep_says_where_outcomes_are_least_and_what_matters(folders):
    page = Reader(page_in(folders["sweep"]))
    summary = pd.read_csv(folders["sweep"] / "summary.csv")
    of = summary[(summary["point"] >= 0) & (summary["outcome"] == "tests")]
    assert f"Lowest: {amount('tests', of['q50'].min())} tests (90 %: " in page.text
    assert "it moves the median of \N{LEFT DOUBLE QUOTATION MARK}tests processed" in page.text
    assert "What do stay and laboratory do?" in page.text
