"""How policies look: one colour, marker and dash each, the same in every figure."""

from dataclasses import dataclass
from itertools import cycle, islice

from sim.view.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILLION

_COLORS = (BLACK, VERMILLION, BLUE, GREEN, ORANGE, PURPLE, SKY, GREY)
_MARKERS = ("o", "s", "D", "^", "v", "P", "X", "p", "h")
_DASHES = ("-", "--", "-.", ":")


@dataclass(frozen=True)
class PolicyLook:
    """The look of one policy.

    Attributes:
        color: of its marks and lines; text stays dark.
        marker: of its points.
        dash: style of its lines.
    """

    color: str
    marker: str
    dash: str


def policy_looks(policies: int) -> list[PolicyLook]:
    """Return the looks of so many policies, the baseline first, in black.

    The lists have lengths without a common factor, so that 72 policies differ in colour or marker.
    """
    looks = zip(cycle(_COLORS), cycle(_MARKERS), cycle(_DASHES))
    return [PolicyLook(*look) for look in islice(looks, policies)]
