"""The levers of a scenario as rows of a timetable that people change: periods, fields, ranges."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sim.app.policy_file import Policy
from sim.scenario.json_schema import readable_schema
from sim.scenario.lever_registry import LEVERS, Lever, names_of
from sim.scenario.reading.yaml_text import yaml_text
from sim.scenario.schema import SECTION_OF, Scenario
from sim.scenario.timeline import Policies
from sim.view.timetable import shade
from sim.view.words import label_in

_AT = {
    "quarantine": ("quarantine_stay", "quarantine_tests", "test_before_release", "site_beds",
                   "monitoring", "arrival_tests"),
    "laboratory": ("laboratory_capacity", "quarantine_tests", "test_before_release",
                   "arrival_tests"),
    "hospitals": ("hospital_beds", "review_rounds"),
}  # fmt: skip
"""Levers that belong to a box of the picture of the corridor that is none of their names."""

_DATES = ("from", "until", "announced")


def rows_of(policy: Policy) -> list[dict[str, Any]]:
    """Return a row for every lever, and for everything that it may be set for, in their order.

    A row has ``lever``, ``name`` (of what it is set for, or empty), ``label``,
    ``unit``, ``kind``, ``meaning``, ``periods``, those of the baseline as ``before``,
    whether they are ``changed``, and its ``fields``, see ``fields_of``.
    """
    now, before = (_periods(scenario) for scenario in (policy.scenario, policy.base))
    rows = []
    for lever in LEVERS.values():
        if lever.part and not getattr(policy.scenario, SECTION_OF[lever.part]):
            continue
        names = names_of(policy.scenario, lever) if lever.of else [""]
        for name in names:
            periods = now.get((lever.field, name), [])
            earlier = before.get((lever.field, name), [])
            rows.append(
                {
                    "lever": lever.field,
                    "name": name,
                    "label": _label(policy.scenario, lever, name),
                    "unit": lever.unit,
                    "kind": lever.kind.name.lower(),
                    "topics": sorted(topic.name.lower() for topic in lever.topics),
                    "meaning": " ".join(lever.meaning.split()),
                    "periods": periods,
                    "before": earlier,
                    "changed": periods != earlier,
                    "at": _at(policy.scenario, lever, name),
                    "dates": lever.field != "reward_budget",
                    "fields": fields_of(lever.field),
                }
            )
    return rows


def _at(scenario: Scenario, lever: Lever, name: str) -> list[str]:
    """Return what in the picture of the corridor a lever belongs to."""
    at = [name] if name else []
    at += [box for box, levers in _AT.items() if lever.field in levers]
    if lever.part == "border" and scenario.border is not None and not name:
        at += scenario.border.stretches
    return at


def _label(scenario: Scenario, lever: Lever, name: str) -> str:
    text = lever.name.format(label_in(scenario, name)) if lever.of else lever.name
    return f"{text} closed" if lever.field == "port_closures" else text


def _periods(scenario: Scenario) -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return the periods of every lever, by its field and what it is set for."""
    written = scenario.policies.model_dump(mode="json", by_alias=True, exclude_none=True)
    return {
        (lever.field, name): list(_of_lever(lever, name, periods, written))
        for lever in LEVERS.values()
        for name, periods in lever.periods(scenario.policies).items()
    }


def _of_lever(
    lever: Lever, name: str, periods: Sequence[Any], written: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    data = written.get(lever.field, [])
    entries = data[name] if name else data
    if not isinstance(entries, list):
        entries = [{"value": entries}]
    values = [lever.value_of(period) for period in periods]
    most = max((v for v in values if isinstance(v, int | float)), default=0.0)
    for entry, value in zip(entries, values, strict=True):
        yield {
            "fields": {key: _text(of) for key, of in entry.items()},
            "words": lever.words(value),
            "shade": round(shade(lever, value, most), 3),
            "off": lever.is_off(value),
        }


def _text(value: Any) -> str:
    """Return a value as a person writes it into a field; lists go without brackets."""
    if isinstance(value, str):
        return value
    line = yaml_text([value], default_flow_style=True, width=float("inf")).strip()[1:-1]
    return line.strip("[]") if isinstance(value, list) else line


@cache
def _schema() -> dict[str, Any]:
    return readable_schema(Policies)


@cache
def fields_of(lever: str) -> list[dict[str, Any]]:
    """Return what a period of a lever consists of, from the schema.

    A field has ``key``, ``label``, ``meaning``, ``type`` (``number``, ``integer``, ``list`` or
    ``text``), its range as ``low`` and ``high`` if it has one, an ``example`` if the schema has
    one, and whether it is ``needed``. Days of begin and end are not among them.
    """
    schema = _schema()
    parts = schema["$defs"]

    def followed(node: dict[str, Any]) -> dict[str, Any]:
        return parts[node["$ref"].rpartition("/")[2]] if "$ref" in node else node

    node = followed(schema["properties"][lever])
    node = followed(node.get("additionalProperties", node))
    options = [of for of in node.get("anyOf", [node]) if of.get("type") == "array"]
    lists = [of for of in options if "$ref" in of.get("items", {})]
    entry = followed(lists[0]["items"]) if lists else {"properties": {"value": node["anyOf"][0]}}
    return [
        _field(key, of, key in entry.get("required", ["value"]))
        for key, of in entry["properties"].items()
        if key not in _DATES[:2]
    ]


def _field(key: str, of: dict[str, Any], needed: bool) -> dict[str, Any]:
    inner = of.get("items", of)
    kind = {"number": "number", "integer": "integer", "array": "list"}.get(of.get("type", ""))
    pattern = inner.get("pattern", "")
    example = inner.get("examples", ["3000 CNY"] if "CNY" in pattern else [""])[0]
    field = {
        "key": key,
        "label": of.get("title", key).lower(),
        "meaning": of.get("description", ""),
        "type": "date" if key in _DATES else kind or "text",
        "example": f"{example}, 12 d" if kind == "list" else example,
        "needed": needed,
    }
    if "maximum" in of:
        field |= {"low": of["minimum"], "high": of["maximum"]}
    return field
