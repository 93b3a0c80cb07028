"""Figure of imported confirmed cases, day by day and in total."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from calibration.targets import CountTarget
from sim.experiment.replicates import Replicates
from sim.view.panels import Curve, Panel, draw_panels
from sim.view.style import BLUE, VERMILLION, in_house_style

_NEW = Panel(
    "new cases a day",
    "Confirmed cases a day",
    (Curve("imported_confirmed_new", "confirmed", BLUE),),
)
_SO_FAR = Panel(
    "cases so far",
    "Confirmed cases",
    (
        Curve("imported_confirmed_cumulative", "confirmed", BLUE),
        Curve("imported_confirmed_active", "of these, not yet discharged", VERMILLION),
    ),
)


@in_house_style
def draw_imported(replicates: Replicates, targets: Sequence[CountTarget]) -> Figure:
    """Return the figure; article counts stand on the day that each describes."""
    return draw_panels(replicates, targets, "Imported confirmed cases", (_NEW, _SO_FAR))
