"""A page that says in words why there is nothing to draw."""

from matplotlib.figure import Figure

from sim.view.page import new_figure
from sim.view.style import empty_panel

_HEIGHT = 0.8


def nothing_to_draw(heading: str, why: str) -> Figure:
    """Return a page with a heading, and ``why`` it has no panels."""
    fig = new_figure(_HEIGHT, heading, "")
    ax = fig.add_subplot()
    ax.set_axis_off()
    empty_panel(ax, f"Nothing to draw: {why}.")
    return fig
