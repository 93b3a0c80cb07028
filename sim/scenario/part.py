"""The base class of everything that a scenario file can say."""

from typing import NoReturn

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """One mapping of a scenario file: immutable, and refusing names it does not know."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )

    def __iter__(self) -> NoReturn:
        """Refuse to be iterated over: Mesa's ``batch_run`` would run every field as a scenario.

        Raises:
            TypeError: always.
        """
        raise TypeError(f"a {type(self).__name__} is one value; model_dump() has its fields")
