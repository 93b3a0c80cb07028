"""What the figures of a folder are called, and which table is behind each of them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from sim.experiment.outcome_registry import OUTCOMES, Group
from sim.view.outcome_words import title_of_outcome
from sim.view.policy_words import words
from sim.view.report import comparison_tables, run_tables, sweep_tables
from sim.view.report.folder import ComparisonFolder, Results, RunFolder, SweepFolder
from sim.view.report.html_table import HtmlTable
from sim.view.report.sweep_answers import shown_outcomes


@dataclass(frozen=True)
class Caption:
    """What is said of a figure.

    Attributes:
        title: what it shows, in a few words.
        sentence: how to read it.
    """

    title: str
    sentence: str


_COMPARISON: dict[str, tuple[Caption, Callable[[ComparisonFolder], HtmlTable]]] = {
    "forest": (
        Caption(
            "Differences from the baseline",
            "Each policy against the baseline, an outcome a panel. Below it: which side is better, "
            "if one is.",
        ),
        comparison_tables.differences,
    ),
    "fan_chart": (
        Caption(
            "Confirmed cases over time",
            "The course of confirmed imported cases under each policy, with bands that hold whole "
            "curves, and when and how high they peak.",
        ),
        comparison_tables.medians,
    ),
    "cost_plane": (
        Caption(
            "Cost against infections averted",
            "What each policy costs more than the baseline against the infections it averts. "
            "Below and to the right is better.",
        ),
        comparison_tables.cost_and_infections,
    ),
    "expected_loss": (
        Caption(
            "Expected loss, and how probably each policy is the best",
            "What choosing each policy is expected to lose, whatever an averted infection is "
            "worth: the lowest curve is the one to choose. Below, the share of the pairs in which "
            "each policy has the highest net benefit.",
        ),
        comparison_tables.decisions,
    ),
}

_RUN: dict[str, tuple[Caption, Callable[[RunFolder], HtmlTable]]] = {
    "imported": (
        Caption("Imported confirmed cases", "Day by day and in total, against article counts."),
        partial(run_tables.daily, series="imported_confirmed_cumulative"),
    ),
    "carriers": (
        Caption("Carriers", "People who tested positive and are not (yet) confirmed cases."),
        partial(run_tables.daily, series="imported_carriers_stock"),
    ),
    "capacity": (
        Caption("Load and capacity", "What the institutions carry, against what they can."),
        partial(run_tables.daily, series="hospital_occupancy"),
    ),
    "fates": (
        Caption("Fates", "What became of infected travellers, by the day they crossed."),
        partial(run_tables.outcomes, groups=(Group.FATES,)),
    ),
    "onsets": (
        Caption(
            "Cases by onset and by report",
            "Imported cases by the day they fell ill, beside the day they were confirmed.",
        ),
        partial(run_tables.daily, series="imported_confirmed_new"),
    ),
    "crossings": (
        Caption("Illegal crossings", "Crossings away from the ports, and what became of them."),
        partial(run_tables.outcomes, groups=(Group.CROSSINGS,)),
    ),
    "local_cases": (
        Caption("Infections of residents", "By day, by where they come from, and in wards."),
        partial(run_tables.outcomes, groups=(Group.RESIDENTS, Group.HOSPITAL_OUTBREAK)),
    ),
    "transmission_tree": (
        Caption(
            "Chains of infection",
            "Who infected whom behind the border, in one run near the median.",
        ),
        partial(run_tables.outcomes, groups=(Group.RESIDENTS,)),
    ),
    "costs": (
        Caption("Costs", "What the runs cost, part by part; unit costs are assumptions."),
        partial(run_tables.outcomes, groups=(Group.COSTS,)),
    ),
}

_SWEEP = {
    "lines": Caption(
        "Outcomes over the factor", "The difference from the world as its file says, at each level."
    ),
    "heat_map": Caption(
        "Outcomes over two factors",
        "The difference from the world as its file says, a cell a point. Blue is less, red more; "
        "hatched where the middle 90 % of the differences include zero.",
    ),
    "tornado": Caption(
        "What matters most", "How far each factor moves the outcome, the largest first."
    ),
}
_SWEEP["heat_maps"] = _SWEEP["heat_map"]

_DISCOVERY = Caption(
    "Under which conditions one policy does better",
    "Boxes of conditions: how many of the cases of interest each holds, against how many of those "
    "in it are of interest; and what the chosen one asks for.",
)


def caption_of(folder: Results, name: str) -> tuple[Caption, HtmlTable]:
    """Return what is said of the figure ``name``, and the table behind it."""
    if isinstance(folder, ComparisonFolder):
        if name in _COMPARISON:
            caption, table = _COMPARISON[name]
            return caption, table(folder)
        return _plain(name), comparison_tables.differences(folder)
    if isinstance(folder, RunFolder):
        if name in _RUN:
            caption, of_run = _RUN[name]
            return caption, of_run(folder)
        return _plain(name), run_tables.outcomes(folder)
    assert isinstance(folder, SweepFolder)
    return _of_sweep(folder, name)


def order_of(name: str) -> int:
    """Return the place of a figure among the others."""
    known = [*_COMPARISON, *_RUN]
    return known.index(name) if name in known else len(known)


def _plain(name: str) -> Caption:
    text = words(name)
    return Caption(f"{text[:1].upper()}{text[1:]}", "As the command drew it.")


def _of_sweep(folder: SweepFolder, name: str) -> tuple[Caption, HtmlTable]:
    """Return what is said of a figure such as ``tornado_cost_cny`` or ``heat_map_baseline``."""
    if name == "discovery" and folder.boxes is not None:
        return _DISCOVERY, sweep_tables.boxes(folder)
    outcomes = shown_outcomes(folder)
    kind = next((kind for kind in sorted(_SWEEP, key=len)[::-1] if name.startswith(kind)), "")
    caption = _SWEEP[kind] if kind else _plain(name)
    rest = name.removeprefix(kind).strip("_")
    about = [of for of in OUTCOMES if rest == of or rest.startswith(f"{of}_")]
    of = max(about, key=len, default="")
    policy = rest.removeprefix(of).strip("_")
    title = caption.title + (f": {title_of_outcome(of)}" if of else "")
    title += f", {words(policy)}" if kind and policy else ""
    shown = [of] if of in outcomes else outcomes
    return Caption(title, caption.sentence), sweep_tables.points(folder, shown)
