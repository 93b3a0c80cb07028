"""Write values as YAML that this program reads back unchanged."""

from typing import Any

import yaml

from sim.scenario.reading.scalars import parse_scalar

_MAPPING, _SEQUENCE = "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"


class _Dumper(yaml.SafeDumper):
    """Quotes every text that would be read as another type.

    PyYAML does not quote ``1e100``, which it reads as text; here it is a number.
    """


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=_style_of(text))


def _style_of(text: str) -> str | None:
    try:
        return None if parse_scalar(text) == text else "'"
    except ValueError:
        return "'"


_Dumper.add_representer(str, _represent_text)


class OneLine(dict[str, Any]):
    """A mapping that is written in one line: ``{from: 2020-04-05, until: 2020-04-06}``."""


class Inline(list[Any]):
    """A list that is written in one line: ``[0 d, 7 d]``."""


_Dumper.add_representer(
    OneLine, lambda dumper, data: dumper.represent_mapping(_MAPPING, data.items(), flow_style=True)
)
_Dumper.add_representer(
    Inline, lambda dumper, data: dumper.represent_sequence(_SEQUENCE, data, flow_style=True)
)


def yaml_text(value: Any, **layout: Any) -> str:
    """Return ``value`` as YAML; ``layout`` is for PyYAML's ``dump``."""
    text: str = yaml.dump(value, Dumper=_Dumper, sort_keys=False, **layout)
    return text
