"""Named disease, epidemic-curve and test-sensitivity presets (YAML files beside this one)."""

import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import PydanticCustomError, core_schema

from sim.scenario.reading.errors import closest

_FOLDER = Path(__file__).parent


def preset_names(group: str) -> list[str]:
    """Return the names of presets in ``group`` (diseases, curves or pcr)."""
    return sorted(path.stem for path in (_FOLDER / group).glob("*.yaml"))


@cache
def read_preset(group: str, name: str) -> dict[str, Any]:
    """Return the content of a shipped preset file."""
    data: dict[str, Any] = yaml.safe_load((_FOLDER / group / f"{name}.yaml").read_text("utf-8"))
    return data


def preset_content(name: str) -> dict[str, Any] | None:
    """Return a copy of the content of the preset of that name in any group, or None."""
    for group in sorted(folder.name for folder in _FOLDER.iterdir() if folder.is_dir()):
        if name in preset_names(group):
            return copy.deepcopy(read_preset(group, name))
    return None


@dataclass(frozen=True)
class PresetOrInline:
    """Allow the name of a preset of ``group`` instead of its content."""

    group: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Expand a name before the content is validated."""
        return core_schema.no_info_before_validator_function(self._expand, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe both forms in the JSON Schema."""
        return {"anyOf": [{"enum": preset_names(self.group)}, handler(schema)]}

    def _expand(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        names = preset_names(self.group)
        if value not in names:
            raise PydanticCustomError(
                "preset",
                "no preset of that name [allowed: {names}, or the content itself]",
                {"names": ", ".join(names), "suggestion": closest(value, names)},
            )
        return read_preset(self.group, value)
