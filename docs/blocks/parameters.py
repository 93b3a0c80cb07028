"""The table of parameters on the ODD page, from the shipped baseline and its comments."""

from collections.abc import Iterator

import yaml

from docs.blocks.field_docs import meaning
from docs.blocks.markdown import code, table
from sim.scenario.loader import load_scenario
from sim.scenario.part import Part
from sim.scenario.schema import Scenario
from sim.shipped import shipped_scenarios

SOURCES = {
    "calendar": "the weeks around the articles",
    "travellers.start": "the route (A5)",
    "source.curve": "preset, through A7",
    "disease": "preset, see the reference of scenario files",
    "laboratory.sensitivity": "preset: Hellewell et al. 2021",
    "quarantine.home_place": "assumption",
    "quarantine.symptom_swabs": "assumption",
    "laboratory.specificity": "assumption: no false positives",
    "legs.moscow_vladivostok.duration": "the route: nine hours in the air",
    "legs.moscow_vladivostok.seats": "a wide-body aircraft (assumption)",
    "legs.vladivostok_suifenhe.duration": "the route: 190 km by bus",
    "legs.vladivostok_suifenhe.seats": "a coach (assumption)",
    "policies.exit_screening": "assumption; published range 0.70 to 0.86",
    "policies.entry_screening": "assumption; published range 0.70 to 0.86",
    "policies.staging_quarantine": "in force from 7 April; 14 days",
    "policies.quarantine_tests": "assumption; that there were tests: A21",
    "policies.test_before_release": "assumption",
    "policies.site_beds": "assumption",
    "policies.hospital_beds": "A24: makeshift hospital from 14 April; beds: assumption",
    "policies.laboratory_capacity": "A19: 120 staff arrive on 6 April; tests a day: assumption",
    "policies.review_rounds": "a large round before the count of 13 April; share: assumption",
    "policies.port_closures.suifenhe_port": "A22",
    "registers.carrier_observation": "about 14 days by rule",
    "registers.carrier_negatives": "two negative tests by rule",
    "registers.carrier_retest": "assumption",
}
"""Sources of values whose line in the file has no comment, or one that needs more words."""

_BY_FIELD = {
    "on_board": "assumption; relative risk within two rows: Luo et al. 2023",
    "seats_abreast": "assumption",
    "first_departure": "assumption",
    "last_departure": "assumption",
    "mode": "structure of the route (A5)",
    "start": "structure of the route (A5)",
    "end": "structure of the route (A5)",
    "kind": "structure",
    "place": "structure",
}
_BY_SECTION = {
    "places": "structure of the route (A5)",
    "ports": "structure; hours: assumption",
    "hospitals": "structure",
    "quarantine.sites": "structure; people a room: assumption",
}
_LEFT_OUT = ("name", "question")


def parameters_block() -> str:
    """Return a row for every value of the baseline: path, value, meaning and source."""
    path = shipped_scenarios() / "baseline.yaml"
    text = path.read_text("utf-8")
    scenario = load_scenario(path)
    rows = []
    for name, key, value in _values(yaml.compose(text), ""):
        lines = text.splitlines()[key.start_mark.line : value.end_mark.line + 1]
        if value.end_mark.column == 0:
            lines = lines[:-1]
        shown = " ".join(line.partition("#")[0].strip() for line in lines)
        comment = "; ".join(c.strip() for line in lines if (c := line.partition("#")[2]))
        written = shown.partition(":")[2].strip()
        rows.append([code(name), code(written), _meaning(scenario, name), _source(name, comment)])
    return table(["parameter", "value", "meaning", "source"], rows)


def _values(
    node: yaml.MappingNode, above: str
) -> Iterator[tuple[str, yaml.ScalarNode, yaml.Node]]:
    """Yield the path, key and value of every field that is written on lines of its own."""
    for key, value in node.value:
        name = f"{above}{key.value}"
        if isinstance(value, yaml.MappingNode) and not value.flow_style:
            yield from _values(value, f"{name}.")
        elif name not in _LEFT_OUT:
            yield name, key, value


def _meaning(scenario: Scenario, path: str) -> str:
    owner: Part = scenario
    held: object = scenario
    field = ""
    for step in path.split("."):
        if isinstance(held, dict):
            held = held[step]
        elif isinstance(held, Part):
            owner, field = held, step
            held = getattr(held, step)
    return meaning(type(owner), field)


def _source(path: str, comment: str) -> str:
    if path in SOURCES:
        return SOURCES[path]
    if comment:
        return comment.strip("() ")
    section, _, field = path.rpartition(".")
    if field in _BY_FIELD:
        return _BY_FIELD[field]
    if section in _BY_SECTION:
        return _BY_SECTION[section]
    raise KeyError(f"no source for {path}: add a comment to its line or an entry to SOURCES")
