"""What scenarios, places, series and runs are called in figures."""

import textwrap
from collections.abc import Sequence

import numpy as np

from sim.experiment.replicates import Replicates
from sim.scenario.schema import Scenario
from sim.view.labels import balanced
from sim.world.draws import IntArray

SPACE = "\N{NO-BREAK SPACE}"
_LINE, _LABEL = 27, 48
"""Characters in a line of a policy's label, and in all of it."""


def words(name: str) -> str:
    """Return a name of a file, such as that of a policy or a series, as words."""
    return name.replace("_", " ")


def sentence_name(name: str) -> str:
    """Return the name of a policy as words at the beginning of a sentence."""
    return with_capital(words(name))


def with_capital(text: str) -> str:
    """Return a text as the beginning of a sentence."""
    return f"{text[:1].upper()}{text[1:]}"


def inside_sentence(text: str) -> str:
    """Return a text that begins a sentence as it stands inside of one."""
    return f"{text[:1].lower()}{text[1:]}"


def listed(texts: Sequence[str]) -> str:
    """Return texts as a list in a sentence, such as a, b and c."""
    *most, last = texts
    return f"{', '.join(most)} and {last}" if most else last


def count(number: int, one: str, many: str = "") -> str:
    """Return a number of things, such as 1 pair or 20 pairs."""
    return f"{number:,}{SPACE}{one if number == 1 else many or f'{one}s'}"


def only_in(known: int, of: int, one: str = "run") -> str:
    """Return in how many runs there is a value, empty if there is one in all."""
    return f"in {known:,} of {count(of, one)}" if known < of else ""


def percent(share: float) -> str:
    """Return a share in per cent, never all or nothing if it is not."""
    shown = round(100 * share)
    if shown == 0 and share > 0:
        return f"less than 1{SPACE}%"
    if shown == 100 and share < 1:
        return f"more than 99{SPACE}%"
    return f"{shown}{SPACE}%"


def policy_label(name: str) -> str:
    """Return the name of a policy in short lines, for the left of a row."""
    return balanced(textwrap.shorten(words(name), _LABEL, placeholder=" …"), _LINE)


_WORDS = {
    "imported_confirmed_new": "new confirmed cases",
    "imported_confirmed_cumulative": "confirmed cases so far",
    "imported_confirmed_active": "cases still in hospital",
    "imported_carriers_stock": "carriers under observation",
    "imported_first_positives": "first positive tests a day",
    "entrants_cumulative": "entrants so far",
    "entrants_infected_cumulative": "infected entrants so far",
    "local_confirmed_active": "local cases still in hospital",
    "local_confirmed_cumulative": "confirmed local cases so far",
}


def series_words(series: str) -> str:
    """Return a series in words, its own name with blanks where it has no others."""
    return _WORDS.get(series, words(series))


def count_of_runs(runs: int) -> str:
    """Return a number of runs in words."""
    return "one run" if runs == 1 else f"{runs:,} runs"


def runs_note(replicates: Replicates) -> str:
    """Return which scenario was run, and how often."""
    return f"Scenario: {words(replicates.scenario.name)}; {count_of_runs(len(replicates.results))}."


def label_of(scenario: Scenario, place: str) -> str:
    """Return the label of a place."""
    return scenario.places[place].label


def label_in(scenario: Scenario, name: str) -> str:
    """Return what a place, port, leg or anything else with a name is called in words."""
    if name in scenario.places:
        return label_of(scenario, name)
    if name in scenario.ports:
        place = scenario.ports[name].place
        alone = sum(port.place == place for port in scenario.ports.values()) == 1
        return f"{label_of(scenario, place)} port" if alone else words(name)
    if name in scenario.legs:
        leg = scenario.legs[name]
        return f"{label_in(scenario, leg.start)} to {label_in(scenario, leg.end)}"
    # The name of a site or hospital often begins with that of its town.
    parts = name.split("_")
    return " ".join(label_of(scenario, p) if p in scenario.places else p for p in parts)


def top_level(scenario: Scenario) -> list[str]:
    """Return the places that are part of no other."""
    return [name for name, place in scenario.places.items() if place.part_of is None]


def region_of(scenario: Scenario, place: str) -> str:
    """Return the top-level place that ``place`` is or is part of."""
    above = scenario.places[place].part_of
    return place if above is None else region_of(scenario, above)


def behind_the_border(scenario: Scenario) -> str:
    """Return what the top-level places of the ports are called together."""
    regions = dict.fromkeys(region_of(scenario, port.place) for port in scenario.ports.values())
    labels = [label_of(scenario, region) for region in regions]
    return " and ".join(labels) if len(labels) <= 2 else f"{len(labels)} regions"


def total(replicates: Replicates, series: str) -> IntArray:
    """Return a series summed over all top-level places, shape (runs, days)."""
    of_places = [replicates.series(series, place) for place in top_level(replicates.scenario)]
    summed: IntArray = np.sum(of_places, axis=0, dtype=np.int64)
    return summed
