"""The counts that the model is held against, read from ``targets.yaml``."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import yaml

SHIPPED_TARGETS = Path(__file__).with_name("targets.yaml")


@dataclass(frozen=True)
class Target:
    """A count that an article prints.

    Attributes:
        id: its number in the data provenance page.
        place: place in the scenario.
        series: series of the bulletin.
        value: the count.
        kind: ``count``; later also intervals and bounds.
        data_date: the day that it describes, and on which the model is compared.
        article: key of the article.
    """

    id: str
    place: str
    series: str
    value: float
    kind: str
    data_date: dt.date
    article: str


def read_targets(path: Path = SHIPPED_TARGETS) -> list[Target]:
    """Return the targets in ``path``."""
    data = yaml.safe_load(path.read_text("utf-8"))
    return [Target(**entry) for entry in data["targets"]]
