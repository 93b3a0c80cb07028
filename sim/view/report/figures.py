"""Figures as they stand in the page: pictures with a number, a title and a caption."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.view.words import sentence_name, words


@dataclass(frozen=True)
class FigureOfPage:
    """A figure inside the page.

    Attributes:
        number: its number, from 1.
        title: what it shows, in a few words.
        caption: how to read it.
        source: the SVG file as the address of an image: browsers let no script run in these.
    """

    number: int
    title: str
    caption: str
    source: str


_CAPTIONS = {
    "forest": (
        "Differences from the baseline",
        "Each policy against the baseline, an outcome in each panel.",
    ),
    "cost_plane": (
        "Cost against infections averted",
        "What each policy costs more than the baseline against the infections it averts. Below "
        "and to the right is better.",
    ),
    "fan_chart": (
        "Confirmed cases over time",
        "Confirmed imported cases day by day under each policy, with bands that hold whole curves.",
    ),
    "expected_loss": (
        "Expected loss, and how probably each policy is the best",
        "Mean net benefit forgone compared with the best policy in each pair of runs, whatever an "
        "averted infection is worth: the lowest curve is the one to choose.",
    ),
    "corridor": ("The corridor", "Places, legs and ports, and how many people went which way."),
    "imported": (
        "Imported confirmed cases",
        "Day by day and in total, against the counts of the articles.",
    ),
    "fates": ("Fates", "What became of infected travellers, by the day they crossed."),
    "local_cases": ("Infections of residents", "By day, and by where they come from."),
    "transmission_tree": (
        "Chains of infection",
        "Who infected whom behind the border, in one run near the median.",
    ),
    "crossings": ("Illegal crossings", "Crossings away from the ports, and what became of them."),
    "capacity": ("Load and capacity", "What the institutions carry, against what they can."),
    "heat_map": (
        "Outcomes over two factors",
        "The difference from the baseline, a cell for each point.",
    ),
    "lines": ("Outcomes over the factor", "The difference from the baseline at each level."),
    "tornado": ("What matters most", "How far each factor moves the outcome, the largest first."),
    "discovery": (
        "Conditions under which one policy outperforms another",
        "Boxes of conditions: how many of the cases of interest each holds, against how many of "
        "those in it are of interest.",
    ),
}
"""Title and caption of a figure by how the name of its file begins, in the order of the page."""


def figures_of(paths: Sequence[Path]) -> list[FigureOfPage]:
    """Return the figures in SVG files, numbered in the order in which they are read.

    Raises:
        OSError: a file cannot be read.
    """
    order = [*_CAPTIONS, ""]
    kinds = {path: next(kind for kind in order if path.stem.startswith(kind)) for path in paths}
    figures = []
    for number, path in enumerate(
        sorted(paths, key=lambda path: (order.index(kinds[path]), path.stem)), 1
    ):
        kind = kinds[path]
        title, caption = _CAPTIONS.get(kind, ("", "As the command drew it."))
        title = ", ".join(filter(None, (title, words(path.stem.removeprefix(kind)).strip())))
        source = f"data:image/svg+xml;base64,{base64.b64encode(path.read_bytes()).decode()}"
        figures.append(FigureOfPage(number, sentence_name(title), caption, source))
    return figures
