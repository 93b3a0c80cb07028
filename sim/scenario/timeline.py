"""A policy lever as data on a timeline."""

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
    """Days from ``from`` up to, but not including, ``until``; open where one is left out."""

    from_: Date | None = Field(default=None, alias="from")
    """First day; left out: from the start."""
    until: Date | None = None
    """First day that is no longer in the period; left out: to the end."""

    def covers(self, day: dt.date) -> bool:
        """Tell whether ``day`` lies in the period."""
        return (self.from_ is None or self.from_ <= day) and (
            self.until is None or day < self.until
        )


class Entry(Period, Generic[T]):
    """A value that is in force during a period."""

    # Looking for the source of each parametrised class would cost more than all others together.
    model_config = ConfigDict(use_attribute_docstrings=False)
    value: T = Field(description="What is in force in the period.")


class Closure(Period):
    """A period in which a port is shut, and the day on which travellers heard of it.

    Its first day at the latest: a port that is shut is seen to be shut.
    """

    announced: Date | None = None
    """Day on which travellers hear of it and the rush begins; left out: its first day, without a
    rush."""


class Review(Period):
    """Review rounds: a share of the carriers in stock is examined, and decided on, at once.

    Rounds of which more or fewer carriers were examined are entries of their own.
    """

    share: Share
    """Share of the carriers who are examined; each carrier has a draw of their own a round."""
    every: Duration = Field(default=1.0, ge=1)
    """Time between rounds."""


class Reward(Period):
    """What informants are offered for a crosser, and when crossers hear of it."""

    report: Money
    """For a report that leads to the crosser."""
    capture: Money
    """For capture and hand-over."""
    announced: Date | None = None
    """Day on which it becomes known; left out: the first day."""


class Timeline(RootModel[tuple[Entry[T], ...]], Generic[T]):
    """Entries in force one after the other; a single value stands for the whole calendar."""

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
    """What governments decided, each lever on its own timeline.

    On a day without an entry the measure is not in force.
    """

    port_closures: dict[str, tuple[Closure, ...]] = {}
    """By port: periods in which nobody crosses."""
    port_capacity: dict[str, Timeline[Count]] = {}
    """People a day; without it there is no limit."""
    bookings: dict[str, Timeline[Count]] = {}
    """People a day that a leg accepts at most."""
    exit_screening: dict[str, Timeline[Share]] = {}
    """By leg: probability that symptoms are seen at boarding; the passenger stays behind."""
    exit_questionnaire: dict[str, Timeline[Share]] = {}
    """By leg: probability that an infected passenger who knows of an exposure says so; the
    passenger stays behind."""
    pre_departure_test: dict[str, Timeline[SwabTime]] = {}
    """By leg: a test this long before departure; a positive one stays behind."""
    entry_screening: dict[str, Timeline[Share]] = {}
    """By port: probability that symptoms are seen; the traveller is swabbed at once."""
    entry_questionnaire: dict[str, Timeline[Share]] = {}
    """By port: probability that an infected traveller who knows of an exposure says so; the
    traveller is swabbed at once."""
    staging_quarantine: dict[str, Timeline[Duration]] = {}
    """By staging town: arrivals are held this long."""
    quarantine_stay: Timeline[Duration] = Timeline[Duration](())
    """Length of stay by the day of entry."""
    quarantine_tests: Timeline[tuple[SwabTime, ...]] = Timeline[tuple[SwabTime, ...]](())
    """Swabs after entry, by the day of entry."""
    test_before_release: Timeline[SwabTime] = Timeline[SwabTime](())
    """One more swab this long before the planned release."""
    arrival_tests: Timeline[tuple[SwabTime, ...]] = Timeline[tuple[SwabTime, ...]](())
    """Swabs this long after entry of those who have been let go by then, after quarantine or
    without any, by the day of entry; ``0 d`` is on arrival. Of those who are still kept by a
    result to come, it is taken on the next morning."""
    site_beds: dict[str, Timeline[Count]] = {}
    """By quarantine site: beds; without it there is no limit."""
    hospital_beds: dict[str, Timeline[Count]] = {}
    """By hospital: beds; without it there is no limit."""
    laboratory_capacity: Timeline[Count] = Timeline[Count](())
    """Tests a day; without it there is no limit."""
    monitoring: Timeline[Share] = Timeline[Share](())
    """Probability that electronic monitoring catches a breach of quarantine."""
    self_isolation: Timeline[Share] = Timeline[Share](())
    """Probability that an infected traveller in the community stays away from everybody
    from the onset of symptoms on, by the day on which they come to be in the community."""
    review_rounds: tuple[Review, ...] = ()
    """Days on which carriers are examined, and decided on, at once."""
    patrols: dict[str, Timeline[Count]] = {}
    """By stretch of border: patrols on duty at any time."""
    sensors: dict[str, Timeline[Share]] = {}
    """By stretch of border: probability that sensors lead to a crosser."""
    rewards: tuple[Reward, ...] = ()
    """Rewards for informants, one after the other."""
    reward_budget: Money | None = None
    """Money for all rewards together; when it is used up none is offered. Left out: no limit."""
    fine: Timeline[Money] = Timeline[Money](())
    """Fine for an illegal crossing."""
    detention: Timeline[Duration] = Timeline[Duration](())
    """Days in detention for an illegal crossing, besides quarantine."""
    lockdown: dict[str, Timeline[Share]] = {}
    """By town: share of contacts in the community that it prevents."""
    symptomatic_testing: dict[str, Timeline[Share]] = {}
    """By town: probability that someone in the community with symptoms is swabbed."""
    contact_tracing: dict[str, Timeline[Share]] = {}
    """By town: probability that an infected contact of a registered person is found."""
    house_restrictions: dict[str, Timeline[Share]] = {}
    """By town: share of their contacts in the community that the household of a registered
    person gives up."""
