"""The tables of parameters on the ODD page, from the shipped baseline, its presets and comments."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from docs.blocks.markdown import code, table
from docs.blocks.reference import reference_of
from sim.scenario import presets
from sim.scenario.costs import UnitCosts
from sim.scenario.schema import Scenario
from sim.shipped import shipped_scenarios

SOURCES = {
    "calendar": "the weeks around the articles",
    "source.curve": "preset, through A7",
    "disease": "preset, see below",
    "laboratory.sensitivity": "preset: Hellewell et al. 2021",
    "laboratory.specificity": "assumption: no false positives",
    "legs.moscow_vladivostok.duration": "the route: nine hours in the air",
    "legs.moscow_vladivostok.seats": "a wide-body aircraft (assumption)",
    "legs.vladivostok_suifenhe.duration": "the route: 190 km by bus",
    "legs.vladivostok_suifenhe.seats": "a coach (assumption)",
    "legs.NAME.on_board.near_rows": "Luo et al. 2023",
    "legs.NAME.on_board.near_relative_risk": "Luo et al. 2023",
    "registers.carrier_observation": "about 14 days by rule",
    "registers.carrier_negatives": "two negative tests by rule",
    "hospital_outbreak.town": "A15",
    "hospital_outbreak.arrives": "the reported day of arrival",
    "hospital_outbreak": "fitted or assumption",
    "border": "assumption, to be swept",
    "policies.exit_screening": "assumption; published range 0.70 to 0.86",
    "policies.entry_screening": "assumption; published range 0.70 to 0.86",
    "policies.staging_quarantine": "in force from 7 April; 14 days",
    "policies.hospital_beds.mudanjiang_hospital": "assumption",
    "policies.hospital_beds.harbin_hospital": "assumption",
}
"""Sources that do not stand beside the value in the file, by place or by the section around it.

A value with neither an entry nor a comment is an assumption.
"""

_REFERENCE = reference_of(Scenario)
_STRUCTURE = re.compile(
    r"name|question|places\..*|hospitals\..*|legs\..*\.(mode|start|end)"
    r"|travellers\.start|(laboratory|ports\.NAME|quarantine\.sites\.NAME)\.place"
    r"|border\.stretches\.NAME\.(start|end)"
)
"""Fields that say what there is, not how much."""


Value = tuple[str, tuple[str, str], str, str, str]
"""Of a value: place (in which names are NAME), model and field, names, as written, and source."""


def parameters_block() -> str:
    """Return a row for every field of the baseline: its values, its type and their sources."""
    text = (shipped_scenarios() / "baseline.yaml").read_text("utf-8")
    by_place: dict[str, list[Value]] = {}
    for entry in _mapping(text).value:
        for value in _values(text, entry, ("Scenario", entry[0].value), entry[0].value):
            if not _STRUCTURE.fullmatch(value[0]):
                by_place.setdefault(value[0], []).append(value)
    rows = []
    for place, values in by_place.items():
        model, field = values[0][1]
        type_words = re.sub(r"by name: |\[(.*?)\]\(#.*?\)", r"\1", _REFERENCE.type_of(model, field))
        written = _joined({names: code(written) for *_, names, written, _ in values})
        source = _joined({names: source for *_, names, _, source in values})
        meaning = _REFERENCE.fields(model)[field]["description"]
        rows.append([code(place), written, type_words, meaning, source])
    return table(["parameter", "value", "type", "meaning", "source"], rows)


def _joined(by_name: Mapping[str, str]) -> str:
    """Return the texts of several names, each text once, with names if they differ."""
    names: dict[str, list[str]] = {}
    for name, text in by_name.items():
        names.setdefault(text, []).append(name)
    said = (f"{', '.join(of)}: {text}" for text, of in names.items())
    return next(iter(names)) if len(names) == 1 else "; ".join(said)


def _values(
    text: str,
    entry: tuple[yaml.Node, yaml.Node],
    of: tuple[str, str],
    place: str,
    names: tuple[str, ...] = (),
    around: str = "",
) -> Iterator[Value]:
    """Yield every value below an entry of the file.

    ``of`` is the model and its field that the entry is for; ``names`` stand for NAME in the place;
    ``around`` is the comment of what the entry is in.
    """
    key, value = entry
    if isinstance(value, yaml.MappingNode):
        kind = next((inner.value for name, inner in value.value if name.value == "kind"), "")
        model = _REFERENCE.model_at(place, kind)
        is_by_name = (
            place.endswith(of[1]) and _REFERENCE.fields(of[0])[of[1]].get("type") == "object"
        )
        if model or is_by_name:
            beside = text.splitlines()[key.start_mark.line].partition("#")[2].strip() or around
            for inner in value.value:
                name = inner[0].value
                if not model:
                    yield from _values(text, inner, of, f"{place}.NAME", (*names, name), beside)
                elif name != "kind":
                    yield from _values(text, inner, (model, name), f"{place}.{name}", names, beside)
            return
    path = place
    for name in names:
        path = path.replace("NAME", name, 1)
    sections = [place[: dot.start()] for dot in re.finditer(r"\.", place)][::-1]
    comment = {"": _comment(text, key, value) or around}
    known = ((SOURCES | comment).get(where) for where in (path, place, "", *sections))
    source = next(filter(None, known), "assumption")
    yield place, of, ".".join(names), _written(text, value), source


def _mapping(text: str) -> yaml.MappingNode:
    node = yaml.compose(text)
    assert isinstance(node, yaml.MappingNode)
    return node


def _written(text: str, value: yaml.Node) -> str:
    """Return a value as the file writes it, but on one line."""
    lines = text[value.start_mark.index : value.end_mark.index].splitlines()
    lines = [line.partition("#")[0].strip().removeprefix("- ") for line in lines]
    if isinstance(value, yaml.CollectionNode) and not value.flow_style:
        inside = ", ".join(filter(None, lines))
        return f"{{{inside}}}" if isinstance(value, yaml.MappingNode) else f"[{inside}]"
    return " ".join(" ".join(lines).split())


def _comment(text: str, key: yaml.Node, value: yaml.Node) -> str:
    """Return the comments of a value: above it, in it, and at the ends of its lines."""
    lines = text.splitlines()
    first, last = key.start_mark.line, value.end_mark.line
    if isinstance(value, yaml.CollectionNode) and not value.flow_style:
        # Its end is where the next key stands; what is said above that is not about this one.
        while lines[last - 1].lstrip().startswith("#") or not lines[last - 1]:
            last -= 1
    else:
        last += 1
    while first and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    said = ""
    for line in lines[first:last]:
        _, mark, comment = line.partition("#")
        ends = line.lstrip().startswith("#") or comment.endswith((",", ";", "."))
        said += f"{comment.strip()}{' ' if ends else '; '}" if mark else ""
    return said.rstrip("; ")


def preset_parameters_block() -> str:
    """Return the values of the presets that the baseline uses, a row for each source."""
    rows: list[tuple[str, list[str], str]] = []
    for preset in ("diseases/covid19_2020", "curves/moscow_2020", "pcr/hellewell_2021"):
        for key, value, comment in _preset(preset):
            if comment:
                rows.append((Path(preset).name, [], comment))
            if key not in ("name", "kind"):
                rows[-1][1].append(f"{key}: {value}")
    cells = ([code(name), code(", ".join(of)), source] for name, of, source in rows if of)
    return table(["preset", "values", "source"], cells)


def unit_costs_block() -> str:
    """Return a row for every unit cost of the preset that the baseline uses."""
    fields = _REFERENCE.fields(UnitCosts.__name__)
    rows = []
    for key, value, comment in _preset("costs/china_2020"):
        before, found, basis = comment.rpartition("Assumption:")
        source = f"assumption: {basis.strip()}" if found else before or comment
        rows.append([code(key), value, fields[key]["description"], source])
    return table(["unit cost", "value", "for", "source"], rows)


def _preset(name: str) -> Iterator[tuple[str, str, str]]:
    """Yield the keys of a preset file, their values and their comments."""
    text = (Path(presets.__file__).parent / f"{name}.yaml").read_text("utf-8")
    for key, value in _mapping(text).value:
        yield key.value, _written(text, value), _comment(text, key, value)
