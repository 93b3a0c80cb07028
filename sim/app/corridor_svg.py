"""The picture of the corridor for a page: its colours follow the page, its parts have names."""

import io
import re
from xml.etree import ElementTree

from matplotlib.figure import Figure

from sim.experiment.replicates import Replicates
from sim.scenario.schema import Scenario
from sim.view.corridor import draw_corridor
from sim.view.style import in_house_style

_SVG = "http://www.w3.org/2000/svg"
_INKS = {
    "#000000": "var(--ink)",
    "#6e6e6e": "var(--muted)",
    "#ffffff": "var(--paper)",
    "#bbbbbb": "var(--ribbon)",
    "#edf3f8": "var(--behind)",
    "#fff8ee": "var(--town)",
    "#a64800": "var(--worse)",
}
"""Colours of the picture that a page has its own of, in light and in dark."""
_FONT = re.compile(r"(?:(bold|[0-9]+) )?([0-9.]+)px (.*)")


def corridor_svg(scenario: Scenario, replicates: Replicates | None) -> str:
    """Return the picture without heading, as SVG for the inside of a page.

    Every box, leg and stretch is a group with the class ``part`` and the name ``data-at``. Styles
    are attributes, because a page may forbid others.

    Args:
        scenario: what is drawn.
        replicates: runs of it; None draws seats and rules.
    """
    drawn = _drawn(draw_corridor(scenario, replicates))
    names = _names(scenario)
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.fromstring(drawn)
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in (f"{{{_SVG}}}metadata", f"{{{_SVG}}}style"):
                parent.remove(child)
    for node in root.iter():
        _style_as_attributes(node)
        gid = node.attrib.pop("id", "")
        if gid in names and node.tag == f"{{{_SVG}}}g":
            node.attrib |= {"class": "part", "data-at": gid}
        elif gid and node.tag != f"{{{_SVG}}}g":
            node.set("id", f"corridor-{gid}")  # clip paths
        for key in ("clip-path", "{http://www.w3.org/1999/xlink}href"):
            node.attrib.pop(key, None)
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    return ElementTree.tostring(root, encoding="unicode")


@in_house_style
def _drawn(figure: Figure) -> str:
    for text in list(figure.texts):
        text.remove()
    figure.draw_without_rendering()
    figure.set_layout_engine(None)
    (axes,) = figure.axes
    axes.set_position((0, 0, 1, 1))
    figure.set_size_inches(figure.get_figwidth(), abs(axes.get_ylim()[0]))
    figure.patch.set_visible(False)
    content = io.StringIO()
    figure.savefig(content, format="svg", metadata={"Date": None})
    return content.getvalue()


def _names(scenario: Scenario) -> set[str]:
    stretches = scenario.border.stretches if scenario.border else {}
    return {
        *scenario.places, *scenario.ports, *scenario.legs, *stretches,
        "quarantine", "laboratory", "hospitals",
    }  # fmt: skip


def _style_as_attributes(node: ElementTree.Element) -> None:
    style = node.attrib.pop("style", "")
    for part in filter(None, (part.strip() for part in style.split(";"))):
        key, _, value = part.partition(":")
        key, value = key.strip(), value.strip()
        if key == "font" and (font := _FONT.fullmatch(value)):
            node.set("font-size", font[2])
            if font[1]:
                node.set("font-weight", font[1])
        elif key in ("fill", "stroke"):
            node.set(key, _INKS.get(value.lower(), value))
        elif key != "font":
            node.set(key, value)
    if node.tag == f"{{{_SVG}}}text" and "fill" not in node.attrib:
        node.set("fill", "var(--ink)")
