"""Files that extend others, and settings of the command line."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shipped import SCENARIOS

from sim import load_scenario
from sim.scenario import presets
from sim.scenario.presets import preset_names
from sim.scenario.reading.errors import Problem, ScenarioError
from sim.scenario.reading.extends import MAX_LEVELS, resolve
from sim.scenario.reading.settings import apply_settings
from sim.scenario.reading.strict_yaml import Document, Mark, read_document


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return folder / f"{next(iter(files))}.yaml"


def problem_of(path: Path) -> Problem:
    with pytest.raises(ScenarioError) as caught:
        resolve(path)
    (problem,) = caught.value.problems
    return problem


def test_file_without_extends(tmp_path: Path) -> None:
    document = resolve(write(tmp_path, a="x: 1\n"))
    assert document.data == {"x": 1}
    assert document.marks[("x",)] == Mark(str(tmp_path / "a.yaml"), 1, 1)


def test_merge(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        child=(
            "extends: base.yaml\n"
            "m: {b: 20, c: {y: 3}}\n"
            "list: [9]\n"
            "gone: null\n"
            "scalar: {now: mapping}\n"
            "mapping: 5\n"
            "new: 1\n"
        ),
        base=(
            "m: {a: 1, b: 2, c: {x: 1}}\n"
            "list: [{p: 1}, 2]\n"
            "gone: {deep: 1}\n"
            "scalar: 1\n"
            "mapping: {k: 1}\n"
            "kept: {k: 1}\n"
        ),
    )
    document = resolve(path)
    assert document.path == str(path)
    assert document.data == {
        "m": {"a": 1, "b": 20, "c": {"x": 1, "y": 3}},
        "list": [9],
        "gone": None,
        "scalar": {"now": "mapping"},
        "mapping": 5,
        "kept": {"k": 1},
        "new": 1,
    }
    child, base = str(path), str(tmp_path / "base.yaml")
    marks = document.marks
    assert marks[()] == Mark(child, 1, 1)
    assert marks[("m",)] == Mark(child, 2, 1)
    assert marks[("m", "a")] == Mark(base, 1, 5)
    assert marks[("m", "b")] == Mark(child, 2, 5)
    assert marks[("m", "c", "x")].file == base
    assert marks[("list", 0)] == Mark(child, 3, 8)
    assert marks[("kept", "k")].file == base
    for gone in (("extends",), ("list", 1), ("list", 0, "p"), ("gone", "deep"), ("mapping", "k")):
        assert gone not in marks


@pytest.mark.parametrize(
    ("child", "base", "merged"),
    [
        ("{kind: b, y: 2}", "{kind: a, x: 1}", {"kind": "b", "y": 2}),
        ("{kind: a, y: 2}", "{kind: a, x: 1}", {"kind": "a", "x": 1, "y": 2}),
        ("{y: 2}", "{kind: a, x: 1}", {"kind": "a", "x": 1, "y": 2}),
        ("{kind: b, y: 2}", "{x: 1}", {"kind": "b", "y": 2}),
    ],
)
def test_another_kind_replaces(
    tmp_path: Path, child: str, base: str, merged: dict[str, Any]
) -> None:
    path = write(tmp_path, c=f"extends: b.yaml\nm: {child}", b=f"m: {base}")
    document = resolve(path)
    assert document.data == {"m": merged}
    assert set(document.marks) == {(), ("m",), *(("m", key) for key in merged)}


def test_chain_and_subfolder(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    write(tmp_path / "sub", b="extends: c.yaml\nb: 1", c="b: 2\nc: 2")
    assert resolve(write(tmp_path, a="extends: sub/b.yaml")).data == {"b": 1, "c": 2}


def test_longest_chain(tmp_path: Path) -> None:
    for level in range(MAX_LEVELS + 1):
        write(tmp_path, **{f"f{level}": f"extends: f{level + 1}.yaml\nk{level}: 1"})
    write(tmp_path, **{f"f{MAX_LEVELS + 1}": "end: 1"})
    assert len(resolve(tmp_path / "f1.yaml").data) == MAX_LEVELS + 1
    problem = problem_of(tmp_path / "f0.yaml")
    assert "more than 8" in problem.message
    assert problem.file.endswith(f"f{MAX_LEVELS}.yaml")


def test_missing_file_suggests_a_near_one(tmp_path: Path) -> None:
    path = write(tmp_path, a="x: 1\nextends: corridr.yaml\n", corridor="x: 1")
    problem = problem_of(path)
    assert (problem.line, problem.column, problem.field) == (2, 1, "extends")
    assert problem.suggestion == "corridor.yaml"
    (tmp_path / "sub").mkdir()
    write(tmp_path / "sub", corridor="x: 1")
    assert problem_of(write(tmp_path, a="extends: sub/corridr.yaml")).suggestion == (
        "sub/corridor.yaml"
    )
    assert problem_of(write(tmp_path, a="extends: nowhere/corridr.yaml")).suggestion == ""


@pytest.mark.parametrize(
    "target",
    ["/etc/passwd", "../a.yaml", "sub/../a.yaml", "~/a.yaml", "C:/a.yaml", "sub\\\\a.yaml",
     "a\\0b", "a\\nb", ""],
)  # fmt: skip
def test_paths_that_are_not_plain(tmp_path: Path, target: str) -> None:
    problem = problem_of(write(tmp_path, a=f'extends: "{target}"'))
    assert "relative path" in problem.message
    assert problem.allowed


@pytest.mark.parametrize("target", ["3", "[b.yaml]", "{a: b}", "null", "true", ""])
def test_extends_that_is_not_text(tmp_path: Path, target: str) -> None:
    assert "relative path" in problem_of(write(tmp_path, a=f"extends: {target}")).message


def test_symlink_out_of_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    write(tmp_path, secret="x: 1")
    (folder / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (folder / "up").symlink_to(tmp_path)
    assert "outside" in problem_of(write(folder, a="extends: link.yaml")).message
    assert "outside" in problem_of(write(folder, a="extends: up/secret.yaml")).message
    assert "outside" in problem_of(write(folder, a="extends: up/none.yaml")).message


@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("x" * 300 + ".yaml", "no such file"),
        ("a/" * 2000 + "b.yaml", "no such file"),
        ("SECRET/../b.yaml", "relative path"),
        ("b.yaml.", "no such file"),
        ("'b.yaml '", "no such file"),
        ("pipe.yaml", "not an ordinary file"),
        ("device.yaml", "outside"),
    ],
)
def test_names_that_lead_nowhere(tmp_path: Path, target: str, words: str) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "device.yaml").symlink_to("/dev/zero")
    problem = problem_of(write(tmp_path, a=f"extends: {target}", b="x: 1"))
    assert re.search(words, problem.message)
    assert len(str(problem)) < 500


def test_this_folder_may_be_named(tmp_path: Path) -> None:
    assert resolve(write(tmp_path, a="extends: ./b.yaml", b="x: 1")).data == {"x": 1}


def test_a_link_to_a_scenario_extends_what_lies_beside_the_link(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    write(tmp_path, a="extends: b.yaml", b="from: outside")
    (tmp_path / "inside" / "a.yaml").symlink_to(tmp_path / "a.yaml")
    with pytest.raises(ScenarioError, match="there is no such file"):
        resolve(tmp_path / "inside" / "a.yaml")
    write(tmp_path / "inside", b="from: inside")
    assert resolve(tmp_path / "inside" / "a.yaml").data == {"from": "inside"}


def test_circles(tmp_path: Path) -> None:
    assert "circle" in problem_of(write(tmp_path, a="extends: a.yaml")).message
    problem = problem_of(write(tmp_path, a="extends: b.yaml", b="x: 1\nextends: a.yaml"))
    assert "circle" in problem.message
    assert problem.file == str(tmp_path / "b.yaml")
    (tmp_path / "alias.yaml").symlink_to(tmp_path / "a.yaml")
    assert "circle" in problem_of(write(tmp_path, a="extends: alias.yaml")).message


def test_problems_of_the_extended_file(tmp_path: Path) -> None:
    path = write(tmp_path, a="extends: b.yaml", b="x: 1\nx: 2")
    assert problem_of(path).file == str(tmp_path / "b.yaml")
    (tmp_path / "folder.yaml").mkdir()
    assert "folder" in problem_of(write(tmp_path, a="extends: folder.yaml")).message


@pytest.fixture
def document(tmp_path: Path) -> Document:
    return resolve(
        write(tmp_path, a="p:\n  stay: [{value: 14 d}, {value: 7 d, from: x}]\nn: 1\nnone:\n")
    )


@pytest.mark.parametrize(
    ("setting", "loc", "value"),
    [
        ("n=2", ("n",), 2),
        ("n=", ("n",), None),
        ("n=a=b", ("n",), "a=b"),
        (" n = yes ", ("n",), "yes"),
        ("p.stay[0].value=21 d", ("p", "stay", 0, "value"), "21 d"),
        ("p.stay[1]={value: 1 d}", ("p", "stay", 1), {"value": "1 d"}),
        ("p.stay=[1, 2]", ("p", "stay"), [1, 2]),
        ("new.deep.er=1", ("new", "deep", "er"), 1),
        ("none.x=1", ("none", "x"), 1),
        ("p={}", ("p",), {}),
    ],
)
def test_settings(document: Document, setting: str, loc: tuple[Any, ...], value: Any) -> None:
    before = repr(document)
    changed = apply_settings(document, [setting])
    assert repr(document) == before
    found: Any = changed.data
    for step in loc:
        found = found[step]
    assert found == value
    assert changed.marks[loc] == Mark("--set", 1, 1)
    inside = [mark for place, mark in changed.marks.items() if place[: len(loc)] == loc]
    assert {mark.file for mark in inside} == {"--set"}


def test_marks_around_a_setting_stay(document: Document) -> None:
    changed = apply_settings(document, ["p.stay[1]={value: 1 d}", "q.r=[1, {s: 2}]"])
    assert changed.marks[("p",)] == document.marks[("p",)]
    assert changed.marks[("p", "stay", 0, "value")] == document.marks[("p", "stay", 0, "value")]
    assert ("p", "stay", 1, "from") not in changed.marks
    assert changed.marks[("q",)].file == "--set"
    assert changed.marks[("q", "r", 1, "s")].file == "--set"


def test_settings_apply_in_order(document: Document) -> None:
    changed = apply_settings(document, ["x=[0, 0]", "x[1]=5", "x[1]=6"])
    assert changed.data["x"] == [0, 6]


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("n", "needs a '='"),
        ("=1", "not a path"),
        ("a..b=1", "not a path"),
        ("a[x]=1", "not a path"),
        ("a[-1]=1", "not a path"),
        ("[0]=1", "not a path"),
        ("a b=1", "not a path"),
        ("a[99999999999999]=1", "not a path"),
        (".".join("abcdefghijklm") + "=1", "12 steps"),
        ("n.x=1", "single value"),
        ("n[0]=1", "single value"),
        ("p.stay.x=1", "needs an index"),
        ("p.stay[2]=1", "no entry"),
        ("p.stay[2].value=1", "no entry"),
        ("p[0]=1", "is a mapping"),
        ("new[0]=1", "single value"),
        ("n=[1", "']'"),
        ("n=a: b", "write a list as"),
        ("n=*x", "aliases"),
        ("n=.nan", "finite"),
        ("n=\ud800", "U+D800"),
    ],
)
def test_settings_that_lead_nowhere(document: Document, setting: str, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        apply_settings(document, [setting])
    (problem,) = caught.value.problems
    assert words in problem.message
    assert (problem.file, problem.line, problem.column) == ("--set", 1, 1)
    assert str(problem).isprintable()


def test_problems_of_all_settings(document: Document) -> None:
    with pytest.raises(ScenarioError) as caught:
        apply_settings(document, ["n.x=1", "n=[", "q"])
    assert len(caught.value.problems) == 3


TREES = st.recursive(
    st.integers(0, 3),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(["kind", "a", "b"]), inner)
    ),
    max_leaves=12,
)
MAPPINGS = st.dictionaries(st.sampled_from("abc"), TREES, max_size=3)


def locations(value: Any, loc: tuple[Any, ...] = ()) -> set[tuple[Any, ...]]:
    steps: list[Any] = []
    if isinstance(value, dict):
        steps = list(value)
    elif isinstance(value, list):
        steps = list(range(len(value)))
    return {loc}.union(*(locations(value[step], (*loc, step)) for step in steps))


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(child=MAPPINGS, base=MAPPINGS)
def test_every_merged_value_has_its_mark(
    tmp_path: Path, child: dict[str, Any], base: dict[str, Any]
) -> None:
    # Python writes mappings of quoted names, lists and whole numbers as YAML does.
    flow = repr({"extends": "base.yaml", **child})
    try:
        document = resolve(write(tmp_path, child=flow, base=repr(base)))
    except ScenarioError as error:
        assert all("nested deeper" in problem.message for problem in error.problems)
        return
    assert set(document.marks) == locations(document.data)


@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    items=st.lists(
        st.one_of(
            st.text(),
            st.text(st.sampled_from("pnstay.[]0129=:{}, -*&!'\"\n"), max_size=20),
            st.builds("{}={}".format, st.sampled_from(["n", "p.stay[0]", "q.r"]), st.text()),
        ),
        max_size=3,
    )
)
def test_any_settings_give_a_document_or_problems(document: Document, items: list[str]) -> None:
    try:
        changed = apply_settings(document, items)
    except ScenarioError as error:
        assert error.problems
        assert all(line.isprintable() for line in str(error).splitlines())
    else:
        assert set(changed.marks) == locations(changed.data)


def test_a_setting_reaches_into_a_preset() -> None:
    """The rest of the preset stays, and the shipped content is not touched."""
    document = read_document(SCENARIOS / "baseline.yaml")
    for _ in range(2):
        changed = apply_settings(
            document, ["disease.asymptomatic_share=0.9", "costs.test=200 CNY", "disease.name=x"]
        )
        assert changed.data["disease"]["asymptomatic_share"] == 0.9
        assert changed.data["costs"]["test"] == "200 CNY"
        assert changed.data["costs"]["quarantine_day"] == "300 CNY"
        assert changed.marks[("costs", "quarantine_day")].file == "--set"
    assert document.data["disease"] == "covid19_2020"
    scenario = load_scenario(SCENARIOS / "baseline.yaml", ["costs.test=200 CNY"])
    assert scenario.costs.test == 200
    assert scenario.costs.quarantine_day == 300


def test_a_setting_inside_a_preset_is_checked() -> None:
    with pytest.raises(ScenarioError, match=r"costs\.tset: unknown field"):
        load_scenario(SCENARIOS / "baseline.yaml", ["costs.tset=200 CNY"])


def test_names_of_presets_are_unique() -> None:
    """A setting finds a preset by its name alone."""
    groups = [folder.name for folder in Path(presets.__file__).parent.iterdir() if folder.is_dir()]
    names = [name for group in groups for name in preset_names(group)]
    assert len(set(names)) == len(names) > 0
