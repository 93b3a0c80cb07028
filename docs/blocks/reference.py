"""The reference of scenario files and sweep files, from their JSON Schema.

Every field is described where it stands first. What stands in many places is described once, at
the end, and linked.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml
from pydantic import BaseModel, TypeAdapter

from docs.blocks.markdown import code
from sim.scenario.distributions import Distribution, Uncertain
from sim.scenario.json_schema import readable_schema
from sim.scenario.part import Part
from sim.scenario.quantities import Duration, Money, Name, Offset
from sim.scenario.swab_time import SwabTime

Node = dict[str, Any]
Models = tuple[str, ...]
"""Names of the models that may stand in one place: one, or one for each ``kind``."""

_SHARED = {"distribution": Distribution, "uncertain number": Uncertain}
_WRITTEN = {"duration": Duration, "duration, may be negative": Offset, "money": Money,
            "name": Name, "swab": SwabTime}  # fmt: skip
_QUANTITIES = {TypeAdapter(of).json_schema()["pattern"]: name for name, of in _WRITTEN.items()}
_UNITS = {"km_h": "km/h", "km2": "km²"}
_SIGNS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<",
          "ge": "≥", "gt": ">", "le": "≤", "lt": "<"}  # fmt: skip
"""Of limits as the schema and as Pydantic name them."""
_USUAL = {"whole number": {0, 1e9}, "number": {-1e6, 0, 1e6}, "duration": {0, 3660},
          "money": {0, 1e12}}  # fmt: skip
"""Ends of the ranges that are not said."""


class Reference:
    """What is said about the fields of a kind of file.

    Args:
        root: the model of the whole file.
    """

    def __init__(self, root: type[BaseModel]) -> None:
        schema = readable_schema(root)
        self._root = root.__name__
        self._defs: dict[str, Node] = {**schema.pop("$defs"), self._root: schema}
        # The schema has none for texts, as which durations and money are written.
        self._limits = {
            (model.__name__, info.alias or name): _limits(info.metadata)
            for model in _subclasses(Part)
            for name, info in model.model_fields.items()
        }
        self._shared = {
            models: name
            for name, of in _SHARED.items()
            for models, _ in self._parts(TypeAdapter(of).json_schema(), "")
        }
        self._places: dict[Models, list[str]] = {}
        self._walk((self._root,), "")

    def model_at(self, place: str, kind: str) -> str | None:
        """Return the model of what stands in a place; None for a value or a shared part."""
        for models, places in self._places.items():
            if place in places and models not in self._shared:
                return models[0] if len(models) == 1 else self._kinds(models)[kind]
        return None

    def fields(self, model: str) -> dict[str, Node]:
        """Return the schema of every field of a model but its ``kind``."""
        fields: dict[str, Node] = self._defs[model].get("properties", {})
        return {name: node for name, node in fields.items() if "const" not in node}

    def type_of(self, model: str, field: str) -> str:
        """Return the type of a field, with its unit and its range where it is not the usual one."""
        words = self._type(self.fields(model)[field])
        unit = re.search(r"_(per_[a-z]+|km_h|km2|km)$", field)
        if unit and "number" in words:
            words = words.replace("number", f"number {_UNITS.get(unit[1], unit[1])}")
            words = words.replace("per_", "per ")
        if (kind := words.split(" ")[0]) in ("duration", "money") and "negative" not in words:
            words += _range(self._limits[model, field], kind)
        return words

    def text(self) -> str:
        """Return every field: plain ones of the whole file, then its parts, then what is shared."""
        plain, parts = [], []
        for field, node in self.fields(self._root).items():
            line, *inside = self._entry(self._root, field, "", 0)
            is_part = self._part_at(node, field) is not None
            parts += ["", f"### {code(field)}", "", line[2:], "", *inside] if is_part else []
            plain += [] if is_part else [line]
        for models, name in self._shared.items():
            if models in self._places:
                parts += ["", f"### {name.capitalize()}", "", *self._inside(models, name, 0)]
        return "\n".join([self._defs[self._root]["description"], "", *plain, *parts])

    def _walk(self, models: Models, place: str) -> None:
        self._places.setdefault(models, []).append(place)
        for model in models:
            for field, node in self.fields(model).items():
                for inner, below in self._parts(node, f"{place}.{field}".lstrip(".")):
                    self._walk(inner, below)

    def _parts(self, node: Node, place: str) -> Iterator[tuple[Models, str]]:
        """Yield the models that a field holds, each with its place in the file."""
        if "discriminator" in node:
            yield tuple(map(_name, node["oneOf"])), place
        elif "$ref" in node:
            if not _is_timeline(node):
                yield (_name(node),), place
        else:
            for inner in node.get("anyOf", ()):
                yield from self._parts(inner, place)
            if items := node.get("items"):
                yield from self._parts(items, f"{place}[]")
            if values := _values(node):
                yield from self._parts(values, f"{place}.NAME")

    def _part_at(self, node: Node, place: str) -> tuple[Models, str] | None:
        """Return the part that a field holds and its place, if it is described here."""
        for models, below in self._parts(node, place):
            if models not in self._shared and self._places[models][0] == below:
                return models, below
        return None

    def _entry(self, model: str, field: str, above: str, depth: int) -> Iterator[str]:
        """Yield the line of a field, and those of what is in it."""
        node = self.fields(model)[field]
        part = self._part_at(node, f"{above}.{field}".lstrip("."))
        type_words, meaning = self.type_of(model, field), node["description"]
        if part:
            models, place = part
            is_one = len(models) == 1
            type_words = re.sub(f"( of|:|^) ?{re.escape(self._link(models))}", "", type_words)
            type_words = type_words.replace(self._link(models), "inline")
            described = self._defs[models[0]]["description"] if is_one else ""
            is_begun = described.startswith(meaning.rstrip("."))
            meaning = described if is_begun else f"{meaning} {described}".strip()
        default = _default(node)
        if default and type_words in ("duration", "money", "true or false"):
            type_words = ""  # The default shows it.
        facts = ", ".join(filter(None, [type_words, default]))
        name = code(field) if "default" in node else f"**{code(field)}**"
        said = f"{'    ' * depth}- {name}{facts and f' ({facts})'}"
        is_name = meaning.rstrip(".").lower() == field.replace("_", " ")
        yield said if is_name else f"{said}: {meaning}"
        if part:
            yield from self._inside(models, place, depth + bool(above))

    def _inside(self, models: Models, place: str, depth: int) -> Iterator[str]:
        """Yield the lines of the fields of a part, or of its kinds."""
        if len(models) == 1:
            for field in self.fields(models[0]):
                yield from self._entry(models[0], field, place, depth)
            return
        for kind, model in self._kinds(models).items():
            shared = next((of for of in self._shared if model in of and of != models), None)
            meaning = f"see {self._link(shared)}." if shared else self._defs[model]["description"]
            yield f"{'    ' * depth}- {code(f'kind: {kind}')}: {meaning}"
            if not shared:
                yield from self._inside((model,), place, depth + 1)

    def _kinds(self, models: Models) -> dict[str, str]:
        return {self._defs[of]["properties"]["kind"]["const"]: of for of in models}

    def _link(self, models: Models) -> str:
        title = self._shared.get(models) or self._places[models][0]
        return f"[{title}](#{title.partition('.')[0].replace(' ', '-')})"

    def _type(self, node: Node) -> str:
        match node:
            case {"$ref": _} if _is_timeline(node):
                value = self._defs[_name(node)]["anyOf"][0]
                return f"[timeline](#timelines) of {self._type(value)}"
            case {"$ref": _} | {"discriminator": _}:
                return self._link(next(self._parts(node, ""))[0])
            case {"anyOf": members}:
                return " or ".join(self._type(of) for of in members if of.get("type") != "null")
            case {"enum": values}:
                return " or ".join(map(code, values))
            case {"type": "array"}:
                inner = self._type(node.get("items", node.get("prefixItems", [{}])[0]))
                least = node.get("minItems", 0)
                many = "two" if "prefixItems" in node else f"{least} or more" if least else "list"
                return f"{many} of {inner}"
            case {"type": "object"}:
                values = _values(node)
                return f"by name: {self._type(values)}" if values else "by path: any value"
            case {"type": "integer" | "number"}:
                return _number(node)
            case {"type": "boolean"}:
                return "true or false"
            case {"type": "string", "format": "date"}:
                return "date"
            case {"type": "string"}:
                return _QUANTITIES.get(node.get("pattern", ""), "text")
        return "any value"


@cache
def reference_of(root: type[BaseModel]) -> Reference:
    """Return the reference of a kind of file."""
    return Reference(root)


def _default(node: Node) -> str:
    match node.get("default"):
        case None | "" | [] | ():
            return ""
        case dict(value) if "kind" not in value:
            return ""
        case [{"from": _, "value": value}] | value:
            text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=1000)
            text = text.removesuffix("...\n").strip().strip("'").removesuffix(".0")
            hours = re.fullmatch(r"(\d+) min", text)
            return f"default {code(f'{int(hours[1]) / 60:g} h' if hours else text)}"


def _number(node: Node) -> str:
    if node["type"] == "number" and (node.get("minimum"), node.get("maximum")) == (0, 1):
        return "share"
    words = "whole number" if node["type"] == "integer" else "number"
    return words + _range([(sign, node.get(name)) for name, sign in _SIGNS.items()], words)


def _limits(rules: list[Any]) -> list[tuple[str, Any]]:
    return [(sign, getattr(rule, name, None)) for rule in rules for name, sign in _SIGNS.items()]


def _range(limits: list[tuple[str, Any]], quantity: str) -> str:
    unit = {"duration": " d", "money": " CNY"}.get(quantity, "")
    said = (
        f"{sign} {bound:,}".replace("≥ 1e-06", "> 0").removesuffix(".0") + unit
        for sign, bound in limits
        if bound is not None and (sign in "<>" or bound not in _USUAL[quantity])
    )
    return f" {', '.join(said)}".rstrip()


def _values(node: Node) -> Node:
    """Return the schema of the values of a mapping by name; empty if they may be anything."""
    patterns = node.get("patternProperties", {"": node.get("additionalProperties")})
    values = next(iter(patterns.values()))
    return values if isinstance(values, dict) else {}


def _is_timeline(node: Node) -> bool:
    return _name(node).startswith("Timeline_")


def _name(node: Node) -> str:
    return str(node["$ref"]).rpartition("/")[2]


def _subclasses(of: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for inner in of.__subclasses__():
        yield inner
        yield from _subclasses(inner)
