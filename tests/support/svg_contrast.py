"""Contrast of text inside SVG figures, which browsers' checkers do not look at."""

import base64
import io
import pathlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np
from matplotlib.image import imread
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

WHITE = (1.0, 1.0, 1.0)
Color = tuple[float, float, float]
Place = tuple[float, float]
_BOX = ("x", "y", "width", "height")
_NUMBER = r"[-+]?[\d.]+(?:e[-+]?\d+)?"


def color_of(text: str) -> Color:
    """Return a colour written as #rrggbb."""
    red, green, blue = (int(text[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return red, green, blue


def contrast(one: Color, other: Color) -> float:
    """Return the ratio of the luminances, as WCAG 2 defines it."""

    def luminance(color: Color) -> float:
        linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in color]
        return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))

    high, low = sorted([luminance(one), luminance(other)], reverse=True)
    return (high + 0.05) / (low + 0.05)


def text_contrasts(figure: pathlib.Path) -> Iterator[tuple[str, float]]:
    """Yield every text of an SVG file by its id, and its least contrast with what is below it.

    What lies below a text is looked up at its two ends and in the middle: white, and all that was
    painted there before.
    """
    svg = ElementTree.fromstring(figure.read_text("utf-8"))
    for element in svg.iter():  # names without their namespaces
        element.tag = element.tag.rpartition("}")[2]
        element.attrib = {name.rpartition("}")[2]: of for name, of in element.attrib.items()}
    page = _Page()
    yield from page.walk(svg, {path.get("id", ""): path for path in svg.iter("path")})


@dataclass
class _Page:
    """What has been painted so far: each says its colour and opacity at a place."""

    painted: list[Callable[[Place], tuple[Color, float]]] = field(default_factory=list)

    def walk(self, element: Element, known: dict[str, Element]) -> Iterator[tuple[str, float]]:
        name = element.get("id", "")
        for child in element:
            if child.tag == "text":
                yield name, min(self._contrasts(child))
            elif "text_" in name and child.tag == "path":
                # A text with a halo is drawn twice, as outlines: the halo has a stroke.
                if "stroke" not in _style(child):
                    x, y = _places(child).mean(axis=0).tolist()
                    yield name, contrast(_paint_of(child), self._below((x, y)))
            elif child.tag == "image":
                self._paint(child)
            elif child.tag == "path":
                self._fill(child, _style(child), Affine2D())
            elif child.tag == "use":
                mark = known[child.get("href", "")[1:]]
                shift = Affine2D().translate(float(child.get("x", "0")), float(child.get("y", "0")))
                self._fill(mark, _style(mark) | _style(child), shift)
            elif child.tag != "defs":
                yield from self.walk(child, known)

    def _fill(self, path: Element, style: dict[str, str], shift: Affine2D) -> None:
        paint = style.get("fill", "#000000")
        places = _places(path)
        if paint.startswith("#") and len(places) >= 3:
            opacity = float(style.get("opacity", "1")) * float(style.get("fill-opacity", "1"))
            outline = Path(shift.transform(places))
            color = color_of(paint)
            self.painted.append(lambda at: (color, opacity * outline.contains_point(at)))

    def _paint(self, image: Element) -> None:
        pixels = imread(io.BytesIO(base64.b64decode(image.get("href", "").partition(",")[2])))
        rows, columns, _ = pixels.shape
        left, top, width, height = (float(image.get(of, "0")) for of in _BOX)
        back = _transform(image).inverted()

        def paint(at: Place) -> tuple[Color, float]:
            x, y = back.transform(at)
            row, column = int((y - top) / height * rows), int((x - left) / width * columns)
            if 0 <= row < rows and 0 <= column < columns:
                red, green, blue, opacity = (float(of) for of in pixels[row, column])
                return (red, green, blue), opacity
            return WHITE, 0.0

        self.painted.append(paint)

    def _contrasts(self, line: Element) -> Iterator[float]:
        style = _style(line)
        size = float(re.findall(_NUMBER, style["font-size"])[0])
        # A letter is about 0.6 wide and 0.7 high where the size of type is 1.
        width = 0.6 * size * (len("".join(line.itertext())) - 1)
        first = {"middle": -width / 2, "end": -width - 0.3 * size}.get(
            style.get("text-anchor", "start"), 0.3 * size
        )
        x, y = float(line.get("x", "0")), float(line.get("y", "0"))
        for across in (first, first + width / 2, first + width):
            place = _transform(line).transform((x + across, y - 0.35 * size))
            yield contrast(_paint_of(line), self._below((place[0], place[1])))

    def _below(self, place: Place) -> Color:
        below = np.array(WHITE)
        for paint in self.painted:
            color, opacity = paint(place)
            below = opacity * np.array(color) + (1 - opacity) * below
        red, green, blue = below.tolist()
        return red, green, blue


def _paint_of(text: Element) -> Color:
    return color_of(_style(text).get("fill", "#000000"))


def _places(path: Element) -> np.ndarray:
    """Return the corners and control points of a path, shape (places, 2)."""
    return np.array(re.findall(_NUMBER, path.get("d", "")), dtype=float).reshape(-1, 2)


def _style(element: Element) -> dict[str, str]:
    pairs = [pair.split(":", 1) for pair in element.get("style", "").split(";") if ":" in pair]
    return {name.strip(): value.strip() for name, value in pairs}


def _transform(element: Element) -> Affine2D:
    """Return the transform of an element: its parts, the last one first."""
    whole = Affine2D()
    for name, inside in re.findall(r"(\w+)\(([^)]*)\)", element.get("transform", ""))[::-1]:
        numbers = [float(number) for number in re.findall(_NUMBER, inside)]
        match name:
            case "translate":
                whole.translate(*numbers)
            case "scale":
                whole.scale(*numbers)
            case "rotate":
                angle, *centre = numbers
                whole.rotate_deg_around(*(centre or (0.0, 0.0)), angle)
    return whole
