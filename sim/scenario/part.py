"""The base class of everything that a scenario file can say."""

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """One mapping of a scenario file: immutable, and refusing names it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
