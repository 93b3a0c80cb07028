"""From pydantic's errors to problems at the right places, in plain words."""

import datetime as dt
import enum
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, RootModel, field_validator, model_validator
from pydantic_core import PydanticCustomError

from sim.scenario.quantities import Count, Date, Duration, Money, Name, Share
from sim.scenario.reading.errors import Problem, ScenarioError
from sim.scenario.reading.extends import resolve
from sim.scenario.reading.settings import apply_settings
from sim.scenario.reading.strict_yaml import Document, read_document
from sim.scenario.reading.validation import Finding, validate

V = TypeVar("V")


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Fixed(Part):
    kind: Literal["fixed"]
    value: Duration


class Range(Part):
    kind: Literal["range"]
    low: Duration
    high: Duration
    # Named like the kind, to be told apart from the branch in a location.
    range: int = 0

    @model_validator(mode="after")
    def _ordered(self) -> "Range":
        if self.low > self.high:
            raise ValueError("low is above high [allowed: low <= high]")
        return self


Spread = Annotated[Fixed | Range, Field(discriminator="kind")]


class Entry(Part, Generic[V]):
    from_: Date | None = Field(default=None, alias="from")
    value: V


class Timeline(RootModel[tuple[Entry[V], ...]], Generic[V]):
    @model_validator(mode="before")
    @classmethod
    def _single_value(cls, data: Any) -> Any:
        is_entries = isinstance(data, list | tuple) and all(isinstance(item, dict) for item in data)
        return data if is_entries else [{"value": data}]


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Plain(Part):
    size: int


class Town(Part):
    people: Count = 0
    label: str = ""


class Scenario(Part):
    count: Count = 0
    number: float = 0.0
    share: Share = 0.0
    positive: float = Field(default=1.0, gt=0)
    below: float = Field(default=0.0, lt=1_000_000_000)
    step: int = Field(default=0, multiple_of=5)
    flag: bool = False
    text: str = ""
    short: str = Field(default="", max_length=3)
    long: str = Field(default="long", min_length=3)
    name: Name = "x"
    stay: Duration = 1.0
    price: Money = 0.0
    day: Date | None = None
    plain_day: dt.date | None = None
    level: Literal["low", "high"] = "low"
    colour: Colour = Colour.RED
    spread: Spread | None = None
    spreads: list[Spread] = []
    either: Duration | Literal["never"] | Spread = 1.0
    auto: float | Literal["auto"] | None = None
    listed: int | list[int] = 0
    shapes: Plain | Town | None = None
    towns: dict[Name, Town] = {}
    pair: tuple[Share, Share] = (0.0, 1.0)
    few: tuple[int, ...] = Field(default=(1,), min_length=1, max_length=3)
    stays: Timeline[Duration] = Timeline[Duration](())
    tests: Timeline[tuple[Duration, ...]] = Timeline[tuple[Duration, ...]](())
    preset: str = ""

    @field_validator("preset", mode="before")
    @classmethod
    def _known(cls, value: Any) -> Any:
        if value == "covid":
            return value
        raise PydanticCustomError(
            "preset", "no such preset [allowed: covid]", {"suggestion": "covid"}
        )


class Required(Part):
    name: str
    inner: Plain


def no_checks(_: Any) -> tuple[Finding, ...]:
    return ()


def document(tmp_path: Path, text: str) -> Document:
    path = tmp_path / "s.yaml"
    path.write_text(text, "utf-8")
    return read_document(path)


def problems(tmp_path: Path, text: str, schema: type[BaseModel] = Scenario) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as caught:
        validate(document(tmp_path, text), schema, no_checks)
    return caught.value.problems


def tail(problem: Problem) -> str:
    """Return a problem as text without its file."""
    return str(problem).removeprefix(problem.file + ":")


def test_valid_document(tmp_path: Path) -> None:
    text = "stays: [{from: 2020-04-07, value: 14 d}]\nspread: {kind: fixed, value: 1 d}\n"
    model = validate(document(tmp_path, text), Scenario, no_checks)
    assert model.stays.root[0].from_ == dt.date(2020, 4, 7)
    assert model.spread == Fixed(kind="fixed", value="1 d")  # type: ignore[arg-type]


DURATION = "[allowed: min, h, d, w; for example 28 d]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count: 1.5", "1:1: count: not a whole number (got 1.5)"),
        ("count: many", "1:1: count: not a whole number (got 'many')"),
        ("count: {}", "1:1: count: not a whole number (got a mapping)"),
        ("count: null", "1:1: count: not a whole number (got null)"),
        ("count: -1", "1:1: count: out of range [allowed: >= 0] (got -1)"),
        ("number: x", "1:1: number: not a number (got 'x')"),
        ("number: nan", "1:1: number: not a finite number (got 'nan')"),
        ("share: 1.5", "1:1: share: out of range [allowed: <= 1] (got 1.5)"),
        ("positive: 0", "1:1: positive: out of range [allowed: > 0] (got 0)"),
        (
            "below: 1000000000",
            "1:1: below: out of range [allowed: < 1000000000] (got 1000000000)",
        ),
        ("step: 7", "1:1: step: out of step [allowed: multiples of 5] (got 7)"),
        ("flag: 3", "1:1: flag: neither true nor false [allowed: true, false] (got 3)"),
        ("flag: [1]", "1:1: flag: neither true nor false [allowed: true, false] (got a list of 1)"),
        (
            "text: 3",
            "1:1: text: not a text [allowed: text; in quotes if it looks like something else] "
            "(got 3)",
        ),
        ("short: abcd", "1:1: short: the text is too long [allowed: <= 3 characters] (got 'abcd')"),
        ("long: ab", "1:1: long: the text is too short [allowed: >= 3 characters] (got 'ab')"),
        (
            "name: A",
            "1:1: name: a name has lower-case letters, digits and underscores and begins with a "
            "letter (got 'A'); did you mean 'a'?",
        ),
        ("stay: 28", f"1:1: stay: a duration needs a number and a unit {DURATION} (got 28)"),
        ("stay: 1 y", "1:1: stay: unknown unit of time 'y' [allowed: min, h, d, w] (got '1 y')"),
        (
            "price: 3",
            "1:1: price: money needs a number and the currency [allowed: for example 3000 CNY] "
            "(got 3)",
        ),
        (
            "day: 2020-04-31",
            "1:1: day: no such date: day is out of range for month [allowed: year-month-day] "
            "(got '2020-04-31')",
        ),
        (
            "plain_day: soon",
            "1:1: plain_day: not a date [allowed: year-month-day, such as 2020-04-07] (got 'soon')",
        ),
        (
            "level: hihg",
            "1:1: level: not one of the choices [allowed: low, high] (got 'hihg'); "
            "did you mean 'high'?",
        ),
        (
            "colour: Blu",
            "1:1: colour: not one of the choices [allowed: red, blue] (got 'Blu'); "
            "did you mean 'blue'?",
        ),
        ("colour: 3", "1:1: colour: not one of the choices [allowed: red, blue] (got 3)"),
        (
            "spread: {kind: fixt}",
            "1:10: spread.kind: unknown kind [allowed: fixed, range] (got 'fixt'); "
            "did you mean 'fixed'?",
        ),
        (
            "spread: {kind: [1]}",
            "1:10: spread.kind: unknown kind [allowed: fixed, range] (got a list of 1)",
        ),
        ("spread: {value: 3}", "1:1: spread: needs a kind [allowed: fixed, range]"),
        (
            "spread: 3 d",
            "1:1: spread: must be a mapping [allowed: 'name: value' lines] (got '3 d')",
        ),
        ("spread: {kind: fixed}", "1:1: spread.value: a required field is missing"),
        (
            "spread: {kind: fixed, valu: 1 d, value: 2 d}",
            "1:23: spread.valu: unknown field [allowed: kind, value]; did you mean 'value'?",
        ),
        (
            "spread: {kind: range, range: 1, low: x, high: 1 d}",
            f"1:33: spread.low: a duration needs a number and a unit {DURATION} (got 'x')",
        ),
        (
            "spread: {kind: range, low: 2 d, high: 1 d}",
            "1:1: spread: low is above high [allowed: low <= high]",
        ),
        (
            "spreads:\n  - {kind: fixed, value: 1 d}\n  - {kind: fixed, value: 1}",
            f"3:19: spreads[1].value: a duration needs a number and a unit {DURATION} (got 1)",
        ),
        (
            "either: nevr",
            "1:1: either: a duration needs a number and a unit [allowed: min, h, d, w; for example "
            "28 d or never] (got 'nevr'); did you mean 'never'?",
        ),
        (
            "either: {kind: fixed, value: 1}",
            f"1:23: either.value: a duration needs a number and a unit {DURATION} (got 1)",
        ),
        (
            "either: {kind: rang}",
            "1:10: either.kind: unknown kind [allowed: fixed, range] (got 'rang'); "
            "did you mean 'range'?",
        ),
        (
            "either: [1 d]",
            "1:1: either: not a possible value [allowed: a single value or a mapping] "
            "(got a list of 1)",
        ),
        (
            "auto: atuo",
            "1:1: auto: not one of the choices [allowed: auto] (got 'atuo'); did you mean 'auto'?",
        ),
        ("listed: [1, x]", "1:13: listed[1]: not a whole number (got 'x')"),
        ("listed: x", "1:1: listed: not a whole number (got 'x')"),
        (
            "shapes: {people: 1, lable: x}",
            "1:21: shapes.lable: unknown field [allowed: people, label]; did you mean 'label'?",
        ),
        ("towns: {a: {people: -1}}", "1:13: towns.a.people: out of range [allowed: >= 0] (got -1)"),
        (
            "towns:\n  a: 3",
            "2:3: towns.a: must be a mapping [allowed: 'name: value' lines] (got 3)",
        ),
        (
            "towns:\n  A: {}",
            "2:3: towns.A: a name has lower-case letters, digits and underscores and begins with a "
            "letter (got 'A'); did you mean 'a'?",
        ),
        ("pair: [0, 2]", "1:11: pair[1]: out of range [allowed: <= 1] (got 2)"),
        (
            "pair: 3",
            "1:1: pair: must be a list [allowed: [a, b] or lines that start with '- '] (got 3)",
        ),
        ("few: []", "1:1: few: too few entries [allowed: >= 1 entries] (got a list of 0)"),
        (
            "few: [1, 2, 3, 4]",
            "1:1: few: too many entries [allowed: <= 3 entries] (got a list of 4)",
        ),
        ("stays: 14", f"1:1: stays: a duration needs a number and a unit {DURATION} (got 14)"),
        (
            "stays: {value: 14 d}",
            "1:1: stays: must be a list of such mappings [allowed: a single value, or a list] "
            "(got a mapping)",
        ),
        (
            "stays: [{value: 1 d}, {fron: 2020-04-07, value: 2 d}]",
            "1:24: stays[1].fron: unknown field [allowed: from, value]; did you mean 'from'?",
        ),
        (
            "stays: [{value: 1 d, from: x}]",
            "1:22: stays[0].from: not a date [allowed: year-month-day, such as 2020-04-07] "
            "(got 'x')",
        ),
        (
            "tests: [1 d, 2]",
            f"1:14: tests[1]: a duration needs a number and a unit {DURATION} (got 2)",
        ),
        (
            "tests: [{value: [1 d, 2]}]",
            f"1:23: tests[0].value[1]: a duration needs a number and a unit {DURATION} (got 2)",
        ),
        (
            "preset: covd",
            "1:1: preset: no such preset [allowed: covid] (got 'covd'); did you mean 'covid'?",
        ),
    ],
)
def test_one_problem_in_plain_words(tmp_path: Path, text: str, expected: str) -> None:
    (problem,) = problems(tmp_path, text)
    assert tail(problem) == expected


def test_many_allowed_names_are_cut(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "cuont: 1")
    more = len(Scenario.model_fields) - 12
    assert problem.allowed.startswith("count, number, share, ")
    assert problem.allowed.endswith(f" and {more} more")
    assert problem.suggestion == "count"


def test_missing_fields(tmp_path: Path) -> None:
    found = problems(tmp_path, "# comment\ninner:\n  siez: 1\n", Required)
    assert [tail(problem) for problem in found] == [
        "2:1: name: a required field is missing",
        "2:1: inner.size: a required field is missing",
        "3:3: inner.siez: unknown field [allowed: size]; did you mean 'size'?",
    ]


def test_all_problems_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, "count: x\nlevel: no\nstay: 3\neither: 4\nqqq: 1\n")
    assert [problem.line for problem in found] == [1, 2, 3, 4, 5]


def test_place_of_a_merged_value(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("\ncount: x\n", "utf-8")
    (tmp_path / "child.yaml").write_text("extends: base.yaml\nstay: 3\n", "utf-8")
    merged = apply_settings(resolve(tmp_path / "child.yaml"), ["level=no"])
    with pytest.raises(ScenarioError) as caught:
        validate(merged, Scenario, no_checks)
    assert [(Path(p.file).name, p.line, p.field) for p in caught.value.problems] == [
        ("--set", 1, "level"),
        ("base.yaml", 2, "count"),
        ("child.yaml", 2, "stay"),
    ]


def test_findings_of_the_checks(tmp_path: Path) -> None:
    def checks(_: Scenario) -> Iterator[Finding]:
        yield Finding(("towns", "a", "people"), "too many", "at most 5", "7", "5")
        yield Finding(("stays", 0, "from"), "not in the file")
        yield Finding((), "all wrong")

    text = "count: 1\ntowns:\n  a: {people: 7}\nstays: 1 d\n"
    with pytest.raises(ScenarioError) as caught:
        validate(document(tmp_path, text), Scenario, checks)
    assert [tail(problem) for problem in caught.value.problems] == [
        "1:1: all wrong",
        "3:7: towns.a.people: too many [allowed: at most 5] (got 7); did you mean '5'?",
        "4:1: stays[0].from: not in the file",
    ]


def test_the_checks_wait_until_the_schema_finds_nothing(tmp_path: Path) -> None:
    def checks(_: Scenario) -> Iterator[Finding]:
        yield Finding(("level",), "too high")

    for text, fields in (
        ("cuont: 1\nlevel: high\nstays: 14\n", ["cuont", "stays"]),
        ("count: 1\nlevel: high\n", ["level"]),
    ):
        with pytest.raises(ScenarioError) as caught:
            validate(document(tmp_path, text), Scenario, checks)
        assert [problem.field for problem in caught.value.problems] == fields


def test_strict_branches_of_a_union(tmp_path: Path) -> None:
    class Strict(BaseModel):
        model_config = ConfigDict(strict=True)
        value: int | Plain

    (problem,) = problems(tmp_path, "value: '3'", Strict)
    assert tail(problem) == "1:1: value: not a whole number (got '3')"


def test_document_is_not_changed(tmp_path: Path) -> None:
    faulty = document(tmp_path, "count: x\nlevel: high\n")
    with pytest.raises(ScenarioError):
        validate(faulty, Scenario, no_checks)
    assert faulty.data == {"count": "x", "level": "high"}


SINGLE = st.sampled_from(
    ["1", "-3", "1.5", "x", "28 d", "never", "null", "true", "2020-04-07", "'[key]'", "fixed"]
)
KEYS = st.sampled_from(
    ["kind", "value", "from", "low", "range", "people", "size", "a", "A", "'[key]'", "fixed"]
)
FLOW = st.recursive(
    SINGLE,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(KEYS, inner, max_size=3).map(
            lambda items: "{" + ", ".join(f"{key}: {item}" for key, item in items.items()) + "}"
        ),
    ),
    max_leaves=8,
)


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(fields=st.dictionaries(st.sampled_from([*Scenario.model_fields, "other"]), FLOW, max_size=4))
def test_any_values_give_a_model_or_problems(tmp_path: Path, fields: dict[str, str]) -> None:
    text = "".join(f"{name}: {value}\n" for name, value in fields.items()) or "{}"
    try:
        model = validate(document(tmp_path, text), Scenario, no_checks)
    except ScenarioError as error:
        for problem in error.problems:
            assert problem.field.split(".")[0].split("[")[0] in fields
            assert problem.message
            assert "Input should" not in problem.message
    else:
        assert isinstance(model, Scenario)
