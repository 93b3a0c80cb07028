"""Long labels of every alphabet break into lines inside their panels."""

import functools

import pytest
from drawn import check_apart, check_whole, said
from matplotlib.figure import Figure
from shipped import ROOT

from calibration.targets_file import read_targets
from sim import load_scenario, run
from sim.experiment.paired_outcomes import PairedOutcomes
from sim.experiment.replicates import Replicates
from sim.experiment.tables import outcomes_table
from sim.view.calibration.fit_to_counts import draw_fit
from sim.view.figures import draw_all
from sim.view.labels import balanced, columns, shortened, wrapped
from sim.view.policies.forest import draw_forest

# Layout is tested, also where no font has Chinese; test_style.py has what the program says then.
pytestmark = pytest.mark.filterwarnings("ignore:Glyph .* missing")

LONG = (
    "A very long label of a north town that someone pasted from a statistical register of "
    "administrative units of the second order, including the district, the sub-district, the "
    "village committee and a remark on its spelling in 1958"
)
LABELS = {
    "words": LONG,
    "one word": "Taumatawhakatangihangakoauauotamateaturipukakapikimaungahoronuku" * 3,
    "Chinese": "黑龙江省绥芬河市口岸隔离点" * 8,
    "Cyrillic": "Муниципальное образование Приморского края " * 4,
}


@functools.cache
def figures_of(label: str) -> dict[str, Figure]:
    places = ("harbour_city", "hub", "uplands", "north_town")
    settings = [f"places.{place}.label={LABELS[label].strip()!r}" for place in places]
    scenario = load_scenario(ROOT / "scenarios" / "two_ports.yaml", settings)
    return draw_all(run(scenario, replicates=2, seed=1, ensemble="none"), [])


@pytest.mark.parametrize(
    "label",
    [
        "words",
        *(pytest.param(label, marks=pytest.mark.thorough) for label in LABELS if label != "words"),
    ],
)
def test_no_text_of_a_run_lies_outside_its_figure(label):
    for fig in figures_of(label).values():
        check_whole(fig)
        check_apart(fig)


@pytest.mark.parametrize("label", ["words", "Chinese"])
def test_no_text_of_a_fit_lies_outside_its_figure(label):
    places = ("heilongjiang", "suifenhe")
    settings = [f"places.{place}.label={LABELS[label]!r}" for place in places]
    scenario = load_scenario(ROOT / "scenarios" / "baseline.yaml", settings)
    fig = draw_fit(
        run(scenario, replicates=2, seed=1, ensemble="none"),
        read_targets(ROOT / "calibration" / "targets.yaml"),
    )
    check_whole(fig)


def test_the_longest_names_of_scenarios_are_whole_beside_their_differences():
    def named(name: str, *settings: str) -> Replicates:
        path = ROOT / "scenarios" / "two_ports.yaml"
        scenario = load_scenario(path, [f"name={name}", *settings])
        return run(scenario, replicates=2, seed=1, ensemble="none")

    names = ["closure_of_the_north_town_port_earlier_a", "closure_of_the_north_town_port_earlier_b"]
    both = [named(names[0]), named(names[1], "policies.quarantine_stay=1 d")]
    fig = draw_forest(PairedOutcomes(names, [outcomes_table(of) for of in both]))
    check_whole(fig)
    check_apart(fig)
    for name in names:
        assert name.replace("_", " ") in said(fig)


def test_a_wide_letter_takes_two_columns():
    assert columns("边境ab") == 6
    assert wrapped("边境口岸", 4) == ["边境", "口岸"]
    assert wrapped("边境口岸边境口岸", 5) == ["边境", "口岸"] * 2
    assert wrapped("the border 边境", 10) == ["the border", "边境"]
    assert balanced("边境口岸 边境口岸", 12) == "边境口岸\n边境口岸"


def test_what_is_shortened_keeps_its_beginning():
    assert shortened("one two three", 20) == "one two three"
    assert shortened("one two three", 10) == "one two …"
    assert shortened("边境口岸边境口岸", 9) == "边境口 …"
    assert shortened("Donaudampfschifffahrt", 10) == "Donaudam …"
