"""The daily series as Mesa's DataCollector holds them."""

from typing import Any

import mesa

from sim.world.surveillance import SERIES, Surveillance


class SeriesCollector(mesa.DataCollector):  # type: ignore[misc]
    """A ``DataCollector`` with a model variable ``place.series`` for every place and series.

    Surveillance has every count already, so nothing is copied day by day: the variables are
    read from it when someone asks for them.

    Args:
        surveillance: where the counts are.
        places: names of the reporting places.
    """

    def __init__(self, surveillance: Surveillance, places: list[str]) -> None:
        self._surveillance = surveillance
        self._names = [f"{place}.{series}" for place in places for series in SERIES]
        super().__init__()
        self._collection_steps: list[int] = []
        self.model_reporters = dict.fromkeys(self._names)

    def collect(self, model: mesa.Model) -> None:
        """Note that a day is over: newer versions of Mesa ask for the steps collected."""
        self._collection_steps.append(model.steps)

    @property
    def model_vars(self) -> dict[str, list[int]]:
        """Every series so far, one number per day."""
        by_place: Any = self._surveillance.series.transpose(2, 1, 0).reshape(len(self._names), -1)
        return dict(zip(self._names, by_place.tolist(), strict=True))

    @model_vars.setter
    def model_vars(self, value: dict[str, list[int]]) -> None:
        """Ignore the empty dictionary that Mesa sets up."""
