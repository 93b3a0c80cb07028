"""One HTML file with pinned policies, in which a reader without the program can compare them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from sim.app.policy_file import Policy
from sim.experiment.policy_choice import Frontier
from sim.view.words import words

_IMPORT = "import "
_SCRIPTS = ("page.js", "charts.js", "outcomes.js", "one_file.js")


def one_file(
    policies: Sequence[Policy],
    answers: Sequence[Mapping[str, Any]],
    frontier: Frontier,
    assets: Mapping[str, str],
) -> str:
    """Return the page: it loads nothing, and needs no server.

    Args:
        policies: of one baseline.
        answers: the last answer for each, as JSON.
        frontier: of baseline and policies.
        assets: files of the page, by name.
    """
    places = ["baseline", *map(str, range(len(policies)))]
    data = {
        "baseline": words(policies[0].base.name),
        "question": policies[0].base.question,
        "standings": dict(zip(places, map(str, frontier.standings), strict=True)),
        "frontier": [places[policy] for policy in frontier.path],
        "policies": [
            {
                "name": words(policy.scenario.name),
                "question": policy.own.get("question", ""),
                "text": policy.text,
                "answer": answer,
            }
            for policy, answer in zip(policies, answers, strict=True)
        ],
    }
    page = Environment(autoescape=True).from_string(assets["one_file.html"])
    script = "\n".join(_without_imports(assets[name]) for name in _SCRIPTS)
    # In a script element only this begins something else.
    written = json.dumps(data).replace("<", "\\u003c")
    return page.render(
        style=Markup(assets["style.css"]),
        script=Markup(script),
        data=Markup(written),
        title=f"{len(policies)} policies against {data['baseline']}",
    )


def _without_imports(script: str) -> str:
    """Return a module as a plain script: of what it imports and exports, all is in one file."""
    lines = (line for line in script.splitlines() if not line.startswith(_IMPORT))
    return "\n".join(line.removeprefix("export ") for line in lines)
