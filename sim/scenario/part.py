"""Base class of all sections of a scenario."""

from typing import NoReturn

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """One mapping of a scenario file: immutable, without unknown names."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True
    )

    def __iter__(self) -> NoReturn:
        """Refuse iteration: Mesa's ``batch_run`` would run every field as a scenario.

        Raises:
            TypeError: always.
        """
        raise TypeError(f"a {type(self).__name__} is one value; model_dump() has its fields")
