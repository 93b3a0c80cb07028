"""Figures as they stand in the page: SVG that is safe inside HTML and can be read aloud."""

import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from sim.view.report.reading import damaged, read_text

_SHAPES = ("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan")
_PAINTS = ("pattern", "marker", "linearGradient", "radialGradient", "stop", "clipPath", "mask")
_ELEMENTS = {"svg", "g", "defs", "use", "image", *_SHAPES, *_PAINTS}
"""All others are left out: no scripts, no foreign content, no styles that reach the page."""
_PICTURE = "data:image/png;base64,"
_REFERENCE = re.compile(r"url\(\s*#([^)\s]+)\s*\)")
_INHERITED = "stroke-linejoin:round;stroke-linecap:butt"
"""What the style sheet inside the figures of the program says of every element."""


@dataclass(frozen=True)
class Picture:
    """A figure inside the page.

    Attributes:
        number: its number, from 1.
        svg: markup that is safe in HTML.
    """

    number: int
    svg: str


def inlined(path: Path, number: int, title: str, description: str) -> Picture:
    """Return the figure in an SVG file with a title and a description.

    Raises:
        FolderError: the file is missing or no SVG.
    """
    text = read_text(path)
    if "<!ENTITY" in text:
        raise damaged(path, "a figure has no use for entities")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise damaged(path, str(error)) from error
    if _local(root.tag) != "svg" or "viewBox" not in root.attrib:
        raise damaged(path, "not an SVG figure with a viewBox")
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
    return Picture(number, ElementTree.tostring(clean, encoding="unicode"))


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
