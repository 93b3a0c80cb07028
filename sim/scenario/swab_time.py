"""Time and assay of a swab: ``5 d``, or ``5 d antigen`` for a named assay."""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from sim.scenario.quantities import MOST_DAYS, format_duration, parse_duration

_WITH_ASSAY = re.compile(r"\s*(-?[\d.]+\s*[A-Za-z]+)\s+([a-z][a-z0-9_]*)\s*")

PCR = ""
"""Name of the laboratory's own test in a swab."""


@dataclass(frozen=True, order=True)
class SwabTime:
    """A time from or to an event, and the assay of the swab.

    Attributes:
        days: the time, zero or more.
        assay: name of one of the laboratory's ``assays``; empty: its own PCR.
    """

    days: float
    assay: str = ""

    def __str__(self) -> str:
        return f"{format_duration(self.days)} {self.assay}".rstrip()

    @classmethod
    def parse(cls, value: Any) -> "SwabTime":
        """Return the time and the assay in a text such as ``5 d`` or ``5 d antigen``.

        Raises:
            PydanticCustomError: the text has no number, no unit or an unknown unit, or is not a
                possible duration.
        """
        if isinstance(value, SwabTime):
            return value
        assay = ""
        if isinstance(value, str) and (match := _WITH_ASSAY.fullmatch(value)):
            value, assay = match[1], match[2]
        days = parse_duration(value)
        if not 0 <= days <= MOST_DAYS:
            raise PydanticCustomError(
                "duration_range", "out of range [allowed: 0 d to {most} d]", {"most": MOST_DAYS}
            )
        return cls(days, assay)

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Read and write it as text."""
        return core_schema.no_info_plain_validator_function(
            cls.parse, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the text to an editor."""
        return {
            "type": "string",
            "pattern": r"^\s*\d+(\.\d+)?\s*(min|h|d|w)(\s+[a-z][a-z0-9_]*)?\s*$",
            "examples": ["5 d", "5 d antigen"],
        }
