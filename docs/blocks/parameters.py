"""The table of parameters on the ODD page, from the shipped baseline and its comments."""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from docs.blocks.field_docs import meaning
from docs.blocks.markdown import code, table
from sim.scenario import presets
from sim.scenario.loader import load_scenario
from sim.scenario.part import Part
from sim.scenario.schema import Scenario
from sim.shipped import shipped_scenarios

SOURCES = {
    "calendar": "the weeks around the articles",
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
    "policies.hospital_beds.suifenhe_hospital": "A24: makeshift hospital from 14 April; "
    "beds: assumption",
    "policies.hospital_beds.mudanjiang_hospital": "assumption",
    "policies.hospital_beds.harbin_hospital": "assumption",
    "policies.laboratory_capacity": "A19: 120 staff arrive on 6 April; tests a day: assumption",
    "policies.review_rounds": "a large round before the count of 13 April; share: assumption",
    "policies.port_closures.suifenhe_port": "A22",
    "moscow_2020: slowing_time": "assumption",
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
}
_BY_SECTION = {
    "ports": "hours: assumption",
    "quarantine.sites": "people a room: assumption",
}
_STRUCTURE = re.compile(
    r"name|question|places\..*|hospitals\..*|legs\..*\.(mode|start|end)|source\.kind"
    r"|travellers\.start|laboratory\.place"
)
"""Fields that say what there is, not how much."""


def parameters_block() -> str:
    """Return a row for every value of the baseline: path, value, meaning and source."""
    path = shipped_scenarios() / "baseline.yaml"
    text = path.read_text("utf-8")
    scenario = load_scenario(path)
    rows = []
    for name, key, value in _values(yaml.compose(text), ""):
        # A block ends where the next one begins, a value on a line of its own at its end.
        flow = isinstance(value, yaml.ScalarNode) or value.flow_style
        lines = text.splitlines()[key.start_mark.line : value.end_mark.line + flow]
        lines = [line for line in lines if not line.lstrip().startswith("#")]
        shown = " ".join(line.partition("#")[0].strip() for line in lines)
        comment = "; ".join(c.strip() for line in lines if (c := line.partition("#")[2]))
        written = shown.partition(":")[2].strip().replace("} - {", "}, {").removeprefix("- ")
        rows.append([code(name), code(written), _meaning(scenario, name), _source(name, comment)])
    return table(["parameter", "value", "meaning", "source"], rows)


def _values(node: yaml.MappingNode, above: str) -> Iterator[tuple[str, yaml.ScalarNode, yaml.Node]]:
    """Yield the path, key and value of every field that is written on lines of its own."""
    for key, value in node.value:
        name = f"{above}{key.value}"
        if isinstance(value, yaml.MappingNode) and not value.flow_style:
            yield from _values(value, f"{name}.")
        elif not _STRUCTURE.fullmatch(name):
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
        return comment
    section, _, field = path.rpartition(".")
    if field in _BY_FIELD:
        return _BY_FIELD[field]
    if section in _BY_SECTION:
        return _BY_SECTION[section]
    raise KeyError(f"no source for {path}: add a comment to its line or an entry to SOURCES")


def preset_parameters_block() -> str:
    """Return a row for every value of the presets that the baseline uses, with its source."""
    rows = []
    for group, name in (
        ("diseases", "covid19_2020"),
        ("curves", "moscow_2020"),
        ("pcr", "hellewell_2021"),
    ):
        source = ""
        text = (Path(presets.__file__).parent / group / f"{name}.yaml").read_text("utf-8")
        lines = text.splitlines()
        for key, value in yaml.compose(text).value:
            above = key.start_mark.line
            while above and lines[above - 1].startswith("#"):
                above -= 1
            comment = [line.lstrip("# ") for line in lines[above : key.start_mark.line]]
            source = " ".join(comment) or source
            flow = isinstance(value, yaml.ScalarNode) or value.flow_style
            shown = " ".join(
                line.strip()
                for line in lines[key.start_mark.line : value.end_mark.line + flow]
                if not line.startswith("#")
            )
            if key.value not in ("name", "kind"):
                row = f"{name}: {key.value}"
                rows.append(
                    [code(row), code(shown.partition(":")[2].strip()), SOURCES.get(row, source)]
                )
    return table(["parameter", "value", "source"], rows)
