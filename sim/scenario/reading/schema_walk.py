"""Follow the location of a pydantic error through schema and data.

Pydantic's locations also contain branches of unions and wrappers of validators; a reader of the
file knows only its names and indexes.
"""

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, RootModel
from pydantic.fields import FieldInfo

from sim.scenario.reading.errors import Loc

KEY_ELEMENT = "[key]"
"""Last element of pydantic's location if the name in a mapping is itself wrong."""


@dataclass(frozen=True)
class Spot:
    """Target of the location of an error.

    Attributes:
        loc: the location, in names and indexes of the file only.
        annotation: the type required by the schema; None if unknown.
        value: the value in the file.
        owner: the model whose field this is, if it is one.
        is_key: the error is in the name itself and not in its value.
        is_open_union: the value fits no branch of a union, and each branch has its error.
        is_lone_entry: a single mapping where a list of mappings is required.
    """

    loc: Loc
    annotation: Any
    value: Any
    owner: type[BaseModel] | None = None
    is_key: bool = False
    is_open_union: bool = False
    is_lone_entry: bool = False


def follow(annotation: Any, value: Any, error_loc: Loc) -> Spot:
    """Return the spot of an error in a value validated as ``annotation``."""
    loc: Loc = ()
    owner: type[BaseModel] | None = None
    rest = list(error_loc)
    while rest:
        if rest == [KEY_ELEMENT] and not _holds(value, KEY_ELEMENT):
            return Spot(loc, annotation, value, owner, is_key=True)
        kinds = kinds_of(annotation)
        annotation = bare(annotation)
        if kinds:
            annotation = kinds.get(str(rest.pop(0)))
            continue
        if len(union_members(annotation)) > 1:
            return Spot(loc, annotation, value, owner, is_open_union=True)
        if is_model(annotation) and issubclass(annotation, RootModel):
            annotation = bare(annotation.model_fields["root"].annotation)
            if _is_wrapped_entry(annotation, value, rest):
                # The model takes a single value for a list of one entry that holds it.
                if isinstance(value, dict):
                    return Spot(loc, annotation, value, owner, is_lone_entry=True)
                entry = _inner(annotation, rest[0])
                annotation = _inner(entry, rest[1])
                del rest[:2]
            continue
        step = rest.pop(0)
        model = annotation if is_model(annotation) else None
        annotation = _inner(annotation, step)
        if _holds(value, step):
            loc, value, owner = (*loc, step), value[step], model
        elif not rest and model is not None:
            loc, value, owner = (*loc, step), None, model
    return Spot(loc, annotation, value, owner)


def bare(annotation: Any) -> Any:
    """Return a type without what ``Annotated`` adds to it and without ``| None``."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    members = [member for member in union_members(annotation) if member is not types.NoneType]
    return bare(members[0]) if len(members) == 1 and members[0] is not annotation else annotation


def union_members(annotation: Any) -> list[Any]:
    """Return the branches of a union, or the type itself alone."""
    if get_origin(annotation) in (Union, types.UnionType):
        return list(get_args(annotation))
    return [annotation]


def is_model(annotation: Any) -> bool:
    """Tell whether a type is a pydantic model."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def fields_of(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields of a model by their names in a file."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def kinds_of(annotation: Any) -> dict[str, Any]:
    """Return the models of a union discriminated by a field, by their kinds; else nothing."""
    discriminator = None
    while get_origin(annotation) is Annotated:
        annotation, *metadata = get_args(annotation)
        found = [getattr(item, "discriminator", None) for item in metadata]
        discriminator = next((name for name in found if isinstance(name, str)), discriminator)
    members = [member for member in union_members(annotation) if member is not types.NoneType]
    if discriminator is None:
        return kinds_of(members[0]) if len(members) == 1 and members[0] is not annotation else {}
    kinds: dict[str, Any] = {}
    for member in members:
        if is_model(member):
            kind = member.model_fields[discriminator].annotation
            kinds |= {str(name): member for name in get_args(kind)}
        else:
            kinds |= kinds_of(member)
    return kinds


def accepts_mapping(annotation: Any) -> bool:
    """Tell whether a branch of a union is written as a mapping."""
    plain = bare(annotation)
    if is_model(plain) and issubclass(plain, RootModel):
        return accepts_mapping(plain.model_fields["root"].annotation)
    if is_model(plain) or kinds_of(annotation):
        return True
    origin = get_origin(plain) or plain
    return isinstance(origin, type) and issubclass(origin, Mapping)


def accepts_list(annotation: Any) -> bool:
    """Tell whether a branch of a union is written as a list."""
    return _is_list_type(bare(annotation))


def _is_list_type(annotation: Any) -> bool:
    origin = get_origin(annotation) or annotation
    is_list = isinstance(origin, type) and issubclass(origin, Sequence | set | frozenset)
    return is_list and not issubclass(origin, str | bytes)


def _inner(annotation: Any, step: str | int) -> Any:
    """Return the type one step further in, or None if the schema does not specify it."""
    annotation = bare(annotation)
    if is_model(annotation):
        field = fields_of(annotation).get(str(step))
        # Keep the field with its type, because it holds the discriminator.
        return None if field is None else Annotated[field.annotation, field]
    arguments = get_args(annotation)
    if not arguments:
        return None
    if accepts_mapping(annotation):
        return arguments[1]
    if not _is_list_type(annotation):
        return None
    if get_origin(annotation) is tuple and isinstance(step, int) and Ellipsis not in arguments:
        return arguments[step] if step < len(arguments) else None
    return arguments[0]


def _holds(value: Any, step: str | int) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)


def _is_wrapped_entry(annotation: Any, value: Any, rest: list[str | int]) -> bool:
    is_entries = isinstance(value, list) and all(isinstance(item, dict) for item in value)
    is_list_of_models = _is_list_type(annotation) and is_model(bare(_inner(annotation, 0)))
    return is_list_of_models and not is_entries and len(rest) > 1 and rest[0] == 0
