"""One would-be traveller as a Mesa agent that lives through every day."""

import math
from typing import TYPE_CHECKING, Literal

import mesa

if TYPE_CHECKING:
    from benchmarks.plain_mesa import PlainModel

Stage = Literal[
    "at_home",
    "set_out",
    "stopped_at_exit",
    "staging",
    "gave_up",
    "at_port",
    "quarantine",
    "isolated",
    "released",
]

Register = Literal["none", "carrier", "confirmed", "closed", "carrier_released"]


class Person(mesa.Agent):  # type: ignore[misc]
    """A person with a disease, a journey and an entry in the registers.

    Args:
        model: the world.
        frailty: factor on the hazard at the source that the person's travel group shares.
    """

    model: "PlainModel"

    def __init__(self, model: "PlainModel", frailty: float) -> None:
        super().__init__(model)
        self.frailty = frailty
        self.stage: Stage = "at_home"
        self.infected_at: float | None = None
        self.onset_at = math.inf
        self.asymptomatic = False
        self.infectivity = 0.0
        self.ready_at = math.inf
        self.patience = math.inf
        self.stranded_since: float | None = None
        self.entered_at = math.inf
        self.release_at = math.inf
        self.swabs_at: set[float] = set()
        self.symptoms_noticed = False
        self.results_awaited = 0
        self.room: list[Person] = []
        self.register: Register = "none"
        self.observed_until = math.inf
        self.discharge_at = math.inf

    def step(self) -> None:
        """Live through one day."""
        if self.stage == "at_home":
            self.live_at_home()
        elif self.stage == "staging":
            self.wait_for_the_bus()
        elif self.stage == "quarantine":
            self.stay_in_quarantine()
        elif self.stage == "isolated":
            self.stay_isolated()

    # The disease.

    def infect(self, time: float) -> None:
        """Become infected at ``time``."""
        disease, random = self.model.disease, self.model.random
        self.infected_at = time
        self.onset_at = time + disease.incubation(random)
        self.asymptomatic = random.random() < disease.asymptomatic_share
        self.infectivity = disease.infectivity(random, asymptomatic=self.asymptomatic)

    def expose(self, hazard: float) -> None:
        """Become infected today with the probability that belongs to ``hazard``."""
        if self.infected_at is None and self.model.random.random() < -math.expm1(-hazard):
            self.infect(self.model.day + self.model.random.random())

    def infectiousness(self) -> float:
        """Return today's infectiousness relative to the average peak."""
        if self.infected_at is None:
            return 0.0
        midday = self.model.day + 0.5
        return self.infectivity * self.model.disease.infectiousness(midday - self.onset_at)

    def has_symptoms(self) -> bool:
        """Tell whether symptoms can be seen today."""
        since_onset = self.model.day + 0.5 - self.onset_at
        return not self.asymptomatic and 0 <= since_onset < self.model.disease.symptoms_last

    # The days of a traveller.

    def live_at_home(self) -> None:
        """Meet the epidemic, and perhaps set out."""
        self.expose(self.frailty * self.model.source_hazard)
        if self.model.random.random() < self.model.setting_out_probability:
            self.stage = "set_out"
            self.model.flight.queue(self)

    def wait_for_the_bus(self) -> None:
        """Get stranded when no bus runs, and give up when patience ends."""
        if self.model.bus_runs or self.ready_at > self.model.day + 1:
            return
        if self.stranded_since is None:
            self.stranded_since = max(self.ready_at, self.model.day)
            self.patience = self.model.random.expovariate(1 / self.model.mean_patience)
        if self.model.day + 1 - self.stranded_since > self.patience:
            self.stage = "gave_up"
            self.model.staging.leave(self)

    def stay_in_quarantine(self) -> None:
        """Meet room-mates, give swabs, and leave when the stay is over."""
        model = self.model
        for mate in self.room:
            if mate is not self and mate.stage == "quarantine":
                self.expose(model.quarantine.hazard_per_day * mate.infectiousness())
        days = model.day - int(self.entered_at)
        if days in self.swabs_at:
            model.laboratory.receive(self)
        if self.symptoms_noticed and self.has_symptoms():
            seen_at = max(self.onset_at, self.entered_at)
            if model.day - int(seen_at) in model.quarantine.symptom_swabs:
                model.laboratory.receive(self)
        if model.day >= self.release_at and not self.results_awaited:
            self.stage = "released"

    def stay_isolated(self) -> None:
        """Move on in the registers: onset, review, end of observation, discharge."""
        model = self.model
        if self.register == "confirmed":
            if model.day >= self.discharge_at:
                self.register = "closed"
                self.stage = "released"
        elif self.has_symptoms() or model.random.random() < model.review_share:
            model.authority.confirm(self)
        elif model.day >= self.observed_until:
            model.authority.end_observation(self)
