"""Figure of imported confirmed cases, day by day and in total."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from calibration.targets import Target
from sim.experiment.replicates import Replicates
from sim.view.panels import Curve, Panel, draw_panels
from sim.view.style import BLUE, VERMILLION, in_house_style

_NEW = Panel(
    "new a day",
    "Confirmed cases a day",
    (Curve("imported_confirmed_new", "new", BLUE),),
    "upper right",
)
_SO_FAR = Panel(
    "total so far",
    "Confirmed cases",
    (
        Curve("imported_confirmed_cumulative", "all so far", BLUE),
        Curve("imported_confirmed_active", "not yet discharged", VERMILLION),
    ),
    "upper left",
)


@in_house_style
def draw_imported(replicates: Replicates, targets: Sequence[Target]) -> Figure:
    """Return the figure; article counts stand on the day that each describes."""
    return draw_panels(replicates, targets, "Imported confirmed cases", (_NEW, _SO_FAR))
