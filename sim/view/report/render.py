"""Makes the page: one HTML file that needs nothing else."""

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

import sim
from sim.view.report.folder import Results
from sim.view.report.page import Page, page_of

_TEMPLATE, _STYLE, _SCRIPT = "report.html.j2", "report.css", "explorer.js"


def report_of(folder: Results) -> str:
    """Return the page of a folder as HTML; equal folders give equal pages.

    Raises:
        FolderError: a file in the folder cannot be used.
    """
    return rendered(page_of(folder))


def rendered(page: Page) -> str:
    """Return a page as HTML. All that comes from the results is escaped."""
    script = asset(_SCRIPT)
    template = _environment().get_template(_TEMPLATE)
    return template.render(
        page=page,
        style=Markup(asset(_STYLE)),
        script=Markup(script),
        script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        version=sim.__version__,
    )


def asset(name: str) -> str:
    """Return the text of a file that belongs to the page."""
    return (files("sim.view.report") / "templates" / name).read_text("utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(asset),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
