"""One colour for each origin of local infections."""

from sim.view.style import BLACK, BLUE, GREY, ORANGE, VERMILLION
from sim.world.origins import Origin

ORIGIN_COLORS = {
    Origin.RELEASED: BLUE,
    Origin.BREACHED: BLACK,
    Origin.ILLEGAL: VERMILLION,
    Origin.HOSPITAL_OUTBREAK: ORANGE,
    Origin.START: GREY,
}
