"""Every field of a scenario, and other values that it could have.

Driven by the types of the schema: a field that is added to it is changed from then on. Fields that
a file leaves out are there with their defaults; parts that are left out as a whole (a border,
towns) are not made up.
"""

import copy
import datetime as dt
import types
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import BaseModel, RootModel, ValidationError
from schema_values import Limits

from sim.scenario.checks import check_scenario
from sim.scenario.distributions import Distribution
from sim.scenario.quantities import (
    format_duration,
    format_money,
    parse_date,
    parse_duration,
    parse_money,
)
from sim.scenario.reading.errors import Loc, dotted
from sim.scenario.reading.schema_walk import fields_of, is_model, kinds_of, union_members
from sim.scenario.schema import Scenario
from sim.scenario.swab_time import SwabTime
from sim.scenario.timeline import Timeline

_OF_BORDER = ("patrols", "sensors")
_OF_LEGS = ("bookings", "exit_screening", "exit_questionnaire", "pre_departure_test")
_OF_TOWNS = ("lockdown", "symptomatic_testing", "contact_tracing", "house_restrictions")
_NO_FIELDS = ("kind", "published", "leave_out")
"""What says which fields there are, or is no part of a run."""


@dataclass(frozen=True)
class FieldChange:
    """A field, and what else could stand there.

    Attributes:
        loc: where it is in the scenario as one file without presets.
        owner: the model that has the field.
        name: the name of the field in that model.
        values: other values, as a file says them; the more telling first.
    """

    loc: Loc
    owner: type[BaseModel]
    name: str
    values: tuple[Any, ...]

    def __str__(self) -> str:
        return dotted(self.loc)

    def applied_to(self, scenario: Scenario) -> Iterator[Scenario]:
        """Yield the valid scenarios that say something else in the field."""
        for value in self.values:
            data = copy.deepcopy(scenario.to_data())
            _put(data, self.loc, value)
            try:
                changed = Scenario.model_validate(data)
            except ValidationError:
                continue
            if changed != scenario and not list(check_scenario(changed)):
                yield changed


def field_changes(scenario: Scenario) -> list[FieldChange]:
    """Return a change of every field of a scenario."""
    return list(_Fields(scenario).of_model(scenario, ()))


def _put(data: Any, loc: Loc, value: Any) -> None:
    for step in loc[:-1]:
        data = data.setdefault(step, {}) if isinstance(data, dict) else data[step]
    data[loc[-1]] = value


class _Fields:
    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._start = scenario.calendar.start
        stretches = list(scenario.border.stretches) if scenario.border else []
        self._names = {
            **{lever: list(scenario.legs) for lever in _OF_LEGS},
            **{lever: list(scenario.residents) for lever in _OF_TOWNS},
            **dict.fromkeys(_OF_BORDER, stretches),
            "staging_quarantine": list(scenario.staging),
            "site_beds": list(scenario.quarantine.sites),
            "hospital_beds": list(scenario.hospitals),
        }
        self._ports = list(scenario.ports)

    def of_model(self, part: BaseModel, loc: Loc) -> Iterator[FieldChange]:
        """Yield the fields of a model and of everything inside it."""
        for name, field in type(part).model_fields.items():
            if name in _NO_FIELDS:
                continue
            said = field.alias or name
            limits = Limits().with_metadata(field)
            change = FieldChange((*loc, said), type(part), name, ())
            yield from self._of_value(getattr(part, name), field.annotation, limits, change)

    def _of_value(
        self, value: Any, annotation: Any, limits: Limits, change: FieldChange
    ) -> Iterator[FieldChange]:
        while get_origin(annotation) is Annotated:
            annotation, *metadata = get_args(annotation)
            for item in metadata:
                limits = limits.with_metadata(item)
        if isinstance(value, Timeline):
            yield from self._of_timeline(value, change)
        elif isinstance(value, BaseModel):
            yield from self.of_model(value, change.loc)
        elif isinstance(value, dict):
            yield from self._of_mapping(value, annotation, change)
        elif isinstance(value, tuple) and value and isinstance(value[0], int | float):
            yield replace(change, values=tuple(_other_lists(value, annotation)))
        elif isinstance(value, tuple) and value:
            (of_tuple,) = (m for m in union_members(annotation) if m is not types.NoneType)
            items = get_args(of_tuple)
            for index, item in enumerate(value):
                of_item = items[index] if Ellipsis not in items else items[0]
                inner = replace(change, loc=(*change.loc, index))
                yield from self._of_value(item, of_item, Limits(), inner)
        else:
            others = tuple(self._others(value, annotation, limits))
            yield replace(change, values=others)

    def _of_mapping(
        self, value: dict[str, Any], annotation: Any, change: FieldChange
    ) -> Iterator[FieldChange]:
        of_each = get_args(annotation)[1]
        is_lever = change.owner.__name__ == "Policies"
        names = self._names.get(change.name, self._ports) if is_lever else list(value)
        for name in names:
            inner = replace(change, loc=(*change.loc, name))
            if name in value:
                yield from self._of_value(value[name], of_each, Limits(), inner)
            else:
                yield replace(inner, values=tuple(self._something(of_each, Limits())))

    def _of_timeline(self, value: Timeline[Any], change: FieldChange) -> Iterator[FieldChange]:
        if not value.root:
            yield replace(change, values=tuple(self._something(type(value), Limits())))
        field = _entry_of(type(value)).model_fields["value"]
        limits = Limits().with_metadata(field)
        for index, entry in enumerate(value.root):
            loc = (*change.loc, index)
            for name in ("from", "until"):
                bound = replace(change, loc=(*loc, name), values=tuple(self._bounds(entry, name)))
                yield bound
            inner = replace(change, loc=(*loc, "value"))
            if entry.value == ():
                yield replace(inner, values=(["1 d"], ["0 d"]))
            else:
                yield from self._of_value(entry.value, field.annotation, limits, inner)

    def _bounds(self, entry: Any, name: str) -> Iterator[str]:
        """Yield other first days of a period, or other days after it."""
        known = entry.from_ if name == "from" else entry.until
        otherwise = entry.until if name == "from" else entry.from_
        around = known or otherwise or self._start + dt.timedelta(days=20)
        for days in (5, 20, -5, 1, -1):
            yield (around + dt.timedelta(days=days)).isoformat()

    def _others(self, value: Any, annotation: Any, limits: Limits) -> Iterator[Any]:
        """Yield other values than a single one."""
        if value is None or value == ():
            yield from self._something(annotation, limits)
        elif isinstance(value, bool):
            yield not value
        elif isinstance(value, dt.date):
            for days in (5, -5, 1, -1, 30):
                yield (value + dt.timedelta(days=days)).isoformat()
        elif isinstance(value, SwabTime):
            for days in (value.days + 1, value.days / 2, 0.0, 3.0, 1.0):
                yield str(SwabTime(days, value.assay))
        elif isinstance(value, int | float):
            yield from self._numbers(value, annotation, limits)
        elif get_origin(annotation) is Literal:
            yield from (word for word in get_args(annotation) if word != value)
        elif limits.pattern is not None or type(None) in union_members(annotation):
            places = [*self._scenario.places, *self._scenario.ports]
            yield from (name for name in places if name != value)
        else:
            yield f"another {value}"

    def _numbers(self, value: float, annotation: Any, limits: Limits) -> Iterator[Any]:
        for member in union_members(annotation):
            for item in get_args(member)[1:] if get_origin(member) is Annotated else ():
                limits = limits.with_metadata(item)
        numbers = [
            3 * value,
            value / 100,
            0,
            value / 3 + 2 / 3,
            100 * value,
            1.1 * value,
            1,
            2,
            0.5,
        ]
        if limits.parser is parse_money:
            numbers.append(10_000)  # what nobody would do for a few CNY
        if isinstance(value, int):
            numbers = [round(number) for number in numbers]
        for number in dict.fromkeys(numbers):
            if number == value or not limits.allows(number):
                continue
            if limits.parser is parse_duration:
                yield format_duration(number)
            elif limits.parser is parse_money:
                yield format_money(number)
            else:
                yield number

    def _something(self, annotation: Any, limits: Limits) -> Iterator[Any]:
        """Yield values for a field that is left out."""
        while get_origin(annotation) is Annotated:
            if kinds_of(annotation) == kinds_of(Distribution):
                yield from ({"kind": "fixed", "value": f"{days} d"} for days in (2, 20))
                return
            annotation, *metadata = get_args(annotation)
            for item in metadata:
                limits = limits.with_metadata(item)
        members = [m for m in union_members(annotation) if m is not types.NoneType]
        if len(members) > 1 and kinds_of(members[0]):
            members = members[:1]
        if len(members) != 1 or types.NoneType in union_members(annotation):
            for member in members:
                yield from self._something(member, limits)
        elif is_model(annotation) and issubclass(annotation, RootModel):
            field = _entry_of(annotation).model_fields["value"]
            yield from self._something(field.annotation, Limits().with_metadata(field))
        elif get_origin(annotation) is tuple and is_model(get_args(annotation)[0]):
            yield from self._periods(get_args(annotation)[0])
        elif get_origin(annotation) is tuple:
            yield from ([item] for item in self._something(get_args(annotation)[0], Limits()))
        elif annotation is SwabTime:
            yield from ("1 d", "0 d", "3 d")
        elif annotation is dt.date or limits.parser is parse_date:
            for days in (10, 20, 2):
                yield (self._start + dt.timedelta(days=days)).isoformat()
        elif annotation is int or annotation is float:
            numbers = (2, 1, 20, 0.7) if annotation is float else (1, 0, 20)
            for number in numbers:
                if limits.allows(number):
                    yield from self._written(number, limits)
        elif annotation is str:
            yield from self._scenario.places
        # Whole parts of the world are not made up.

    def _periods(self, annotation: Any) -> Iterator[Any]:
        since = (self._start + dt.timedelta(days=2)).isoformat()
        required = {
            name: next(iter(self._something(field.annotation, Limits().with_metadata(field))))
            for name, field in fields_of(annotation).items()
            if field.is_required()
        }
        yield from ([required], [{"from": since, **required}])

    def _written(self, number: float, limits: Limits) -> Iterator[Any]:
        if limits.parser is parse_duration:
            yield format_duration(number)
        elif limits.parser is parse_money:
            yield format_money(1000 * number)
        else:
            yield number


def _other_lists(values: tuple[Any, ...], annotation: Any) -> Iterator[list[Any]]:
    """Yield other lists of numbers, which may have to add up, to increase, or neither."""
    limits = Limits()
    for item in get_args(get_args(annotation)[0])[1:]:
        limits = limits.with_metadata(item)
    for numbers in ([0.7 * v for v in values], [1.3 * v for v in values], [*values][::-1]):
        yield [format_duration(n) if limits.parser is parse_duration else n for n in numbers]


def _entry_of(timeline: type[BaseModel]) -> type[BaseModel]:
    return get_args(timeline.model_fields["root"].annotation)[0]
