"""Policy levers as data on a timeline."""

import datetime as dt
from typing import Any, Generic, TypeVar

from pydantic import ConfigDict, Field, GetJsonSchemaHandler, RootModel, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from sim.scenario.part import Part
from sim.scenario.quantities import Count, Date, Duration, Money, Share
from sim.scenario.swab_time import SwabTime

T = TypeVar("T")


class Period(Part):
    """Days from ``from`` to before ``until``; open-ended if one is omitted."""

    from_: Date | None = Field(default=None, alias="from")
    """First day; default: the start."""
    until: Date | None = None
    """First day after the period; default: after the end."""

    def covers(self, day: dt.date) -> bool:
        """Tell whether ``day`` is in the period."""
        return (self.from_ is None or self.from_ <= day) and (
            self.until is None or day < self.until
        )


class Entry(Period, Generic[T]):
    """A value in force during a period."""

    # Finding the source of each parametrised class would take longer than all others together.
    model_config = ConfigDict(use_attribute_docstrings=False)
    value: T = Field(description="What is in force in the period.")


class Closure(Period):
    """A period in which a port is shut, and the day on which travellers learn of it.

    They learn of it on its first day at the latest.
    """

    announced: Date | None = None
    """Day on which travellers learn of it and the rush begins; default: its first day, without a
    rush."""


class Review(Period):
    """Review rounds, which examine a share of the current carriers and decide on them at once.

    Rounds with another share are separate entries.
    """

    share: Share
    """Share of carriers examined; one draw per carrier and round."""
    every: Duration = Field(default=1.0, ge=1)
    """Time between rounds."""


class Reward(Period):
    """Rewards for informants, and when crossers learn of them."""

    report: Money
    """For a report that leads to the crosser."""
    capture: Money
    """For capture and hand-over."""
    announced: Date | None = None
    """Day on which it becomes known; default: the first day."""


class Timeline(RootModel[tuple[Entry[T], ...]], Generic[T]):
    """Successive entries; a single value applies to the whole calendar."""

    model_config = ConfigDict(frozen=True)
    root: tuple[Entry[T], ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _single_value_as_entry(cls, data: Any) -> Any:
        is_entries = isinstance(data, list | tuple) and all(
            isinstance(item, dict | Entry) for item in data
        )
        return data if is_entries else [{"value": data}]

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        entries = handler.resolve_ref_schema(handler(core_schema))
        entry = handler.resolve_ref_schema(entries["items"])
        return {"anyOf": [entry["properties"]["value"], entries]}

    def on(self, day: dt.date) -> T | None:
        """Return the value in force on ``day``, or None."""
        return next((entry.value for entry in self.root if entry.covers(day)), None)


class Policies(Part):
    """Policy levers, each on its own timeline.

    On a day without an entry the measure is not in force.
    """

    port_closures: dict[str, tuple[Closure, ...]] = {}
    """By port: periods in which nobody crosses."""
    port_capacity: dict[str, Timeline[Count]] = {}
    """By port: people per day; default: no limit."""
    bookings: dict[str, Timeline[Count]] = {}
    """By leg: largest number of people per day."""
    exit_screening: dict[str, Timeline[Share]] = {}
    """By leg: probability that symptoms are seen at boarding; the passenger stays behind."""
    exit_questionnaire: dict[str, Timeline[Share]] = {}
    """By leg: probability that an infected passenger who knows of an exposure reports it; the
    passenger stays behind."""
    pre_departure_test: dict[str, Timeline[SwabTime]] = {}
    """By leg: time of a test before departure; positive passengers stay behind."""
    entry_screening: dict[str, Timeline[Share]] = {}
    """By port: probability that symptoms are seen; the traveller is swabbed at once."""
    entry_questionnaire: dict[str, Timeline[Share]] = {}
    """By port: probability that an infected traveller who knows of an exposure reports it; the
    traveller is swabbed at once."""
    staging_quarantine: dict[str, Timeline[Duration]] = {}
    """By staging town: how long arrivals are held."""
    quarantine_stay: Timeline[Duration] = Timeline[Duration](())
    """Length of stay by the day of entry."""
    quarantine_tests: Timeline[tuple[SwabTime, ...]] = Timeline[tuple[SwabTime, ...]](())
    """Swabs after entry, by the day of entry."""
    test_before_release: Timeline[SwabTime] = Timeline[SwabTime](())
    """Time of one more swab before the planned release."""
    arrival_tests: Timeline[tuple[SwabTime, ...]] = Timeline[tuple[SwabTime, ...]](())
    """Times after entry of swabs of people who have been released by then, after quarantine or
    without any, by the day of entry; ``0 d`` is on arrival. People still waiting for a result
    are swabbed the next morning."""
    site_beds: dict[str, Timeline[Count]] = {}
    """By quarantine site: beds; default: no limit."""
    hospital_beds: dict[str, Timeline[Count]] = {}
    """By hospital: beds; default: no limit."""
    laboratory_capacity: Timeline[Count] = Timeline[Count](())
    """Tests per day; default: no limit."""
    monitoring: Timeline[Share] = Timeline[Share](())
    """Probability that electronic monitoring catches a breach of quarantine."""
    self_isolation: Timeline[Share] = Timeline[Share](())
    """Probability that an infected traveller in the community isolates from the onset of symptoms,
    by the day of entering the community."""
    review_rounds: tuple[Review, ...] = ()
    """Days on which carriers are examined and decided on at once."""
    patrols: dict[str, Timeline[Count]] = {}
    """By stretch of border: patrols on duty at any time."""
    sensors: dict[str, Timeline[Share]] = {}
    """By stretch of border: probability that sensors detect a crosser."""
    rewards: tuple[Reward, ...] = ()
    """Rewards for informants, in time order."""
    reward_budget: Money | None = None
    """Budget for all rewards; none is offered once it is used up. Default: no limit."""
    fine: Timeline[Money] = Timeline[Money](())
    """Fine for an illegal crossing."""
    detention: Timeline[Duration] = Timeline[Duration](())
    """Detention for an illegal crossing, in addition to quarantine."""
    lockdown: dict[str, Timeline[Share]] = {}
    """By town: share of community contacts prevented."""
    symptomatic_testing: dict[str, Timeline[Share]] = {}
    """By town: probability that someone in the community with symptoms is swabbed."""
    contact_tracing: dict[str, Timeline[Share]] = {}
    """By town: probability that an infected contact of a registered person is found."""
    house_restrictions: dict[str, Timeline[Share]] = {}
    """By town: share of community contacts given up by the household of a registered person."""
