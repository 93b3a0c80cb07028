"""How policies look: one colour, marker and dash each, the same in every figure."""

from dataclasses import dataclass
from itertools import cycle, islice
from typing import Literal

from sim.view.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILLION

Dash = Literal["-", "--", "-.", ":"]

_COLORS = (VERMILLION, BLUE, GREEN, ORANGE, PURPLE, SKY, GREY)
_MARKERS = ("s", "D", "^", "v", "P", "X", "p", "h")
_DASHES: tuple[Dash, ...] = ("--", "-.", ":", "-")


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
    dash: Dash


def policy_looks(policies: int) -> list[PolicyLook]:
    """Return the looks of so many policies, the baseline first, the only one in black.

    Colours and markers are 7 and 8, so that 56 other policies differ in one of them.
    """
    looks = zip(cycle(_COLORS), cycle(_MARKERS), cycle(_DASHES))
    others = [PolicyLook(*look) for look in islice(looks, max(0, policies - 1))]
    return [PolicyLook(BLACK, "o", "-"), *others][:policies]
