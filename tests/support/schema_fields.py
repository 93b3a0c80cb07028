"""Every field of the schema, and those that a scenario says something in."""

from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from sim.scenario.reading.schema_walk import is_model

Field = tuple[type[BaseModel], str, Any]
"""A model, the name of a field, and for a choice of words one of them."""


def every_field(annotation: Any) -> set[Field]:
    """Return the fields of all models that a type is made of."""
    found: set[Field] = set()
    waiting, seen = [annotation], set()
    while waiting:
        part = waiting.pop()
        waiting.extend(get_args(part))
        if not is_model(part) or part in seen:
            continue
        seen.add(part)
        for name, field in part.model_fields.items():
            waiting.append(field.annotation)
            found |= {(part, name, word) for word in _choices(field.annotation)}
    return found


def fields_said(value: Any) -> set[Field]:
    """Return the fields of a model, and of all inside it, that differ from their defaults.

    Of a choice of words every word counts.
    """
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple):
        return set().union(*(fields_said(part) for part in value))
    if not isinstance(value, BaseModel):
        return set()
    found: set[Field] = set()
    for name, field in type(value).model_fields.items():
        said = getattr(value, name)
        found |= fields_said(said)
        if _choices(field.annotation) != (None,):
            words = said if isinstance(said, tuple) else (said,)
            found |= {(type(value), name, word) for word in words}
        elif field.is_required() or said != field.get_default():
            found.add((type(value), name, None))
    return found


def _choices(annotation: Any) -> tuple[Any, ...]:
    """Return the words that a field may hold, or None alone where it holds no choice of words."""
    if get_origin(annotation) is tuple:
        annotation = get_args(annotation)[0]
    return get_args(annotation) if get_origin(annotation) is Literal else (None,)
