"""The documentation says what the program does."""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

from docs.blocks.outputs import small_run
from docs.blocks.parameters import unit_costs_block
from docs.blocks.policy_library import library
from docs.generate import ROOT, main, out_of_date
from sim.scenario.costs import UnitCosts
from sim.scenario.loader import load_scenario
from sim.world.outcomes import outcomes_of
from sim.world.surveillance import SERIES

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
MADE_BY_USERS = {"scenarios/early_tests.yaml"}
LIBRARY = library()


@cache
def text_of(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def test_generated_pages_are_up_to_date():
    assert out_of_date() == [], "run python -m docs.generate"


def test_check_names_a_page_that_is_out_of_date(monkeypatch, capsys):
    page = ROOT / "docs" / "reference" / "cli.md"
    monkeypatch.setattr("docs.generate.out_of_date", lambda: [page])
    assert main(["--check"]) == 1
    assert "docs/reference/cli.md is out of date" in capsys.readouterr().err


def test_a_wrong_argument_is_refused():
    assert main(["--chekc"]) == 2


def test_targets_of_the_data_page_are_those_of_the_model():
    data = yaml.safe_load((ROOT / "calibration" / "targets.yaml").read_text("utf-8"))
    published = {key: article["published"] for key, article in data["articles"].items()}
    expected = {
        target["id"]: (
            target["value"] if "value" in target else f"{target['low']} to {target['high']}",
            f"{target['place']}.{target['series']}",
            str(target["data_date"]),
            str(published[target["article"]]),
            target["article"],
        )
        for target in data["targets"]
        if target.get("fit", True)
    }
    documented = {}
    for line in text_of("docs/data.md").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 7 and cells[6] == "target":
            series = re.search(r"`([a-z_.]+)`", cells[2])
            documented[cells[0]] = (
                int(cells[1]) if cells[1].isdigit() else cells[1],
                series and series[1],
                *cells[3:6],
            )
    assert documented == expected


def test_articles_of_the_data_page_are_those_of_the_targets():
    data = yaml.safe_load((ROOT / "calibration" / "targets.yaml").read_text("utf-8"))
    for key, article in data["articles"].items():
        row = f"| {key} | {article['outlet']} | {article['published']} |"
        assert row in text_of("docs/data.md")


def test_every_article_count_has_a_row():
    rows = re.findall(r"^\| (A\d+) \|", text_of("docs/data.md"), re.MULTILINE)
    assert rows == [f"A{number}" for number in range(1, 26)]


def test_every_series_and_outcome_is_documented():
    outputs = text_of("docs/reference/outputs.md")
    missing = [
        name for name in [*SERIES, *outcomes_of(small_run())] if f"| `{name}` |" not in outputs
    ]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_pages_name_exist(page: Path):
    text = page.read_text("utf-8")
    folders = "sim|scenarios|calibration|docs|tests|benchmarks"
    named = set(re.findall(rf"(?<![\w/])(?:{folders})/[\w/]+\.(?:yaml|py|csv|md|png)", text))
    missing = [name for name in named - MADE_BY_USERS if not (ROOT / name).exists()]
    assert missing == []
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.stem)
def test_a_policy_of_the_library_has_its_own_name_and_question(path: Path):
    scenario = load_scenario(path)
    data = yaml.safe_load(path.read_text("utf-8"))
    base = load_scenario(path.with_name(data["extends"]))
    assert scenario.name == path.stem
    assert data["question"] not in ("", base.question)
    assert scenario.policies != base.policies


def test_every_policy_of_the_library_is_on_its_page():
    results = text_of("docs/policies.md").partition("<!-- policies: results -->")[2]
    assert [path.stem for path in LIBRARY if f"| `{path.stem}` |" not in results] == []


def test_every_unit_cost_has_a_row_with_a_source():
    rows = [line.strip("| ").split(" | ") for line in unit_costs_block().splitlines()[2:]]
    assert [row[0].strip("`") for row in rows] == list(UnitCosts.model_fields)
    assert all(len(row) == 4 and row[3] for row in rows)


def test_every_value_of_the_baseline_has_unit_or_name_and_a_source():
    page = text_of("docs/odd.md").partition("<!-- generated: parameters -->")[2]
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page.partition("<!-- end -->")[0].splitlines()
        if line.startswith("| `")
    ]
    assert all(len(row) == 7 and row[3] and row[5] and row[6] for row in rows)
    without_a_unit = {row[0].strip("`") for row in rows if not row[2]}
    assert without_a_unit == {
        "ensemble",
        "source.curve",
        "disease",
        "quarantine.home_place",
        "laboratory.sensitivity",
        "laboratory.suspects_first",
        "hospital_outbreak.town",
        "costs",
    }


def test_make_targets_that_pages_name_exist():
    makefile = text_of("Makefile")
    named = {
        target
        for page in PAGES
        for target in re.findall(
            r"(?:`|^|PYTHON=\S+ )make (\w+)", page.read_text("utf-8"), re.MULTILINE
        )
    }
    assert {"run", "test"} <= named
    assert [
        target for target in named if not re.search(rf"^{target}:", makefile, re.MULTILINE)
    ] == []


def test_the_python_example_of_the_readme_runs():
    example = re.search(r"```python\n(.*?)```", text_of("README.md"), re.DOTALL)
    assert example is not None
    code = example[1].replace("scenarios/baseline.yaml", str(ROOT / "scenarios" / "baseline.yaml"))
    exec(compile(code, "README.md", "exec"), {"__name__": "readme"})
