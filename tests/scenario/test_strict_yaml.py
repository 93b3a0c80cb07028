"""Reading files strictly: what is data, what is an error, and where it stands."""

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario.reading.errors import Problem, ScenarioError, closest, dotted
from sim.scenario.reading.strict_yaml import (
    MAX_BYTES,
    MAX_VALUES,
    Document,
    Mark,
    parse_value,
    read_document,
)


def read(tmp_path: Path, content: str | bytes) -> Document:
    path = tmp_path / "s.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_document(path)


def problems(tmp_path: Path, content: str | bytes) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, content)
    assert len(str(caught.value).splitlines()) == len(caught.value.problems)
    return caught.value.problems


def places(found: tuple[Problem, ...]) -> list[tuple[int, int]]:
    return [(problem.line, problem.column) for problem in found]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        *((word, word) for word in ("yes", "no", "on", "off", "True", "FALSE", "Null", "y")),
        ("null", None),
        ("~", None),
        ("", None),
        ("0", 0),
        ("-7", -7),
        ("+7", 7),
        ("007", 7),
        ("100_000", 100_000),
        ("1__0", "1__0"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("1:30", "1:30"),
        ("1.5", 1.5),
        ("1e-3", 0.001),
        ("-1_000.5E+3", -1_000_500.0),
        (".5", 0.5),
        ("5.", 5.0),
        (".", "."),
        ("e5", "e5"),
        ("2020-04-07", dt.date(2020, 4, 7)),
        ("2020-04-31", "2020-04-31"),
        ("2020-4-7", "2020-4-7"),
        ("2020-04-07 10:00:00", "2020-04-07 10:00:00"),
        ("28 d", "28 d"),
        ("'1'", "1"),
        ('"true"', "true"),
        ("'2020-04-07'", "2020-04-07"),
        ("999999999999999999", 999_999_999_999_999_999),
        ("\N{HEAVY CHECK MARK}", "\N{HEAVY CHECK MARK}"),
    ],
)
def test_scalars(tmp_path: Path, text: str, value: Any) -> None:
    found = read(tmp_path, f"a: {text}\n").data["a"]
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (".nan", "finite"),
        (".NaN", "finite"),
        ("-.inf", "finite"),
        ("1e999", "too large"),
        ("-1.11e-308", "write 0 for zero"),
        ("1234567890123456789", "18 digits"),
        ("9" * 10_000, "18 digits"),
    ],
)
def test_impossible_numbers(tmp_path: Path, text: str, message: str) -> None:
    (problem,) = problems(tmp_path, f"a:\n  - 1\n  - {text}\n")
    assert message in problem.message
    assert (problem.line, problem.column, problem.field) == (3, 5, "a[1]")
    assert len(str(problem)) < 250


def test_marks_are_of_keys_and_of_items(tmp_path: Path) -> None:
    document = read(tmp_path, "# first\na:\n  b: [1, {c: 2}]\n'd e': x\n")
    file = str(tmp_path / "s.yaml")
    assert document.path == file
    assert document.data == {"a": {"b": [1, {"c": 2}]}, "d e": "x"}
    assert document.marks == {
        (): Mark(file, 2, 1),
        ("a",): Mark(file, 2, 1),
        ("a", "b"): Mark(file, 3, 3),
        ("a", "b", 0): Mark(file, 3, 7),
        ("a", "b", 1): Mark(file, 3, 10),
        ("a", "b", 1, "c"): Mark(file, 3, 11),
        ("d e",): Mark(file, 4, 1),
    }


def test_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    document = read(tmp_path, b"\xef\xbb\xbfa: 1\r\nb:\r\n  c: x\r\n")
    assert document.data == {"a": 1, "b": {"c": "x"}}
    assert document.marks[("a",)].column == 1
    assert document.marks[("b", "c")].line == 3


def test_everything_forbidden_is_reported_at_once(tmp_path: Path) -> None:
    found = problems(
        tmp_path,
        "a: &x 1\nb: *x\nc: !!int 3\nd: !own {}\n<<: {q: 1}\n1: 2\n[k]: 3\na: 2\nn: .inf\n"
        "2020-04-07: 1\n? *x\n: 1\n",
    )
    assert [(p.line, p.message.split()[0]) for p in found] == [
        (1, "anchors"),
        (2, "aliases"),
        (3, "tags"),
        (4, "tags"),
        (5, "merge"),
        (6, "a"),
        (7, "a"),
        (8, "given"),
        (9, "only"),
        (10, "a"),
        (11, "aliases"),
    ]
    assert str(found[2]).endswith("(got !!int)")
    assert "line 1" in found[7].message


def test_quoted_merge_key_is_a_name(tmp_path: Path) -> None:
    assert read(tmp_path, "'<<': 1\n'1': 2\n").data == {"<<": 1, "1": 2}


def test_problems_before_a_syntax_error_are_kept(tmp_path: Path) -> None:
    assert places(problems(tmp_path, "a: 1\na: 2\nb: [1\n")) == [(2, 1), (4, 1)]


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a:\n\tb: 1", 2, 1, "tab"),
        ("a: b: c", 1, 5, "':'"),
        ("a: 1\n  b: 2", 2, 4, "indentation"),
        ("a: 'x", 1, 6, "never closed"),
        ("a: 'x\n---\n'", 2, 1, "never closed"),
        ('a: "\\q"', 1, 6, "escape"),
        ('a: "\\u12"', 1, 7, "escape"),
        ('a: "\\UFFFFFFFF"', 1, 2, "impossible number"),
        ('a: "\\ud83d\\ude00"', 1, 4, "half a character"),
        ("a: @x", 1, 4, "quotes"),
        ("a: %x", 1, 4, "quotes"),
        ("a: * b", 1, 5, "& or *"),
        ("a: |x", 1, 5, "| or >"),
        ("a: [1, 2", 1, 9, "']'"),
        ("a: {b: 1", 1, 9, "'}'"),
        ("a: ,", 1, 4, "missing"),
        ("a: - b", 1, 4, "list item"),
        ("a: ? b", 1, 4, "'? '"),
        ("a: !x!y 1", 1, 4, "tags"),
        ("a: !<", 1, 6, "tags"),
        ("a: 1\nb\nc: 2", 3, 1, "without a ':'"),
        ("a:\n - b\nc:\n  d: 1\n e: 2", 5, 2, "line up"),
        ("{a: 1}}", 1, 7, "end of the document"),
        ("%YAML 2.0\n--- {}", 1, 1, "'%'"),
        ("a: x\x07", 1, 5, "U+0007"),
        (b"a: 1\nbc: \xff", 2, 5, "UTF-8"),
        ("a: 1\n".encode("utf-16"), 1, 1, "UTF-8"),
        ("a: 1\n---\nb: 2", 2, 1, "second document"),
        ("", 1, 1, "empty"),
        ("\ufeff", 1, 1, "empty"),
        ("# only a comment\n", 1, 1, "empty"),
        ("---\n", 2, 1, "mapping"),
        ("- a\n- b", 1, 1, "mapping"),
        ("\n  word", 2, 3, "mapping"),
    ],
)
def test_errors_in_plain_words(
    tmp_path: Path, text: str | bytes, line: int, column: int, words: str
) -> None:
    (problem,) = problems(tmp_path, text)
    assert words in problem.message
    assert (problem.line, problem.column) == (line, column)
    assert "expected <" not in problem.message


@pytest.mark.parametrize("unit", ["[", "{", "- ", "? ", "[{a: ", "- - ? "])
def test_hostile_nesting(tmp_path: Path, unit: str) -> None:
    found = problems(tmp_path, unit * (MAX_BYTES // len(unit)))
    assert any("nested deeper than 12 levels" in problem.message for problem in found)


def test_twelve_levels_are_allowed(tmp_path: Path) -> None:
    assert read(tmp_path, "a: " + "[" * 11 + "]" * 11).data["a"]
    (problem,) = problems(tmp_path, "a: " + "[" * 12 + "]" * 12)
    assert (problem.line, problem.column) == (1, 15)


def test_aliases_that_multiply(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    assert len(problems(tmp_path, "\n".join(lines))) == 30 + 29 * 9


def test_size_limit(tmp_path: Path) -> None:
    assert read(tmp_path, b"a: 1\n".ljust(MAX_BYTES, b"\n")).data == {"a": 1}
    (problem,) = problems(tmp_path, b"a: 1\n".ljust(MAX_BYTES + 1, b"\n"))
    assert "200 kB" in problem.message


def test_number_of_values(tmp_path: Path) -> None:
    """The mapping and the list are two of them."""
    assert len(read(tmp_path, f"a: [{'1,' * (MAX_VALUES - 2)}]").data["a"]) == MAX_VALUES - 2
    (problem,) = problems(tmp_path, f"a: [{'1,' * (MAX_VALUES - 1)}]")
    assert "more than 6,000 values" in problem.message
    assert problem.field == f"a[{MAX_VALUES - 2}]"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    os.mkfifo(tmp_path / "pipe")
    for path, words in (
        (tmp_path / "none.yaml", "no such file"),
        (tmp_path, "folder"),
        (tmp_path / "pipe", "not an ordinary file"),
        (Path("/dev/zero"), "not an ordinary file"),
        (Path("/dev/null"), "not an ordinary file"),
        (loop, "unreadable"),
        (tmp_path / ("x" * 300), "unreadable"),
        (tmp_path / "a\0b", "not a possible name"),
    ):
        with pytest.raises(ScenarioError, match=words) as caught:
            read_document(path)
        assert places(caught.value.problems) == [(1, 1)]
        assert len(str(caught.value).splitlines()) == 1


def test_parse_value() -> None:
    assert parse_value("{from: 2020-04-01, value: 7 d}", "x") == {
        "from": dt.date(2020, 4, 1),
        "value": "7 d",
    }
    assert parse_value("[1, yes]", "x") == [1, "yes"]
    assert parse_value(" 21 d", "x") == "21 d"
    assert parse_value("", "x") is None
    for text in ("a: b", "- a", "[", "*a", "1\n---\n2", "\ud800"):
        with pytest.raises(ScenarioError):
            parse_value(text, "x")


def test_problem_as_text() -> None:
    problem = Problem("f.yaml", 3, 5, "a[1].b", "is wrong")
    assert str(problem) == "f.yaml:3:5: a[1].b: is wrong"
    problem = Problem("f.yaml", 3, 5, "", "is wrong", "1 to 2", "x\ny", "z")
    assert str(problem) == ("f.yaml:3:5: is wrong [allowed: 1 to 2] (got x\\ny); did you mean 'z'?")


def test_got_is_cut_and_everything_stays_on_one_line() -> None:
    problem = Problem("f\n.yaml", 1, 1, "a\u2028b", "\x1b[31mm", got="x" * 10**6)
    text = str(problem)
    assert text.isprintable()
    assert text.endswith(f"(got {'x' * 57}...)")
    assert str(Problem("f", 1, 1, "", "m", got="x" * 60)).endswith(f"(got {'x' * 60})")


def test_scenario_error_sorts_and_drops_repetitions() -> None:
    first, second, third = (
        Problem("a", 1, 9, "", "m"),
        *(Problem("a", n, 1, "", "m") for n in (2, 10)),
    )
    other = Problem("b", 1, 1, "", "m")
    error = ScenarioError([other, third, second, first, second])
    assert error.problems == (first, second, third, other)
    assert str(error) == "a:1:9: m\na:2:1: m\na:10:1: m\nb:1:1: m"


def test_dotted_and_closest() -> None:
    assert dotted(("policies", "quarantine_stay", 1, "from")) == "policies.quarantine_stay[1].from"
    assert dotted(()) == ""
    assert closest("pek", ["PEK", "SVO"]) == "PEK"
    assert closest("zzz", ["PEK", "SVO"]) == ""


YAML_LIKE = st.text(st.sampled_from("ab1-_.:?,[]{}#&*!|>'\"%@`\\ \n\t\r~<=uUx0e\x85\u2028\x00é"))


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.one_of(YAML_LIKE, st.text(), st.binary(max_size=60)))
def test_any_file_gives_a_document_or_problems(tmp_path: Path, text: str | bytes) -> None:
    content = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    for raw in (content, b"a: " + content, b'a: "' + content + b'"'):
        try:
            document = read(tmp_path, raw)
        except ScenarioError as error:
            assert error.problems
            assert all(p.line >= 1 and p.column >= 1 for p in error.problems)
            assert all(line.isprintable() for line in str(error).splitlines())
        else:
            assert isinstance(document.data, dict)
            assert {loc[0] for loc in document.marks if len(loc) == 1} == set(document.data)
