"""Figure of carriers: people who tested positive and are not (yet) confirmed cases."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from calibration.targets import CountTarget
from sim.experiment.replicates import Replicates
from sim.view.panels import Curve, Panel, draw_panels
from sim.view.style import GREEN, PURPLE, in_house_style

_FOUND = Panel(
    "first positive tests a day",
    "People a day",
    (Curve("imported_first_positives", "first positive tests", PURPLE),),
)
_STOCK = Panel(
    "carriers under observation",
    "Carriers",
    (Curve("imported_carriers_stock", "carriers", GREEN),),
)


@in_house_style
def draw_carriers(replicates: Replicates, targets: Sequence[CountTarget]) -> Figure:
    """Return the figure; article counts stand on the day that each describes."""
    return draw_panels(replicates, targets, "Positive tests and carriers", (_FOUND, _STOCK))
