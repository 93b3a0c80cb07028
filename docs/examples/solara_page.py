"""A run in Mesa's SolaraViz, day by day: ``solara run docs/examples/solara_page.py``."""

import mesa
from mesa.visualization import SolaraViz, make_plot_component

from sim import BorderModel, load_scenario
from sim.shipped import shipped_scenarios

SCENARIO = load_scenario(shipped_scenarios() / "baseline.yaml")
SEED = {"type": "SliderInt", "label": "Seed", "value": 1, "min": 1, "max": 100, "step": 1}
SHOWN = ["in_quarantine", "imported_confirmed_active", "local_confirmed_active", "lab_backlog"]


class DailyRun(mesa.Model):
    """A run that knows its scenario alone, which Mesa would take for one of its own kind."""

    def __init__(self, seed: int = 1) -> None:
        super().__init__(rng=seed)
        self.border = BorderModel(SCENARIO, seed=seed)
        self.datacollector = self.border.datacollector

    def step(self) -> None:
        """Live through one day, if the calendar has one left: SolaraViz does not look."""
        if self.border.running:
            self.border.step()
        self.running = self.border.running


page = SolaraViz(
    DailyRun(),
    components=[make_plot_component(f"heilongjiang.{name}") for name in SHOWN],
    model_params={"seed": SEED},
    name="Moscow to Suifenhe",
)
