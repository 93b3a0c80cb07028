"""The documentation says what the program does."""

import re
from functools import cache
from pathlib import Path

import pytest
import yaml
from schema_fields import every_field

from docs.blocks.marked import ROOT, pages
from docs.blocks.parameters import unit_costs_block
from docs.blocks.policies import library
from docs.blocks.reference import reference_of
from docs.generate import main, out_of_date
from sim.experiment.ensemble import Member
from sim.experiment.replicates import simulate
from sim.experiment.sweep.schema import Sweep
from sim.scenario.costs import UnitCosts
from sim.scenario.loader import load_scenario
from sim.scenario.schema import Scenario
from sim.world.surveillance import SERIES

PAGES = pages()
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


def documented(heading: str) -> list[str]:
    """Return the names in the lists of a section of the page of outputs, in its order."""
    section = text_of("docs/reference/outputs.md").partition(f"\n## {heading}\n")[2]
    return re.findall(r"^- \**`(\w+)`", section.partition("\n## ")[0], re.MULTILINE)


def test_what_a_run_gives_is_documented_and_nothing_else():
    path = ROOT / "scenarios" / "studies" / "ashcroft_2021.yaml"
    few = load_scenario(path, ["travellers.demand.people=5", "travellers.pool=5"])
    result = simulate(few, Member(1), with_line_list=True)
    assert documented("Series") == list(SERIES)
    assert sorted(documented("Outcomes")) == sorted(result.outcomes)
    assert documented("Columns of the line list") == list(result.line_list)
    assert documented("Columns of the transmissions") == list(result.transmissions)


@pytest.mark.parametrize("root", [Scenario, Sweep])
def test_every_field_of_a_file_is_in_its_reference(root):
    text = reference_of(root).text()
    missing = []
    for model, name, _ in every_field(root):
        info = model.model_fields[name]
        words = " ".join((info.description or "").replace("``", "`").split()).rstrip(".")
        written = info.alias or name
        is_said = words in text or words.lower() == name.replace("_", " ")
        is_kind = name == "kind" or name == "root"
        if not is_kind and not (f"`{written}`" in text and is_said):
            missing.append(f"{model.__name__}.{name}")
    assert [name for name in missing if not name.startswith("Entry")] == []


def test_types_ranges_and_defaults_are_those_of_the_schema():
    lines = {line.strip() for line in reference_of(Scenario).text().splitlines()}
    said = {line.partition(":")[0] for line in lines}
    assert "- **`pool`** (whole number)" in said
    assert "- `patience` (duration > 0 d, default `10 d`)" in said
    assert "- `opens` (duration < 1 d, default `8 h`)" in said
    assert "- `room_hazard_per_day` (number per day, default `0`)" in said
    assert "- `arrival_tests` ([timeline](#timelines) of list of swab)" in said
    assert "- `since` (`infection` or `onset`, default `infection`)" in said
    assert "- `temperature` (money > 0 CNY, default `4000 CNY`)" in said


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


def test_every_value_of_the_baseline_has_a_type_a_meaning_and_a_source():
    page = text_of("docs/odd.md").partition("<!-- generated: parameters -->")[2]
    rows = {
        line.split("`")[1]: [cell.strip() for cell in line.strip("|").split("|")]
        for line in page.partition("<!-- end -->")[0].splitlines()
        if line.startswith("| `")
    }
    assert all(len(row) == 5 and all(row) for row in rows.values())
    assert rows["residents.NAME.test_delay"][1:3] == [
        "suifenhe, mudanjiang: `2 d`; harbin: `3.7 d`",
        "duration",
    ]
    assert rows["registers.hospital_stay"][1].startswith("`{kind: lognormal, mu: ")
    assert rows["border.informants.b0"][4] == "assumption, to be swept"


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
