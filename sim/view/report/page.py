"""Makes the page of a folder: one HTML file that needs nothing else."""

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

import sim
from sim.view.answers.sentences import policy_sentence, question_of, run_sentence, with_changes
from sim.view.answers.sweep_sentences import shown_outcomes, sweep_sentences
from sim.view.answers.tables import Cell, Runs, Table, differences, summary_of
from sim.view.figures import CAPTIONS
from sim.view.labels import value_text
from sim.view.outcome_words import NOTHING, amount, difference_words, title_of_outcome
from sim.view.report.explorer import explorer_of
from sim.view.report.folder import ComparisonFolder, Results, RunFolder, SweepFolder
from sim.view.report.provenance import cautions, provenance, what_ran
from sim.view.sweep.words import place_words
from sim.view.words import SPACE, count, only_in, percent, sentence_name, words

_PICTURES = 2
"""Figures beside the answer; all others are in the second part."""
_MOST = 500
"""Points of a sweep in a table; the others are in the file."""


def report_of(folder: Results) -> str:
    """Return the page of a folder as HTML; equal folders give equal pages.

    All that comes from the results is escaped.

    Raises:
        OSError: a figure cannot be read.
    """
    if isinstance(folder, ComparisonFolder):
        content = _comparison(folder)
    elif isinstance(folder, SweepFolder):
        content = _sweep(folder)
    else:
        assert isinstance(folder, RunFolder)
        content = _run(folder)
    figures = list(_figures(folder))
    script = asset("explorer.js")
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            content,
            pictures=figures[:_PICTURES],
            figures=figures[_PICTURES:],
            cautions=list(cautions(folder)),
            facts=what_ran(folder),
            files=[
                *content.get("sources", []),
                *((of.path.name, of.text) for of in folder.scenarios),
            ],
            provenance=provenance(folder),
            style=Markup(asset("report.css")),
            script=Markup(script),
            script_digest=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
            version=sim.__version__,
        )
    )


def _figures(folder: Results) -> Iterator[dict[str, Any]]:
    """Yield number, title, caption and address of every figure, in the order of the page.

    The address holds the SVG file itself, as an image: browsers let no script run in these.
    """
    order = [*CAPTIONS, ""]
    kinds = {
        path: next(kind for kind in order if path.stem.startswith(kind)) for path in folder.figures
    }
    paths = sorted(kinds, key=lambda path: (order.index(kinds[path]), path.stem))
    for number, path in enumerate(paths, 1):
        title, caption = CAPTIONS.get(kinds[path], ("", "As the command drew it."))
        rest = words(path.stem.removeprefix(kinds[path])).strip()
        yield {
            "number": number,
            "title": sentence_name(", ".join(filter(None, (title, rest)))),
            "caption": caption,
            "source": f"data:image/svg+xml;base64,{base64.b64encode(path.read_bytes()).decode()}",
        }


def asset(name: str) -> str:
    """Return the text of a file that belongs to the page."""
    return (files("sim.view.report") / "templates" / name).read_text("utf-8")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FunctionLoader(asset),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.policies["json.dumps_kwargs"] = {
        "allow_nan": False,
        "ensure_ascii": False,
        "separators": (",", ":"),
    }
    return made


def _comparison(folder: ComparisonFolder) -> dict[str, Any]:
    paired, last = folder.paired, folder.scenarios[-1].scenario
    others = range(1, len(paired.names))
    policies = count(len(others), "border policy", "border policies")
    return {
        "title": f"{policies} against {words(paired.names[0])}",
        "question": with_changes(question_of(list(paired.names), last.question), last),
        "answers": [("", [policy_sentence(paired, policy)]) for policy in others],
        "first": differences(paired),
        "tables": [("All outcomes", differences(paired, every=True))],
        "explorer": None,
    }


def _run(folder: RunFolder) -> dict[str, Any]:
    name, outcomes = folder.manifest["scenario"], folder.outcomes
    scenario = folder.scenarios[0].scenario
    runs = Runs(name, len(outcomes), lambda outcome: outcomes[outcome].to_numpy(dtype=float))
    tables = [("All outcomes", summary_of([runs], every=True))]
    if "parameters.csv" in folder.extras:
        tables.append(("Parameters of the runs", _parameters(folder.extras["parameters.csv"])))
    return {
        "title": sentence_name(name),
        "question": with_changes(scenario.question, scenario),
        "answers": [("", [run_sentence(name, runs.values)])],
        "first": summary_of([runs]),
        "tables": tables,
        "explorer": None,
    }


def _sweep(folder: SweepFolder) -> dict[str, Any]:
    plan, summary = folder.plan, folder.summary
    outcomes = shown_outcomes(plan, summary)
    tables = [("All points", _points(folder, outcomes))]
    if "boxes.csv" in folder.extras:
        tables.insert(0, ("Boxes of the scenario discovery", _boxes(folder.extras["boxes.csv"])))
    return {
        "title": sentence_name(folder.manifest["sweep"]),
        "question": folder.manifest.get("question", ""),
        "answers": [(title_of_outcome(of), sweep_sentences(plan, summary, of)) for of in outcomes],
        "first": None,
        "tables": tables,
        "explorer": explorer_of(folder),
        "sources": [("sweep.yaml", plan.path.read_text("utf-8"))],
    }


def _points(folder: SweepFolder, outcomes: list[str]) -> Table:
    """Return outcomes at all points, one row per point and policy."""
    of = folder.summary
    by_outcome = {name: list(_rows(of[of["outcome"] == name])) for name in outcomes}
    points = list(zip(*by_outcome.values(), strict=True))
    left = f" {len(points) - _MOST:,} more points are in summary.csv." * (len(points) > _MOST)
    return Table(
        f"Median of the runs at each point, middle 90{SPACE}% of the runs, and median difference "
        f"from {words(folder.plan.policies[0].name)} as its file says.{left}",
        ["Point", *map(title_of_outcome, outcomes)],
        [
            (place_words(folder.plan, rows[0]), list(map(_point, outcomes, rows)))
            for rows in points[:_MOST]
        ],
    )


def _point(outcome: str, row: "pd.Series[float]") -> Cell:
    if not row["runs_with_value"]:
        return Cell(NOTHING, ("no value in any run",))
    notes = [f"{amount(outcome, row['q05'])} to {amount(outcome, row['q95'])}"]
    notes.append(only_in(int(row["runs_with_value"]), int(row["runs"])))
    if "difference_median" in row:
        notes.append(f"difference {difference_words(outcome, row['difference_median'])}")
    return Cell(amount(outcome, row["q50"]), tuple(filter(None, notes)))


def _boxes(boxes: pd.DataFrame) -> Table:
    return Table(
        "Boxes of a scenario discovery: shares of the cases of interest that are inside "
        "(coverage), of the cases inside that are of interest (density), and of all cases.",
        ["Conditions", "Coverage", "Density", "Inside"],
        [
            (
                f"{box['limits']}{' (chosen)' if box['chosen'] else ''}",
                [Cell(percent(box[share])) for share in ("coverage", "density", "mass")],
            )
            for box in _rows(boxes)
        ],
    )


def _parameters(drawn: pd.DataFrame) -> Table:
    quantiles = drawn.drop(columns="seed").quantile([0.5, 0.05, 0.95])
    return Table(
        "Parameters that differ from run to run, by their path in the scenario file.",
        ["Parameter", "Median", f"5{SPACE}%", f"95{SPACE}%"],
        [(str(name), [Cell(value_text(v)) for v in quantiles[name]]) for name in quantiles],
    )


def _rows(table: pd.DataFrame) -> "Iterator[pd.Series[float]]":
    return (row for _, row in table.iterrows())
