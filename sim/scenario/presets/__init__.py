"""Named disease, epidemic-curve and test-sensitivity presets (YAML files beside this one)."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from sim.scenario.reading.errors import closest

_FOLDER = Path(__file__).parent


def preset_names(group: str) -> list[str]:
    """Return the names that may be written for ``group`` (diseases, curves or pcr)."""
    return sorted(path.stem for path in (_FOLDER / group).glob("*.yaml"))


@cache
def read_preset(group: str, name: str) -> dict[str, Any]:
    """Return the content of a shipped preset file."""
    data: dict[str, Any] = yaml.safe_load((_FOLDER / group / f"{name}.yaml").read_text("utf-8"))
    return data


def preset_or_inline(group: str) -> BeforeValidator:
    """Return a validator that lets a field hold the name of a preset instead of its content."""

    def expand(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value not in preset_names(group):
            raise PydanticCustomError(
                "preset",
                "no preset of that name [allowed: {names}, or the content itself]",
                {
                    "names": ", ".join(preset_names(group)),
                    "suggestion": closest(value, preset_names(group)),
                },
            )
        return read_preset(group, value)

    return BeforeValidator(expand)
