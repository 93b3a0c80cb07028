"""CSV files of counts: what can be read in two ways is refused, with its row and what is there."""

from pathlib import Path

import pytest
from shipped import BASELINE, SCENARIOS

from sim import load_scenario
from sim.scenario.reading.errors import Problem, ScenarioError

HEADER = "date,count\n"
EARLY, LATE = "2030-02-01,200\n", "2030-04-15,10000\n"


def scenario_with(folder: Path, text: str) -> Path:
    """Write the corridor with two ports and its counts into a folder."""
    path = folder / "two_ports.yaml"
    path.write_bytes((SCENARIOS / "two_ports.yaml").read_bytes())
    (folder / "two_ports_counts.csv").write_text(text, "utf-8")
    return path


def problems(folder: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as caught:
        load_scenario(scenario_with(folder, text))
    assert {Path(problem.file).name for problem in caught.value.problems} == {
        "two_ports_counts.csv"
    }
    return caught.value.problems


@pytest.mark.parametrize(
    ("row", "message", "allowed"),
    [
        ("2030-03-01,1,200", "3 cells in a row of 2 columns", "1200 for 1,200"),
        ("2030-03-01,1,200,000", "4 cells in a row of 2 columns", "1200000 for 1,200,000"),
        ("2030-03-01,1500,7", "3 cells in a row of 2 columns", "such as 2020-04-06,4484"),
        ("2030-03-01,1500,", "3 cells in a row of 2 columns", "such as 2020-04-06,4484"),
        ("2030-03-01", "1 cell in a row of 2 columns", "such as 2020-04-06,4484"),
        ("2030-03-01;1500", "1 cell in a row of 2 columns", "such as 2020-04-06,4484"),
        ("2030-03-01,1.200", "thousands are not to be separated", "1200"),
        ('2030-03-01,"1,200"', "thousands are not to be separated", "1200"),
        ("2030-03-01,1 200", "thousands are not to be separated", "1200"),
        ("2030-03-01,1_200", "thousands are not to be separated", "1200"),
        ("2030-03-01,1'200'000", "thousands are not to be separated", "1200000"),
        ('2030-03-01,"1200,5"', "the count is not a number", "such as"),
        ("2030-03-01,1e3", "the count is not a number", "such as"),
        ("2030-03-01,-5", "the count is not a number", "such as"),
        ("2030-03-01,nan", "the count is not a number", "such as"),
        ("2030-03-01,inf", "the count is not a number", "such as"),
        ("2030-03-01,", "the count is not a number", "such as"),
        ("2030-03-01,about 1500", "the count is not a number", "such as"),
        ("01/03/2030,1500", "the date is not written as year-month-day", "such as"),
        ("2030-3-1,1500", "the date is not written as year-month-day", "such as"),
        ("20300301,1500", "the date is not written as year-month-day", "such as"),
        ("2030-W09-5,1500", "the date is not written as year-month-day", "such as"),
        ("2030-02-30,1500", "no such date", "such as"),
    ],
)
def test_a_row_that_is_not_a_date_and_a_count(tmp_path, row, message, allowed):
    (problem,) = problems(tmp_path, f"{HEADER}{EARLY}\n{row}\n{LATE}")
    # The blank line is a line, but no row.
    assert problem.line == 4
    assert message in problem.message
    assert allowed in problem.allowed
    assert problem.got == row.replace('"', "")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("date;count", "not by semicolons"),
        ("date\tcount", "not by tabs"),
        ("day,cases", "and nothing else"),
        ("Date,Count", "and nothing else"),
        ("date,counts", "and nothing else"),
        ("date,count,count", "and nothing else"),
        ("date,count,deaths", "and nothing else"),
        ("date,count,", "and nothing else"),
        ("date", "and nothing else"),
        ("2030-02-01,200", "and nothing else"),
        ("", "and nothing else"),
    ],
)
def test_a_header_that_is_not_date_and_count(tmp_path, header, message):
    (problem,) = problems(tmp_path, f"{header}\n{EARLY}{LATE}")
    assert problem.line == 1
    assert message in problem.message
    assert problem.allowed == "date,count"
    assert problem.got == header


@pytest.mark.parametrize("header", ["date,count", " date , count ", "\ufeffdate,count"])
def test_rows_that_are_fine(tmp_path, header):
    path = scenario_with(tmp_path, f"{header}\n{EARLY} 2030-03-01 , 1500.5 \n\n{LATE}")
    counts = load_scenario(path).source.curve.counts
    assert [row.count for row in counts] == [200, 1500.5, 10_000]


def test_columns_may_be_in_the_other_order(tmp_path):
    path = scenario_with(tmp_path, "count,date\n200,2030-02-01\n10000,2030-04-15\n")
    assert [row.count for row in load_scenario(path).source.curve.counts] == [200, 10_000]


@pytest.mark.parametrize(
    ("rows", "line", "message", "got"),
    [
        # The year of one row, of the first one, of the last one, and of all.
        (EARLY + "2003-03-01,1500\n" + LATE, 3, "dates must increase", "2003-03-01, 1500"),
        ("2029-02-01,200\n2030-03-01,1500\n" + LATE, 3, "393 days after", "2030-03-01"),
        (EARLY + "2030-03-01,1500\n2031-04-15,10000\n", 4, "410 days after", "2031-04-15"),
        ("2020-02-01,200\n2020-03-01,1500\n", 2, "no count is of a year", "2020-02-01 to 2020"),
        ("2031-02-01,200\n2031-03-01,1500\n", 2, "no count is of a year", "2031-02-01 to 2031"),
        (EARLY + LATE + "2030-05-01,9000\n", 4, "counts must not decrease", "2030-05-01, 9000"),
        (EARLY + "2030-02-01,300\n" + LATE, 3, "dates must increase", "2030-02-01, 300"),
        (EARLY + "2030-03-01,9999999999\n", 3, "out of range", "9999999999"),
    ],
)
def test_what_the_rows_say_is_reported_with_the_row(tmp_path, rows, line, message, got):
    found = problems(tmp_path, HEADER + rows)
    assert [problem.line for problem in found] == [line]
    assert message in found[0].message
    assert found[0].got.startswith(got)


def test_a_long_time_without_new_cases_is_no_slip(tmp_path):
    path = scenario_with(tmp_path, HEADER + "2028-01-01,0\n2030-02-15,0\n" + LATE)
    assert len(load_scenario(path).source.curve.counts) == 3


def test_lists_in_the_file_are_held_to_the_same(tmp_path):
    path = scenario_with(tmp_path, HEADER + EARLY + LATE)
    for rows, message in (
        ("{date: 2020-02-01, count: 2}, {date: 2020-03-01, count: 3}", "no count is of a year"),
        ("{date: 2029-02-01, count: 2}, {date: 2030-03-01, count: 3}", "393 days after"),
    ):
        with pytest.raises(ScenarioError, match=message):
            load_scenario(path, [f"source.curve.counts=[{rows}]"])


def test_a_file_that_is_no_text_or_no_csv(tmp_path):
    path = scenario_with(tmp_path, "")
    counts = tmp_path / "two_ports_counts.csv"
    counts.write_bytes(b"date,count\n2030-02-01,200\n2030-\xff\n")
    with pytest.raises(ScenarioError, match=r"two_ports_counts\.csv:3:1: not UTF-8 text"):
        load_scenario(path)
    counts.write_text(HEADER + '2030-02-01,"200\n', "utf-8")
    with pytest.raises(ScenarioError, match=r"two_ports_counts\.csv:2:1: the file cannot be read"):
        load_scenario(path)


def test_a_list_is_not_too_short_because_an_entry_in_it_is_wrong():
    wrong = "[{date: 2020-04-01, count: 5}, {date: 2020-04-02, count: -1}]"
    with pytest.raises(ScenarioError) as caught:
        load_scenario(BASELINE, [f"source.curve={{kind: counts, counts: {wrong}}}"])
    assert [problem.field for problem in caught.value.problems] == ["source.curve.counts[1].count"]
    one = "[{date: 2020-04-01, count: 5}]"
    with pytest.raises(ScenarioError, match="too few entries"):
        load_scenario(BASELINE, [f"source.curve={{kind: counts, counts: {one}}}"])
