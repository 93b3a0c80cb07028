"""Reads an HTML page as a browser does: its elements, what is inside what, and its words."""

from collections import defaultdict
from html.parser import HTMLParser


class Reader(HTMLParser):
    """Notes what an HTML page has: its elements with their attributes, and its words."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements = []
        self.inside = []
        self.words = []
        self.said = defaultdict(str)
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), tuple(self.inside)))
        if tag not in ("meta", "input", "link", "br", "img"):
            self.inside.append((tag, len(self.elements) - 1))

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs), tuple(self.inside)))

    def handle_endtag(self, tag):
        assert self.inside.pop()[0] == tag

    def handle_data(self, data):
        if not self.inside or self.inside[-1][0] not in ("script", "style"):
            self.words.append(data)
            self.said[self.inside[-1][1] if self.inside else -1] += data

    def of(self, tag):
        return [attributes for name, attributes, _ in self.elements if name == tag]

    def within(self, tag):
        """Return the elements inside each element of a tag."""
        places = [place for place, (name, *_) in enumerate(self.elements) if name == tag]
        return [
            [(name, at) for name, at, inside in self.elements if (tag, place) in inside]
            for place in places
        ]

    def words_in(self, *ids):
        """Return what stands directly in the elements with these ids."""
        places = {at["id"]: place for place, (_, at, _) in enumerate(self.elements) if "id" in at}
        return [self.said[places[name]] for name in ids]

    @property
    def text(self):
        return " ".join(" ".join(self.words).split()).replace("\N{NO-BREAK SPACE}", " ")
