"""The reference of scenario files and sweep files, from their models."""

from collections.abc import Iterator

from pydantic import BaseModel

from docs.blocks.fields import FieldReference, flow
from docs.blocks.markdown import code, prose, table
from sim.experiment.sweep.schema import Sweep
from sim.scenario.presets import preset_names, read_preset
from sim.scenario.schema import Scenario

HEADINGS = {
    "schema": "The file",
    "published": "Published studies",
    "route": "Places and ways",
    "source": "Travellers and where they are infected",
    "disease": "Disease and test",
    "institutions": "Behind the border",
    "residents": "Towns",
    "hospital_outbreak": "The hospital outbreak",
    "border": "The border away from its ports",
    "costs": "Costs",
    "timeline": "Policies",
    "distributions": "Distributions",
}
"""The modules of ``sim.scenario`` that describe parts of a file, in the order of the reference."""

_MOST_PLACES = 3
"""Of a part that may stand in more places only its kind is said."""

_QUANTITIES = {
    "duration": (
        "`28 d`, `12 h`, `90 min`, `2 w`",
        "0 to 3660 days, where no other range is given; the unit is required",
    ),
    "swab": (
        "`5 d`, `5 d antigen`",
        "a duration, and the name of one of `laboratory.assays` if it is not for PCR",
    ),
    "date": ("`2020-04-07`", "year-month-day, from 1900 to 2199"),
    "share": ("`0.7`", "0 to 1"),
    "money": ("`3000 CNY`", "0 to 1,000,000,000,000; the currency is required"),
    "text": (
        "`Suifenhe`",
        "one line of 300 characters at most (in `published` 1,000), none that control a terminal",
    ),
    "name": (
        "`suifenhe_port`",
        "small letters, digits and underscores, a letter first; 40 at most",
    ),
}


def quantities_block() -> str:
    """Return the table of quantities."""
    rows = ([name, *row] for name, row in _QUANTITIES.items())
    return table(["quantity", "written", "range"], rows)


def sections_block() -> str:
    """Return every part of a scenario with its fields.

    Raises:
        KeyError: a part is in a module without a heading.
    """
    sections: dict[str, list[str]] = {module: [] for module in HEADINGS}
    for model, places in _parts(Scenario).items():
        sections[model.__module__.rpartition(".")[2]].append(_part(model, places))
    return "\n\n".join(
        "\n\n".join([f"## {HEADINGS[module]}", *parts]) for module, parts in sections.items()
    )


def sweep_block() -> str:
    """Return every part of a sweep file with its fields."""
    text = "\n\n".join(_part(*part) for part in _parts(Sweep).items())
    return text.replace("(#quantities)", "(reference/scenario.md#quantities)")


def presets_block() -> str:
    """Return the presets and what they hold."""
    rows = []
    for group, used in (
        ("diseases", "disease"),
        ("curves", "source.curve"),
        ("pcr", "laboratory.sensitivity"),
        ("costs", "costs"),
    ):
        for name in preset_names(group):
            data = read_preset(group, name)
            content = ", ".join(f"{key}: {flow(value)}" for key, value in data.items())
            rows.append([code(used), code(name), code(content)])
    return table(["field", "preset", "content"], rows)


def _parts(root: type[BaseModel]) -> dict[type[BaseModel], list[str]]:
    """Return the models that a file is made of, from the whole to its parts, and their places."""
    found: dict[type[BaseModel], list[str]] = {}
    for model, place in _walk(root, ""):
        places = found.setdefault(model, [])
        if place not in places:
            places.append(place)
    return found


def _walk(model: type[BaseModel], place: str) -> Iterator[tuple[type[BaseModel], str]]:
    yield model, place or "(top level)"
    above = place.partition(",")[0]
    for name in model.model_fields:
        for below, part in FieldReference(model, name).parts:
            yield from _walk(part, f"{above}.{below}".lstrip("."))


def _part(model: type[BaseModel], places: list[str]) -> str:
    if len(places) > _MOST_PLACES:
        places = list(dict.fromkeys(place.partition(", ")[2] for place in places))
    fields = [FieldReference(model, name) for name in model.model_fields]
    rows = [[code(of.written), of.type_words, of.bounds, of.default, of.meaning] for of in fields]
    return "\n\n".join(
        [
            f"### {model.__name__}",
            f"In the file: {'; '.join(map(code, places))}",
            prose(model.__doc__ or ""),
            table(["field", "type", "range", "default", "meaning"], rows),
        ]
    )
