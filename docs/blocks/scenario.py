"""The reference of scenario files, from the schema."""

import ast
from collections.abc import Iterator
from importlib import import_module

from pydantic import BaseModel

from docs.blocks.field_docs import fields_of, meaning
from docs.blocks.field_values import default_of, flow, range_of
from docs.blocks.markdown import code, prose, table
from sim.experiment.sweep import schema
from sim.scenario.part import Part
from sim.scenario.presets import preset_names, read_preset

SECTIONS: dict[str, list[tuple[str, str, str]]] = {
    "The file": [
        ("schema", "Scenario", "(top level)"),
        ("schema", "Calendar", "calendar"),
        ("published", "Published", "published"),
        ("published", "PublishedValue", "published.values[]"),
        ("published", "MeanOver", "published.values[].mean_over"),
    ],
    "Places and ways": [
        ("route", "Place", "places.NAME"),
        ("route", "Leg", "legs.NAME"),
        ("route", "OnBoard", "legs.NAME.on_board"),
        ("route", "Staging", "staging.PLACE"),
        ("route", "Port", "ports.NAME"),
    ],
    "Travellers": [
        ("source", "Travellers", "travellers"),
        ("source", "PartySize", "travellers.party_size"),
        ("source", "LogisticDemand", "travellers.demand, kind: logistic"),
        ("source", "TableDemand", "travellers.demand, kind: table"),
        ("source", "CohortDemand", "travellers.demand, kind: cohort"),
        ("source", "DatedCount", "{date, count}"),
    ],
    "Source of infections": [
        ("source", "EpidemicSource", "source, kind: epidemic"),
        ("source", "ExponentialCurve", "source.curve, kind: exponential"),
        ("source", "UniformCurve", "source.curve, kind: uniform"),
        ("source", "CountsCurve", "source.curve, kind: counts"),
        ("source", "CohortSource", "source, kind: cohort"),
        ("source", "UniformTiming", "source.timing, kind: uniform"),
        ("source", "GrowingTiming", "source.timing, kind: exponential_growth"),
        ("source", "DistributedTiming", "source.timing, kind: before"),
        ("source", "CourseTiming", "source.timing, kind: course"),
    ],
    "Disease and test": [
        ("disease", "Disease", "disease"),
        ("disease", "Infectiousness", "disease.infectiousness"),
        ("disease", "ConstantInfectiousness", "disease.infectiousness.profile, kind: constant"),
        ("disease", "DensityTable", "disease.infectiousness.profile, kind: table"),
        ("disease", "LogisticPcr", "laboratory.sensitivity, kind: two_piece_logistic"),
        ("disease", "TablePcr", "laboratory.sensitivity, kind: table"),
        ("disease", "StagesPcr", "laboratory.sensitivity, kind: stages"),
    ],
    "Behind the border": [
        ("institutions", "Quarantine", "quarantine"),
        ("institutions", "Site", "quarantine.sites.NAME"),
        ("institutions", "Setting", "quarantine.facility, quarantine.home"),
        ("institutions", "Laboratory", "laboratory"),
        ("institutions", "Assay", "laboratory.assays.NAME"),
        ("institutions", "Hospital", "hospitals.NAME"),
        ("institutions", "Registers", "registers"),
    ],
    "Towns and the hospital outbreak": [
        ("residents", "Residents", "residents.PLACE"),
        ("hospital_outbreak", "HospitalOutbreak", "hospital_outbreak"),
        ("hospital_outbreak", "HospitalStay", "hospital_outbreak.hospitals[]"),
    ],
    "The border away from its ports": [
        ("border", "Border", "border"),
        ("border", "Stretch", "border.stretches.NAME"),
        ("border", "Crossers", "border.crossers"),
        ("border", "Informants", "border.informants"),
    ],
    "Costs": [("costs", "UnitCosts", "costs")],
    "Policies": [
        ("timeline", "Policies", "policies"),
        ("timeline", "Closure", "policies.port_closures.PORT[]"),
        ("timeline", "Review", "policies.review_rounds[]"),
        ("timeline", "Reward", "policies.rewards[]"),
    ],
    "Distributions": [
        ("distributions", "Fixed", "kind: fixed"),
        ("distributions", "Uniform", "kind: uniform"),
        ("distributions", "Exponential", "kind: exponential"),
        ("distributions", "LogNormal", "kind: lognormal"),
        ("distributions", "Gamma", "kind: gamma"),
        ("distributions", "GammaMoments", "kind: gamma_moments"),
        ("distributions", "GammaQuantiles", "kind: gamma_quantiles"),
        ("distributions", "Weibull", "kind: weibull"),
        ("distributions", "Table", "kind: table"),
    ],
    "Uncertain numbers": [
        ("distributions", "NormalValue", "kind: normal"),
        ("distributions", "BetaValue", "kind: beta"),
        ("distributions", "LogUniformValue", "kind: loguniform"),
    ],
}
"""Heading: module, class and place in the file of every part of a scenario."""

_SWEEP = {
    "Sweep": "(top level)",
    "FactorSpec": "factors.NAME",
    "Range": "factors.NAME.range",
    "LevelSpec": "factors.NAME.levels[]",
    "Grid": "design, kind: grid",
    "LatinHypercube": "design, kind: latin_hypercube",
    "Sobol": "design, kind: sobol",
    "Saltelli": "design, kind: saltelli",
}
"""Class and place in the file of every part of a sweep."""

_UNSHOWN = {"Period", "Entry", "Part"}

_TYPES = {
    "float": "number",
    "bool": "true or false",
    "Any": "as the field",
    "Label": "text, number or date",
    "Design": "[grid](#grid), [Latin hypercube](#latinhypercube), [Sobol](#sobol) or "
    "[Saltelli](#saltelli)",
    "int": "whole number",
    "str": "text",
    "Line": "[line of text](#quantities)",
    "Paragraph": "text of 1,000 characters at most",
    "Duration": "[duration](#quantities)",
    "Offset": "[offset](#quantities)",
    "SwabTime": "[swab](#quantities)",
    "Statistic": "mean, median, q025 or q975",
    "Runs": "whole number",
    "Scale": "[number > 0](#quantities)",
    "Date": "[date](#quantities)",
    "Share": "[share](#quantities)",
    "Real": "number",
    "Rate": "[number ≥ 0](#quantities)",
    "Count": "[count](#quantities)",
    "Name": "[name](#quantities)",
    "Positive": "[number > 0](#quantities)",
    "Spread": "number",
    "Money": "[money](#quantities)",
    "CostsField": "[UnitCosts](#unitcosts) or [preset](#presets)",
    "Distribution": "[distribution](#distributions)",
    "Uncertain": "number or [uncertain number](#uncertain-numbers)",
    "Curve": "curve or [preset](#presets)",
    "PcrCurve": "test sensitivity or [preset](#presets)",
    "DiseaseField": "[Disease](#disease) or [preset](#presets)",
    "Demand": "[logistic](#logisticdemand), [table](#tabledemand) or [cohort](#cohortdemand)",
    "Source": "[epidemic](#epidemicsource) or [cohort](#cohortsource)",
}

_QUANTITIES = {
    "duration": ("`28 d`, `12 h`, `90 min`, `2 w`", "0 to 3660 days; the unit is required"),
    "offset": ("`-25.625 d`", "a duration that may be negative"),
    "swab": (
        "`5 d`, `5 d antigen`",
        "a duration, and the name of one of `laboratory.assays` if it is not for PCR",
    ),
    "date": ("`2020-04-07`", "year-month-day, from 1900 to 2199"),
    "share": ("`0.7`", "0 to 1"),
    "count": ("`1370`", "a whole number from 0 to 1,000,000,000"),
    "number ≥ 0": ("`0.3`", "0 to 1,000,000; a hazard or a rate"),
    "number > 0": ("`5.6`", "0.000001 to 1,000,000"),
    "money": ("`3000 CNY`", "0 to 1,000,000,000,000; the currency is required"),
    "line of text": ("`Suifenhe`", "300 characters at most, none that control a terminal"),
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
    """Return every part of a scenario with its fields."""
    _check_all_shown()
    return "\n\n".join(_sections())


def sweep_block() -> str:
    """Return every part of a sweep file with its fields."""
    parts = (_part(getattr(schema, name), path) for name, path in _SWEEP.items())
    text = "\n\n".join(line for part in parts for line in part)
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


def _sections() -> Iterator[str]:
    for heading, parts in SECTIONS.items():
        yield f"## {heading}"
        for module, name, path in parts:
            yield from _part(getattr(import_module(f"sim.scenario.{module}"), name), path)


def _part(model: type[BaseModel], path: str) -> Iterator[str]:
    yield f"### {model.__name__}"
    yield f"In the file: {code(path)}"
    yield prose(model.__doc__ or "")
    rows = [_row(model, field, node) for field, node in fields_of(model).items()]
    yield table(["field", "type", "range", "default", "meaning"], rows)


def _check_all_shown() -> None:
    shown = {name for parts in SECTIONS.values() for _, name, _ in parts}
    there = {
        part.__name__
        for part in _subclasses(Part)
        if part.__module__.startswith("sim.scenario") and "[" not in part.__name__
    }
    if missing := there - shown - _UNSHOWN:
        raise KeyError(f"not in the reference of scenario files: {', '.join(sorted(missing))}")


def _subclasses(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for below in model.__subclasses__():
        yield below
        yield from _subclasses(below)


def _row(model: type[BaseModel], name: str, annotation: ast.expr) -> list[str]:
    field = model.model_fields[name]
    return [
        code(field.alias or name),
        _type(annotation),
        range_of(field, annotation),
        default_of(field, annotation),
        meaning(model, name),
    ]


def _type(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return _TYPES.get(name, f"[{name}](#{name.lower()})")
        case ast.Constant(value=None):
            return ""
        case ast.BinOp(left=left, right=right):
            return " or ".join(filter(None, [_type(left), _type(right)]))
        case ast.Subscript(value=ast.Name(id="Literal"), slice=values):
            options = values.elts if isinstance(values, ast.Tuple) else [values]
            return " or ".join(code(str(ast.literal_eval(option))) for option in options)
        case ast.Subscript(value=ast.Name(id="Annotated"), slice=ast.Tuple(elts=[inner, *_])):
            return _type(inner)
        case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[_, inner])):
            return f"by name: {_type(inner)}"
        case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=[inner, last])):
            many = isinstance(last, ast.Constant)
            return f"list of {_type(inner)}" if many else f"two of {_type(inner)}"
        case ast.Subscript(value=ast.Name(id="Timeline"), slice=inner):
            return f"[timeline](#timelines) of {_type(inner)}"
    raise TypeError(f"no words for the type {ast.unparse(node)}")
