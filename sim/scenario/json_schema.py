"""JSON Schema of scenario files, for completion and checks in editors."""

import json
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

import sim
from sim.scenario.quantities import format_duration, format_money
from sim.scenario.schema import Scenario
from sim.scenario.swab_time import SwabTime

_PARTIAL = "partial_"


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema of scenario files of this version of the program.

    A file that extends another may omit any field, so it is checked against a copy of the schema
    in which only ``kind`` is required.
    """
    whole = readable_schema(Scenario)
    parts = whole.pop("$defs")
    partial = _without_required(whole)
    partial["properties"]["extends"] = {
        "type": "string",
        "description": "a scenario file in the same folder to start from",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:bordersim:scenario:{sim.__version__}",
        "title": f"bordersim scenario, version {sim.__version__}",
        "type": "object",
        "if": {"required": ["extends"]},
        "then": partial,
        "else": whole,
        "$defs": {
            **parts,
            **{_PARTIAL + name: _without_required(part) for name, part in parts.items()},
        },
    }


def readable_schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the JSON Schema of a model, its defaults and descriptions as people write them."""
    schema = model.model_json_schema(by_alias=True, schema_generator=_AsWritten)
    _write_for_readers(schema)
    return schema


class _AsWritten(GenerateJsonSchema):
    """Writes the defaults of swabs as texts."""

    def encode_default(self, dft: Any) -> Any:
        if isinstance(dft, tuple) and any(isinstance(of, SwabTime) for of in dft):
            return list(map(str, dft))
        return super().encode_default(dft)


def _without_required(node: Any) -> Any:
    """Return a copy of a schema that requires only kinds and refers to such copies."""
    if isinstance(node, list):
        return [_without_required(part) for part in node]
    if isinstance(node, str):
        return node.replace("#/$defs/", "#/$defs/" + _PARTIAL)
    if not isinstance(node, dict):
        return node
    copy = {key: _without_required(part) for key, part in node.items() if key != "required"}
    if isinstance(node.get("required"), list) and "kind" in node["required"]:
        copy["required"] = ["kind"]
    return copy


def _write_for_readers(node: Any) -> None:
    """Write defaults of durations and money as a file needs them, descriptions as plain text."""
    if isinstance(node, dict):
        if isinstance(text := node.get("description"), str):
            node["description"] = " ".join(text.replace("``", "`").split())
        default = node.get("default")
        for ending, written in (("(min|h|d|w)", format_duration), ("CNY", format_money)):
            if ending in json.dumps(node) and isinstance(default, int | float):
                node["default"] = written(default)
        node = node.values()
    if isinstance(node, Iterable) and not isinstance(node, str):
        for part in node:
            _write_for_readers(part)
