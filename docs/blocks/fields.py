"""What the reference says about a field of a scenario: from the model that Pydantic has of it."""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt, Le, Lt, MinLen
from pydantic import AfterValidator, BaseModel, BeforeValidator, RootModel
from pydantic.fields import FieldInfo

from docs.blocks.markdown import code, prose
from sim.scenario.distributions import Distribution
from sim.scenario.presets import PresetOrInline
from sim.scenario.quantities import parse_duration, parse_money
from sim.scenario.reading.schema_walk import is_model, union_members
from sim.scenario.swab_time import SwabTime

_DISTRIBUTION = get_args(Distribution)[0]

_PARSED = {
    parse_duration: ("[duration](#quantities)", "time"),
    parse_money: ("[money](#quantities)", "CNY"),
}
"""Type and unit of what is written as text, by what reads it."""

_PLAIN = {
    Any: ("as the field", ""),
    dt.date: ("[date](#quantities)", "date"),
    SwabTime: ("[swab](#quantities)", "time"),
    bool: ("true or false", ""),
    float: ("number", "number"),
    int: ("whole number", "number"),
    str: ("text", ""),
}

_UNITS_BY_ENDING = {
    "_per_hour": "per hour",
    "_per_day": "per day",
    "_per_km": "per km",
    "_km_h": "km/h",
    "_km2": "km²",
    "_km": "km",
}


@dataclass
class Described:
    """What is known of a type.

    Attributes:
        words: the type, in Markdown.
        units: of the quantities in it.
        rules: what limits these quantities, and the lengths of lists.
        models: the models that it holds, each with its place in the file relative to the field.
    """

    words: str = ""
    units: list[str] = field(default_factory=list)
    rules: list[Any] = field(default_factory=list)
    models: list[tuple[str, type[BaseModel]]] = field(default_factory=list)

    def within(self, words: str, place: str = "", rules: Iterable[Any] = ()) -> "Described":
        """Return what is known of a type that holds this one."""
        models = [(place + inner, model) for inner, model in self.models]
        return Described(words, self.units, [*rules, *self.rules], models)


def described(annotation: Any, rules: tuple[Any, ...] = ()) -> Described:
    """Return what is known of a type with the metadata that stand beside it.

    Raises:
        TypeError: there are no words for it.
    """
    if get_origin(annotation) is Annotated:
        annotation, *beside = get_args(annotation)
        for rule in beside:
            rules += tuple(rule.metadata) if isinstance(rule, FieldInfo) else (rule,)
    if any(isinstance(rule, PresetOrInline) for rule in rules):
        inner = described(annotation)
        return inner.within(f"{inner.words} or [preset](#presets)")
    if annotation is NoneType:
        return Described()
    arguments = get_args(annotation)
    if len(union_members(annotation)) > 1:
        members = [described(member, rules) for member in arguments]
        words = " or ".join(member.words for member in members if member.words)
        return Described(
            "[distribution](#distributions)" if annotation == _DISTRIBUTION else words,
            [unit for member in members for unit in member.units],
            [rule for member in members for rule in member.rules],
            [found for member in members for found in member.models],
        )
    if get_origin(annotation) is Literal:
        return Described(" or ".join(map(code, arguments)))
    if get_origin(annotation) is dict:
        inner = described(arguments[1])
        return inner.within(f"by name: {inner.words}", ".NAME", rules)
    if get_origin(annotation) is tuple:
        inner = described(arguments[0])
        many = "list" if Ellipsis in arguments else "two"
        return inner.within(f"{many} of {inner.words}", "[]", rules)
    if is_model(annotation) and issubclass(annotation, RootModel):
        (entry, _) = get_args(annotation.model_fields["root"].annotation)
        inner = described(*_typed(entry.model_fields["value"]))
        return inner.within(f"[timeline](#timelines) of {inner.words}")
    if is_model(annotation):
        kind = annotation.model_fields.get("kind")
        name = kind and str(get_args(kind.annotation)[0])
        place = f", kind: {name}" if name else ""
        words = f"[{name or annotation.__name__}](#{annotation.__name__.lower()})"
        return Described(words, models=[(place, annotation)])
    return _quantity(annotation, rules)


def _quantity(annotation: Any, rules: tuple[Any, ...]) -> Described:
    if annotation not in _PLAIN:
        raise TypeError(f"no words for the type {annotation}")
    parsers = [rule.func for rule in rules if isinstance(rule, BeforeValidator)]
    words, unit = next((_PARSED[of] for of in parsers if of in _PARSED), _PLAIN[annotation])
    if annotation is str and any(getattr(rule, "pattern", None) for rule in rules):
        words = "[name](#quantities)"
    elif any(isinstance(rule, AfterValidator) for rule in rules):
        words = "[text](#quantities)"
    bounds = {getattr(rule, side) for rule in rules for side in ("ge", "le") if hasattr(rule, side)}
    if annotation is float and not parsers and bounds == {0, 1}:
        words, unit = "[share](#quantities)", "share"
    if annotation is float and not parsers and bounds == {0, 100}:
        unit = "ratio"
    return Described(words, [unit], list(rules))


def _typed(info: FieldInfo) -> tuple[Any, tuple[Any, ...]]:
    return info.annotation, tuple(info.metadata)


class FieldReference:
    """What the reference says about one field.

    Args:
        model: the model that has it.
        name: its name there.
    """

    def __init__(self, model: type[BaseModel], name: str) -> None:
        self._model = model
        self._info = model.model_fields[name]
        self._name = name
        self._type = described(*_typed(self._info))

    @property
    def written(self) -> str:
        """Its name in a file."""
        return self._info.alias or self._name

    @property
    def type_words(self) -> str:
        """Its type."""
        return self._type.words

    @property
    def parts(self) -> list[tuple[str, type[BaseModel]]]:
        """The models that it holds, each with its place in the file."""
        return [(self.written + place, model) for place, model in self._type.models]

    @property
    def unit(self) -> str:
        """Its unit, or nothing for one that is not a quantity."""
        units = [unit for unit in self._type.units if unit]
        if not units or units[0] not in ("number", "ratio"):
            return units[0] if units else ""
        endings = (unit for end, unit in _UNITS_BY_ENDING.items() if self._name.endswith(end))
        return next(endings, units[0])

    @property
    def bounds(self) -> str:
        """The tightest bounds of it, or of the values of a timeline or a list."""
        units = {"time": " d", "CNY": " CNY"}
        unit = next((units[unit] for unit in self._type.units if unit in units), "")
        low: list[tuple[Any, str]] = []
        high: list[tuple[Any, str]] = []
        lengths: list[str] = []
        for rule in self._type.rules:
            match rule:
                case Ge(ge=bound):
                    low.append((bound, f"≥ {_bound(bound, unit)}"))
                case Gt(gt=bound):
                    low.append((bound, f"> {_bound(bound, unit)}"))
                case Le(le=bound):
                    high.append((bound, f"≤ {_bound(bound, unit)}"))
                case Lt(lt=bound):
                    high.append((bound, f"< {_bound(bound, unit)}"))
                case MinLen(min_length=least) if least > 0:
                    lengths.append(f"at least {least}")
        # Of two equal bounds the strict one counts: ">" sorts before "≥", "<" before "≤".
        tightest = sorted(low, key=lambda pair: (-pair[0], pair[1]))[:1] + sorted(high)[:1]
        return ", ".join([*(text for _, text in tightest), *lengths])

    @property
    def default(self) -> str:
        """Its default, as it would be written."""
        if self._info.is_required():
            return "required"
        value = self._info.default
        if isinstance(value, BaseModel) and not isinstance(value, RootModel):
            return "the defaults of its fields"
        # A default that is still to be validated stands there as it would be written.
        dump = self._model.model_construct().model_dump(
            mode="json", by_alias=True, exclude_none=True, include={self._name}, warnings=False
        )
        written = dump.get(self.written)
        if written in (None, {}, [], ""):
            return "empty" if written == "" else "none"
        hours = value * 24 if "time" in self._type.units and isinstance(value, float) else 0.0
        is_whole = 0 < hours < 24 and hours == round(hours)
        return code(f"{hours:.0f} h" if is_whole else flow(written))

    @property
    def meaning(self) -> str:
        """What it means."""
        return prose(self._info.description or "")


def flow(value: Any) -> str:
    """Return data as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return re.sub(r"\.0$", "", str(value))


def _bound(bound: Any, unit: str) -> str:
    digits = f"{bound:.6f}" if unit == " d" else f"{bound:,.6f}"
    return digits.rstrip("0").rstrip(".") + unit
