"""``python -m docs.studies``: run the published studies and put the numbers into their page.

Not part of the checks, because it takes a minute; the tests assert the same numbers.
"""

import sys
from pathlib import Path

import numpy as np
from scipy import stats

from docs.blocks.markdown import code, table
from docs.blocks.marked import write_pages
from sim.experiment.replicates import run
from sim.scenario.loader import load_scenario
from sim.scenario.schema import Scenario
from sim.shipped import shipped_scenarios
from sim.world.model import BorderModel
from sim.world.outcomes import outcomes_of

MANY = 200_000

QUILTY = {
    "as published: exit and entry screening, 12 h flight": ((), 46.5),
    "exit screening only": (("policies.entry_screening={}",), 55.0),
    "entry screening only": (("policies.exit_screening={}",), 52.4),
    "flight of 1 h": (("legs.flight.duration=1 h",), 49.0),
    "flight of 6 h": (("legs.flight.duration=6 h",), 47.9),
}
"""Variants and the reference values of the tests, in percent."""

ASHCROFT = [(10, "[]", 0, 99.9), (7, "[5 d]", 5, 98.5), (6, "[6 d]", 4, 97.8)]
ASHCROFT += [(0, "[0 d]", 10, 35.2), (2, "[0 d]", 10, 54.1)]
"""Stay, tests, days of isolation after a positive test, efficacy in percent."""

LAUER = {7: 2120.0, 14: 101.0, 21: 9.5, 28: 1.4}
"""Days of monitoring, and missed of 10,000."""


def quilty_block() -> str:
    """Return the share of infected travellers that screening misses, large numbers and batches."""
    rows = []
    for name, (settings, reference) in QUILTY.items():
        model = _finished(_study("quilty_2020", 2 * MANY, *settings))
        share = 100 * outcomes_of(model)["undetected_share"]
        rows.append([name, f"{reference:.1f} %", f"{share:.1f} %"])
    batches = run(load_scenario(_path("quilty_2020")), replicates=500).outcome("undetected_share")
    low, middle, high = 100 * np.quantile(batches, [0.025, 0.5, 0.975])
    rows.append(
        [
            "500 batches of about 100: median (2.5 % to 97.5 %)",
            "46 % (36 to 58)",
            f"{middle:.0f} % ({low:.0f} to {high:.0f})",
        ]
    )
    return table(["Quilty et al. 2020: undetected", "reference", "simulated"], rows)


def ashcroft_block() -> str:
    """Return the share of infectiousness after arrival that quarantine prevents."""
    rows = []
    for stay, tests, isolated, reference in ASHCROFT:
        settings = [
            f"policies.quarantine_stay={stay} d",
            f"policies.quarantine_tests={tests}",
            f"registers.carrier_observation={isolated} d",
        ]
        model = _finished(_study("ashcroft_2021", MANY, *settings))
        rows.append(
            [
                f"{stay} d",
                code(tests),
                f"{isolated} d",
                f"{reference:.1f} %",
                f"{100 * share_prevented(model):.1f} %",
            ]
        )
    head = ["stay", "tests", "isolated after a positive", "reference", "simulated"]
    return table(head, rows)


def lauer_block() -> str:
    """Return how many symptomatic infections have their onset after monitoring has ended."""
    z = stats.norm.ppf((np.arange(400) + 0.5) / 400)
    mu = 1.621 + (1.755 - 1.504) / 3.92 * z[:, None]
    sigma = 0.418 + (0.542 - 0.271) / 3.92 * z
    rows = []
    for days, reference in LAUER.items():
        missed = 1e4 * stats.norm.sf((np.log(days) - mu) / sigma).mean()
        rows.append([f"{days} d", f"{reference:,.4g}", f"{missed:,.4g}", _simulated_missed(days)])
    head = ["monitoring", "published", "closed form, uncertain parameters"]
    return table([*head, "simulated, parameters fixed (closed form)"], rows)


def _simulated_missed(days: int) -> str:
    model = _finished(
        _study(
            "quilty_2020",
            MANY,
            "calendar.end=2020-02-20",
            "source.timing={kind: uniform, earliest: 0 d}",
            "legs.flight.duration=0 h",
            "disease=covid19_2020",
            "disease={name: Lauer, asymptomatic_share: 0, "
            "incubation: {kind: lognormal, mu: 1.621, sigma: 0.418}, "
            "infectiousness: {since: onset, "
            "profile: {kind: gamma, shape: 97.1875, rate: 3.71875, shift: -25.625 d}}}",
            f"policies={{quarantine_stay: {days} d}}",
        )
    )
    simulated = 1e4 * outcomes_of(model)["undetected_share"]
    expected = 1e4 * stats.norm.sf((np.log(days) - 1.621) / 0.418)
    return f"{simulated:,.1f} ({expected:,.1f})"


def share_prevented(model: BorderModel) -> float:
    """Return the share of infectiousness after entry that falls before release.

    Averaged over the whole days from exposure to entry, as Ashcroft et al. 2021 do.
    """
    people = model.people
    rows, forever = np.arange(people.size), np.full(people.size, np.inf)
    after_entry = model.course.infectious_share(people, rows, people.crossed_at, forever)
    after_release = model.course.infectious_share(people, rows, people.released_at, forever)
    exposed = np.round(people.crossed_at - people.infected_at)
    prevented = [
        1 - after_release[exposed == day].sum() / after_entry[exposed == day].sum()
        for day in range(8)
    ]
    return float(np.mean(prevented))


def _path(name: str) -> Path:
    return shipped_scenarios() / "studies" / f"{name}.yaml"


def _study(name: str, people: int, *settings: str) -> Scenario:
    size = (f"travellers.demand.people={people}", f"travellers.pool={people}")
    return load_scenario(_path(name), [*size, *settings])


def _finished(scenario: Scenario) -> BorderModel:
    model = BorderModel(scenario, seed=1)
    while model.running:
        model.step()
    return model


def main() -> int:
    """Fill the page and return the exit code."""
    write_pages(
        "studies", {"quilty": quilty_block, "ashcroft": ashcroft_block, "lauer": lauer_block}
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
