"""Figures as they stand in the page: SVG that is safe inside HTML and can be read aloud."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from sim.view.report.folder import FolderError
from sim.view.words import words

_SHAPES = ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan")
_PAINTS = ("pattern", "marker", "linearGradient", "radialGradient", "stop", "clipPath", "mask")
_ELEMENTS = {"svg", "g", "defs", "use", "image", *_SHAPES, *_PAINTS}
"""All others are left out: no scripts, no foreign content, no styles that reach the page."""
_PICTURE = "data:image/png;base64,"
_REFERENCE = re.compile(r"url\(\s*#([^)\s]+)\s*\)")
_INHERITED = "stroke-linejoin:round;stroke-linecap:butt"
"""What the style sheet inside the figures of the program says of every element."""


@dataclass(frozen=True)
class FigureOfPage:
    """A figure inside the page.

    Attributes:
        number: its number, from 1.
        title: what it shows, in a few words.
        caption: how to read it.
        svg: markup that is safe in HTML.
    """

    number: int
    title: str
    caption: str
    svg: str


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
        FolderError: a file is missing or no SVG.
    """
    kinds = list(_CAPTIONS)

    def kind_of(path: Path) -> str:
        return next((kind for kind in kinds if path.stem.startswith(kind)), "")

    def place(path: Path) -> tuple[int, str]:
        kind = kind_of(path)
        return (kinds.index(kind) if kind else len(kinds), path.stem)

    figures = []
    for number, path in enumerate(sorted(paths, key=place), 1):
        kind = kind_of(path)
        title, caption = _CAPTIONS[kind] if kind else ("", "As the command drew it.")
        about = words(path.stem.removeprefix(kind)).strip()
        title = ", ".join(filter(None, (title, about)))
        svg = inlined(path, number, f"Figure {number}. {title}", caption)
        figures.append(FigureOfPage(number, f"{title[:1].upper()}{title[1:]}", caption, svg))
    return figures


def inlined(path: Path, number: int, title: str, description: str) -> str:
    """Return the figure in an SVG file, safe in HTML, with a title and a description.

    Raises:
        FolderError: the file is missing or no SVG.
    """
    try:
        text = path.read_text("utf-8")
        if "<!ENTITY" in text:
            raise ValueError("a figure has no use for entities")
        root = ElementTree.fromstring(text)
        if _local(root.tag) != "svg" or "viewBox" not in root.attrib:
            raise ValueError("not an SVG figure with a viewBox")
    except (OSError, ValueError, ElementTree.ParseError) as error:
        raise FolderError(f"{path}: the file is damaged: {error}") from error
    prefix = f"figure-{number}-"
    clean = _cleaned(root, prefix)
    for name in ("width", "height", "id", "version"):
        clean.attrib.pop(name, None)
    ids = f"{prefix}title", f"{prefix}description"
    clean.attrib |= {"role": "img", "aria-labelledby": " ".join(ids), "style": _INHERITED}
    for place, (tag, content) in enumerate((("title", title), ("desc", description))):
        element = ElementTree.Element(tag, {"id": ids[place]})
        element.text = content
        clean.insert(place, element)
    return ElementTree.tostring(clean, encoding="unicode")


def _cleaned(element: ElementTree.Element, prefix: str) -> ElementTree.Element:
    """Return a copy that has only what a picture needs, with ``prefix`` before every id."""
    copy = ElementTree.Element(_local(element.tag))
    for key, value in element.attrib.items():
        name = _local(key)
        if (kept := _attribute(name, value, prefix)) is not None:
            copy.set(name, kept)
    if element.tag.endswith(("text", "tspan")):
        copy.text, copy.tail = element.text, element.tail
    copy.extend(_cleaned(child, prefix) for child in element if _local(child.tag) in _ELEMENTS)
    return copy


def _attribute(name: str, value: str, prefix: str) -> str | None:
    """Return the value of an attribute inside the page, None if it has no place there."""
    if name == "id":
        return f"{prefix}{value}"
    if name == "href":
        if value.startswith("#"):
            return f"#{prefix}{value[1:]}"
        return value if value.startswith(_PICTURE) else None
    if name.lower().startswith(("on", "aria", "role", "class", "tabindex", "lang", "base")):
        return None
    shown = _REFERENCE.sub(rf"url(#{prefix}\1)", value)
    outside = "url(" in _REFERENCE.sub("", value) or "\\" in value or ":/" in value
    return None if outside else " ".join(shown.split())


def _local(name: str) -> str:
    """Return the name of an element or attribute without its namespace."""
    return name.rpartition("}")[2]
