"""The tables of parameters on the ODD page, from the shipped baseline, its presets and comments."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from docs.blocks.fields import FieldReference
from docs.blocks.markdown import code, table
from sim.scenario import presets
from sim.scenario.costs import UnitCosts
from sim.scenario.loader import load_scenario
from sim.scenario.part import Part
from sim.shipped import shipped_scenarios

SOURCES = {
    "calendar": "the weeks around the articles",
    "source.curve": "preset, through A7",
    "disease": "preset, see below",
    "laboratory.sensitivity": "preset: Hellewell et al. 2021",
    "costs": "preset, see below: assumptions",
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
    "policies.quarantine_stay": "A21: 14 days, from 12 April 28",
    "policies.quarantine_tests": "customs, 13 April 2020: everybody who enters, from 1 April; "
    "tests in quarantine from 12 April: A21; days: assumption",
    "policies.test_before_release": "assumption",
    "policies.site_beds": "assumption",
    "policies.hospital_beds.suifenhe_hospital": "A24: makeshift hospital from 14 April; "
    "beds: assumption",
    "policies.hospital_beds.mudanjiang_hospital": "assumption",
    "policies.hospital_beds.harbin_hospital": "assumption",
    "policies.laboratory_capacity": "A19: 120 staff arrive on 6 April, and work from 7 April on; "
    "tests a day: assumption",
    "policies.review_rounds": "a large round on 12 or 13 April; the others are possible: after "
    "A19, and after the national rules of 8 April; shares: medians of their priors",
    "policies.port_closures.suifenhe_port": "A22",
    "moscow_2020: slowing_time": "assumption",
    "registers.carrier_observation": "about 14 days by rule",
    "registers.carrier_negatives": "two negative tests by rule",
    "registers.carrier_retest": "assumption",
    "hospital_outbreak.town": "A15",
    "hospital_outbreak.arrives": "the reported day of arrival",
    "policies.patrols": "in proportion to the province's border, about 26 guards on 27 km, in "
    "shifts (assumption)",
    "hospital_outbreak": "assumption; that there was an outbreak: A15",
}
"""Sources of values whose line in the file has no comment, or one that needs more words.

An entry for a section holds for everything in it that has no comment and no entry of its own.
"""

_BY_FIELD = {
    "on_board": "assumption",
    "near_rows": "relative risk within two rows: Luo et al. 2023",
    "near_relative_risk": "Luo et al. 2023",
    "seats_abreast": "assumption",
    "first_departure": "assumption",
    "last_departure": "assumption",
    "hazard_per_hour": "assumption",
}
_BY_SECTION = {
    "ports": "hours: assumption",
    "quarantine.sites": "people a room: assumption",
    "residents": "assumption",
    "border": "assumption, to be swept",
}
_STRUCTURE = re.compile(
    r"name|question|places\..*|hospitals\..*|legs\..*\.(mode|start|end)|source\.kind|(.*\.)?kind"
    r"|travellers\.start|laboratory\.place|ports\..*\.place|quarantine\.sites\..*\.place"
    r"|border\.stretches\..*\.(start|end)"
)
"""Fields that say what there is, not how much."""


@dataclass(frozen=True)
class Parameter:
    """A value of a scenario file, with the field of the schema that it is for."""

    path: str
    written: str
    owner: type[Part]
    field: str
    items: type[Part] | None
    comment: str

    def row(self) -> list[str]:
        """Return its row in the table."""
        field = FieldReference(self.owner, self.field)
        units, ranges = field.unit, field.bounds
        if self.items is not None:
            items = [FieldReference(self.items, name) for name in self.items.model_fields]
            units = _each({item.written: item.unit for item in items})
            ranges = _each({item.written: item.bounds for item in items})
        return [
            code(self.path),
            code(self.written),
            units,
            field.default,
            ranges,
            field.meaning,
            _source(self.path, self.comment),
        ]


def _each(by_field: dict[str, str]) -> str:
    """Return what holds for the fields of the parts of a list."""
    return "; ".join(f"{code(name)} {text}" for name, text in by_field.items() if text)


def parameters_block() -> str:
    """Return a row for every value of the baseline: what it is, what it may be, and its source."""
    path = shipped_scenarios() / "baseline.yaml"
    text = path.read_text("utf-8")
    rows = [
        parameter.row()
        for parameter in _parameters(text, _mapping(text), load_scenario(path), "")
        if not _STRUCTURE.fullmatch(parameter.path)
    ]
    return table(["parameter", "value", "unit", "default", "range", "meaning", "source"], rows)


def _parameters(text: str, node: yaml.MappingNode, part: Part, above: str) -> Iterator[Parameter]:
    """Yield every value in a mapping of the file, with those of the mappings below it."""
    for key, value in node.value:
        field = next(n for n, f in type(part).model_fields.items() if (f.alias or n) == key.value)
        held = getattr(part, field)
        yield from _below(text, (key, value), held, (type(part), field), f"{above}{key.value}")


def _below(
    text: str,
    entry: tuple[yaml.Node, yaml.Node],
    held: object,
    of: tuple[type[Part], str],
    path: str,
    comment: str = "",
) -> Iterator[Parameter]:
    key, value = entry
    comment = comment or _comment(text, key, value)
    if isinstance(value, yaml.MappingNode) and isinstance(held, Part):
        parts = _parameters(text, value, held, f"{path}.")
    elif isinstance(value, yaml.MappingNode) and isinstance(held, dict):
        parts = (
            parameter
            for name, inner in value.value
            for parameter in _below(
                text, (name, inner), held[name.value], of, f"{path}.{name.value}"
            )
        )
    else:
        items = type(held[0]) if isinstance(held, tuple) and held else None
        of_parts = items if items is not None and issubclass(items, Part) else None
        yield Parameter(path, _written(text, value), *of, of_parts, comment)
        return
    for parameter in parts:
        inherited = parameter.comment or (comment if value.flow_style else "")
        yield replace(parameter, comment=inherited)


def _mapping(text: str) -> yaml.MappingNode:
    node = yaml.compose(text)
    assert isinstance(node, yaml.MappingNode)
    return node


def _written(text: str, value: yaml.Node) -> str:
    lines = text[value.start_mark.index : value.end_mark.index].splitlines()
    written = " ".join(line.partition("#")[0].strip() for line in lines)
    return " ".join(written.split()).replace("} - {", "}, {").removeprefix("- ")


def _comment(text: str, key: yaml.Node, value: yaml.Node) -> str:
    """Return the comments at the ends of the lines of a value, joined."""
    # A block ends where the next one begins, a value on a line of its own at its end.
    flow = not isinstance(value, yaml.CollectionNode) or bool(value.flow_style)
    lines = text.splitlines()[key.start_mark.line : value.end_mark.line + flow]
    lines = [line for line in lines if not line.lstrip().startswith("#")]
    return "; ".join(c.strip() for line in lines if (c := line.partition("#")[2]))


def _source(path: str, comment: str) -> str:
    if source := SOURCES.get(path) or SOURCES.get(path.rpartition(".")[0]):
        return source
    if comment:
        return comment
    field = path.rpartition(".")[2]
    if field in _BY_FIELD:
        return _BY_FIELD[field]
    steps = path.split(".")
    for length in range(len(steps) - 1, 0, -1):
        section = ".".join(steps[:length])
        if found := SOURCES.get(section) or _BY_SECTION.get(section):
            return found
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
        for key, value, comment in _preset(group, name):
            source = comment or source
            if key not in ("name", "kind"):
                row = f"{name}: {key}"
                rows.append([code(row), code(value), SOURCES.get(row, source)])
    return table(["parameter", "value", "source"], rows)


def unit_costs_block() -> str:
    """Return a row for every unit cost of the preset that the baseline uses."""
    rows = []
    for key, value, comment in _preset("costs", "china_2020"):
        before, found, basis = comment.rpartition("Assumption:")
        source = f"assumption: {basis.strip()}" if found else before or comment
        rows.append([code(key), value, FieldReference(UnitCosts, key).meaning, source])
    return table(["unit cost", "value", "for", "source"], rows)


def _preset(group: str, name: str) -> Iterator[tuple[str, str, str]]:
    """Yield the keys of a preset file, their values and the comments above them."""
    text = (Path(presets.__file__).parent / group / f"{name}.yaml").read_text("utf-8")
    lines = text.splitlines()
    for key, value in _mapping(text).value:
        above = key.start_mark.line
        while above and lines[above - 1].startswith("#"):
            above -= 1
        comment = [line.lstrip("# ") for line in lines[above : key.start_mark.line]]
        yield key.value, _written(text, value), " ".join(comment)
