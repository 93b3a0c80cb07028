"""Values for any type that a scenario file may hold, written as a file writes them.

Driven by the types of the schema alone: a field that is added to it is drawn from then on.
"""

import datetime as dt
import math
import re
import types
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st
from pydantic import BaseModel, BeforeValidator, RootModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from sim.scenario.presets import PresetOrInline, preset_names
from sim.scenario.quantities import parse_date, parse_duration, parse_money
from sim.scenario.reading.schema_walk import fields_of, is_model, union_members
from sim.scenario.timeline import Period

Values = st.SearchStrategy[Any]

_HUGE = 1e9
_TINY = 1e-6
"""Smallest number that is drawn beside zero, and smallest distance from a bound."""
_NOT_IN_A_LINE = ("Cs", "Cc", "Zl", "Zp")
"""Unicode's categories of halves of characters, controls, and ends of lines and paragraphs."""
_TURNING = "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))
"""Characters that turn the direction of writing."""
_OPEN = {"low": "above_low", "high": "below_high"}
_DAYS_PER_UNIT = {"min": 1 / 1440, "h": 1 / 24, "d": 1.0, "w": 7.0}


@dataclass(frozen=True)
class Limits:
    """What the metadata of a type allow.

    Attributes:
        low: smallest number.
        high: largest number.
        above_low: the smallest itself is not allowed.
        below_high: the largest itself is not allowed.
        shortest: smallest length of a list.
        longest: largest length of a list.
        pattern: what a text must look like.
        parser: what reads a quantity that is written as text.
        preset: the presets that may be named instead.
    """

    low: float = -math.inf
    high: float = math.inf
    above_low: bool = False
    below_high: bool = False
    shortest: int = 0
    longest: int = 1_000
    pattern: str | None = None
    parser: Any = None
    preset: str | None = None

    def with_metadata(self, metadata: Any) -> "Limits":
        """Return the limits that hold with one more piece of metadata."""
        if isinstance(metadata, FieldInfo):
            limits = self
            for item in metadata.metadata:
                limits = limits.with_metadata(item)
            return limits
        if isinstance(metadata, BeforeValidator):
            return replace(self, parser=metadata.func)
        if isinstance(metadata, PresetOrInline):
            return replace(self, preset=metadata.group)
        limits = self
        for name, bound in (("ge", "low"), ("gt", "low"), ("le", "high"), ("lt", "high")):
            value = getattr(metadata, name, None)
            if value is None:
                continue
            old, is_open = getattr(limits, bound), name in ("gt", "lt")
            if value != old and (value > old) == (bound == "low"):
                limits = replace(limits, **{bound: value, _OPEN[bound]: is_open})
            elif value == old and is_open:
                limits = replace(limits, **{_OPEN[bound]: True})
        for name, limit in (("min_length", "shortest"), ("max_length", "longest")):
            if getattr(metadata, name, None) is not None:
                limits = replace(limits, **{limit: getattr(metadata, name)})
        pattern = getattr(metadata, "pattern", None)
        return limits if pattern is None else replace(limits, pattern=pattern)

    def allows(self, number: float) -> bool:
        """Tell whether a number lies within the limits."""
        above = number > self.low if self.above_low else number >= self.low
        below = number < self.high if self.below_high else number <= self.high
        return above and below


class SchemaValues:
    """Draws values of the types of the schema.

    Args:
        names: names that places, legs and everything else are drawn from.
        start: first day of the calendar.
        days: length of the calendar.
        tame: everyday values instead of everything that is allowed.
        settle: for some models, what puts the drawn fields of one mapping in order.
    """

    def __init__(
        self,
        names: tuple[str, ...],
        start: dt.date,
        days: int,
        *,
        tame: bool,
        settle: dict[type[BaseModel], Any],
    ) -> None:
        self._names = st.sampled_from(names)
        self._start = start
        self._days = days
        self._tame = tame
        self._settle = settle
        # Strategies take long to make.
        self._models: dict[type[BaseModel], Values] = {}
        self._parts: dict[type[BaseModel], Values] = {}
        self._fields: dict[int, Values] = {}

    def of_model(self, model: type[BaseModel]) -> Values:
        """Return mappings that are written for ``model``."""
        if model not in self._models:
            self._models[model] = st.deferred(lambda: self._mappings(model))
        return self._models[model]

    def some_of(self, model: type[BaseModel]) -> Values:
        """Return what may stand for some of the fields of ``model``."""
        if model not in self._parts:
            fields = {name: self.of_field(field) for name, field in fields_of(model).items()}
            self._parts[model] = st.fixed_dictionaries({}, optional=fields)
        return self._parts[model]

    def of_field(self, field: FieldInfo) -> Values:
        """Return what may stand for a field."""
        if id(field) not in self._fields:
            self._fields[id(field)] = self._of(field.annotation, Limits().with_metadata(field))
        return self._fields[id(field)]

    def _mappings(self, model: type[BaseModel]) -> Values:
        if issubclass(model, RootModel):
            return self._timelines(model)
        fields = fields_of(model)
        required = {name: self.of_field(f) for name, f in fields.items() if f.is_required()}
        optional = {name: self.of_field(f) for name, f in fields.items() if not f.is_required()}
        mappings: Values = st.fixed_dictionaries(required, optional=optional)
        settle = self._settle.get(model)
        return mappings if settle is None else mappings.map(settle)

    def _of(self, annotation: Any, limits: Limits) -> Values:
        if get_origin(annotation) is Annotated:
            annotation, *metadata = get_args(annotation)
            for item in metadata:
                limits = limits.with_metadata(item)
            return self._of(annotation, limits)
        if limits.preset is not None:
            named = st.sampled_from(preset_names(limits.preset))
            return named | self._of(annotation, replace(limits, preset=None))
        members = union_members(annotation)
        if types.NoneType in members:
            # Mostly something: a field that is left out says nothing too.
            something = Union[*(member for member in members if member is not types.NoneType)]
            return st.one_of(*[self._of(something, limits)] * 3, st.none())
        if len(members) > 1:
            return st.one_of(*(self._of(member, limits) for member in members))
        if is_model(annotation):
            return self.of_model(annotation)
        if get_origin(annotation) is Literal:
            return st.sampled_from(get_args(annotation))
        if get_origin(annotation) is tuple:
            return self._tuples(get_args(annotation), limits)
        if get_origin(annotation) is dict:
            values = self._of(get_args(annotation)[1], Limits())
            return st.dictionaries(self._names, values, min_size=1, max_size=3)
        return self._scalars(annotation, limits)

    def _tuples(self, items: tuple[Any, ...], limits: Limits) -> Values:
        if Ellipsis not in items:
            return st.tuples(*(self._of(item, Limits()) for item in items)).map(list)
        item = items[0]
        if is_model(item) and issubclass(item, Period):
            return self.periods(item)
        longest = min(limits.longest, max(limits.shortest, 4))
        return st.lists(self._of(item, Limits()), min_size=limits.shortest, max_size=longest)

    def _scalars(self, annotation: Any, limits: Limits) -> Values:
        if limits.parser is parse_duration:
            return self._durations(limits)
        if limits.parser is parse_money:
            return self._money(limits)
        if limits.parser is parse_date:
            return self.dates
        if limits.parser is not None:
            raise NotImplementedError(f"no values for what {limits.parser} reads")
        if annotation is Any:
            return st.integers(0, 9) | st.text("ab", max_size=3)
        if annotation is bool:
            return st.booleans()
        if annotation is int:
            return self._whole(limits)
        if annotation is float:
            return self._numbers(limits, everyday=3.0)
        if annotation is str:
            if limits.pattern is not None:
                return self._names
            longest = min(limits.longest, limits.shortest + 12)
            letters = st.characters(exclude_categories=_NOT_IN_A_LINE, exclude_characters=_TURNING)
            return st.text(letters, min_size=limits.shortest, max_size=longest)
        return _texts(annotation)

    def _whole(self, limits: Limits) -> Values:
        low = max(limits.low, -_HUGE) + limits.above_low
        high = min(limits.high, _HUGE) - limits.below_high
        if self._tame:
            return st.integers(int(low), int(max(low, min(high, 300))))
        edges = st.sampled_from([int(low), min(int(low) + 1, int(high)), int(high)])
        return edges | st.integers(int(low), int(high))

    def _numbers(self, limits: Limits, everyday: float) -> Values:
        """Return numbers within the limits; of everyday size, or any including the edges."""
        low, high = max(limits.low, -_HUGE), min(limits.high, _HUGE)
        if self._tame:
            least = max(low, 0.0) if high > 0 else low
            least += (min(everyday, high) - least) * 0.1 * limits.above_low
            middling = st.floats(least, max(least, min(high, everyday)))
            return middling.map(lambda number: float(f"{number:.3g}")).filter(
                lambda number: limits.allows(number) and _is_drawn(number)
            )
        low, high = low + _TINY * limits.above_low, high - _TINY * limits.below_high
        edges = [low, low + _TINY, 0.0, _TINY, 0.5, 1.0, high - _TINY, high]
        special = st.sampled_from([number for number in edges if limits.allows(number)])
        any_number = st.floats(low, high).filter(_is_drawn)
        return special | any_number

    def _durations(self, limits: Limits) -> Values:
        def text(days: float, unit: str) -> str:
            return f"{_plain(days / _DAYS_PER_UNIT[unit])} {unit}"

        texts = st.builds(
            text, self._numbers(limits, everyday=8.0), st.sampled_from(sorted(_DAYS_PER_UNIT))
        )
        return texts.filter(lambda written: limits.allows(parse_duration(written)))

    def _money(self, limits: Limits) -> Values:
        at_least_zero = replace(limits, low=max(limits.low, 0.0))
        amounts = self._numbers(at_least_zero, everyday=5000.0)
        return amounts.map(lambda yuan: f"{_plain(yuan)} CNY")

    @cached_property
    def dates(self) -> Values:
        """Return days in the calendar, now and then one outside."""
        inside = st.integers(0, self._days - 1)
        around = st.integers(-30, self._days + 30)
        long_ago = st.sampled_from([-40_000, 40_000])
        days = inside if self._tame else st.one_of(inside, inside, around, long_ago)
        return days.map(self._date)

    def _date(self, day: int) -> str:
        return (self._start + dt.timedelta(days=day)).isoformat()

    def periods(self, model: type[Period]) -> Values:
        """Return up to three periods of ``model``, one after the other, with gaps or without."""
        own = {n: f for n, f in fields_of(model).items() if n not in fields_of(Period)}
        required = {n: self.of_field(f) for n, f in own.items() if f.is_required()}
        optional = {n: self.of_field(f) for n, f in own.items() if not f.is_required()}
        content = st.fixed_dictionaries(required, optional=optional)

        @st.composite
        def in_order(draw: st.DrawFn) -> list[dict[str, Any]]:
            cuts = sorted(draw(st.sets(st.integers(0, self._days), min_size=1, max_size=4)))
            bounds: list[int | None] = [*cuts]
            if draw(st.booleans()):
                bounds = [None, *cuts[:2], None]
            periods = []
            for first, after in pairwise(bounds):
                if draw(st.integers(0, 3)) == 0:
                    continue
                period = {
                    key: self._date(day)
                    for key, day in (("from", first), ("until", after))
                    if day is not None
                }
                periods.append(period | draw(content))
            return periods

        return in_order()

    def _timelines(self, model: type[BaseModel]) -> Values:
        """Return a single value, or entries of a timeline."""
        (entry, _) = get_args(model.model_fields["root"].annotation)
        value, periods = self.of_field(entry.model_fields["value"]), self.periods(entry)
        return st.booleans().flatmap(lambda single: value if single else periods)


def _texts(annotation: Any) -> Values:
    """Return texts for a type that is written in a form of its own, which its schema describes."""
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    pattern = adapter.json_schema().get("pattern")
    if pattern is None:
        raise NotImplementedError(f"no values for the type {annotation}")

    def allowed(text: str) -> bool:
        try:
            adapter.validate_python(text)
        except ValidationError:
            return False
        return True

    return st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True).filter(allowed)


def _is_drawn(number: float) -> bool:
    return number == 0 or abs(number) >= _TINY


def _plain(number: float) -> str:
    """Return a number without an exponent, exactly."""
    return format(Decimal(repr(number)), "f").removesuffix(".0")
