"""Unit, range and default of a field of a scenario, from the schema."""

import ast
import re
from collections.abc import Iterable
from typing import Any, get_args

from annotated_types import Ge, Gt, Le, Lt, MinLen
from pydantic.fields import FieldInfo

from docs.blocks.markdown import code
from sim.scenario import border, distributions, quantities
from sim.scenario.part import Part
from sim.scenario.quantities import format_duration
from sim.scenario.timeline import Timeline

_TIMES = {"Duration", "Offset"}
_UNITS = {
    "Duration": "time",
    "SwabTime": "time",
    "Offset": "time",
    "Money": "CNY",
    "Share": "share",
    "Factor": "ratio",
    "Date": "date",
}
"""Units that go with the type of a field."""

_UNITS_BY_ENDING = {
    "_per_hour": "per hour",
    "_per_day": "per day",
    "_per_km": "per km",
    "_km_h": "km/h",
    "_km2": "km²",
    "_km": "km",
}
_NUMBERS = {"int", "float", "Count", "Rate", "Positive", "Spread", "Uncertain"}


def unit_of(name: str, annotation: ast.expr) -> str:
    """Return the unit of a field, or nothing for one that is not a quantity."""
    types = names_in(annotation)
    for kind, unit in _UNITS.items():
        if kind in types:
            return unit
    for ending, unit in _UNITS_BY_ENDING.items():
        if name.endswith(ending):
            return unit
    return "number" if types & _NUMBERS else ""


def range_of(field: FieldInfo, annotation: ast.expr) -> str:
    """Return the tightest bounds of a field, or of the values of a timeline or a list."""
    types = names_in(annotation)
    unit = " d" if types & _TIMES else " CNY" if "Money" in types else ""
    rules = list(field.metadata)
    if not any(isinstance(rule, Ge | Gt | Le | Lt) for rule in rules):
        rules += [rule for kind in sorted(types) for rule in _rules_of(kind)]
    return _bounds(rules, unit) or ("≥ 0 CNY" if "Money" in types else "")


def default_of(field: FieldInfo, annotation: ast.expr) -> str:
    """Return the default of a field as it would be written."""
    if field.is_required():
        return "required"
    value, types = field.default, names_in(annotation)
    if isinstance(value, Part):
        return "the defaults of its fields"
    if value is None or value == {} or value == () or isinstance(value, Timeline):
        return "none"
    if value == "":
        return "empty"
    if isinstance(value, tuple):
        return code(f"[{', '.join(_value(item, types) for item in value)}]")
    return code(_value(value, types))


def names_in(annotation: ast.expr) -> set[str]:
    """Return the names of types that an annotation is made of."""
    return {node.id for node in ast.walk(annotation) if isinstance(node, ast.Name)}


def flow(value: Any) -> str:
    """Return data as YAML on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    return re.sub(r"\.0$", "", str(value))


def _rules_of(kind: str) -> list[Any]:
    """Return the bounds of a type that has a name of its own, such as ``Share``."""
    for module in (quantities, distributions, border):
        annotated = getattr(module, kind, None)
        fields = [rule for rule in get_args(annotated)[1:] if isinstance(rule, FieldInfo)]
        if fields:
            return [rule for field in fields for rule in field.metadata]
    return []


def _bounds(rules: Iterable[Any], unit: str) -> str:
    low: list[tuple[Any, str]] = []
    high: list[tuple[Any, str]] = []
    length = ""

    def shown(bound: Any) -> str:
        digits = f"{bound:.6f}" if unit == " d" else f"{bound:,.6f}"
        return digits.rstrip("0").rstrip(".") + unit

    for rule in rules:
        match rule:
            case Ge(ge=bound):
                low.append((bound, f"≥ {shown(bound)}"))
            case Gt(gt=bound):
                low.append((bound, f"> {shown(bound)}"))
            case Le(le=bound):
                high.append((bound, f"≤ {shown(bound)}"))
            case Lt(lt=bound):
                high.append((bound, f"< {shown(bound)}"))
            case MinLen(min_length=least) if least > 0:
                length = f"at least {least}"
    # Of two equal bounds the strict one counts: ">" sorts before "≥", "<" before "≤".
    lows = sorted(low, key=lambda pair: (-pair[0], pair[1]))[:1]
    highs = sorted(high)[:1]
    return ", ".join(filter(None, [*(text for _, text in [*lows, *highs]), length]))


def _value(value: Any, types: set[str]) -> str:
    if isinstance(value, float) and types & _TIMES:
        hours = value * 24
        return (
            f"{hours:.0f} h" if 0 < value < 1 and hours == round(hours) else format_duration(value)
        )
    if isinstance(value, float) and "Money" in types:
        return f"{value:.12g} CNY"
    return flow(value)
