"""Names that have changed are refused with the new ones."""

import pytest

from sim.experiment.outcome_registry import OUTCOMES
from sim.experiment.parameters import with_parameters
from sim.scenario.former_names import FORMER_NAMES
from sim.scenario.loader import load_scenario
from sim.scenario.reading.errors import ScenarioError, closest
from sim.shipped import shipped_scenarios

BASELINE = shipped_scenarios() / "baseline.yaml"


@pytest.mark.parametrize(
    ("setting", "new"),
    [
        ("policies.exit_test={moscow_vladivostok: 2 d}", "pre_departure_test"),
        ("travellers.party_size={mean: 3}", "travel_group_size"),
        ("source.party_dispersion=0.5", "travel_group_dispersion"),
        ("quarantine.facility.kept_by=0.5", "adherence"),
        ("costs.exit_test=200 CNY", "pre_departure_test"),
    ],
)
def test_a_former_field_is_refused_with_its_name_today(setting, new):
    with pytest.raises(ScenarioError) as caught:
        load_scenario(BASELINE, [setting])
    (problem,) = caught.value.problems
    assert problem.message == f"this field is now called '{new}'"


def test_a_former_parameter_of_an_ensemble_is_refused_with_its_name_today():
    with pytest.raises(KeyError, match="now called 'travel_group_dispersion'"):
        with_parameters(load_scenario(BASELINE), {"source.party_dispersion": 0.5})


def test_a_former_outcome_is_taken_for_the_one_it_is_now():
    names = [new for old, new in FORMER_NAMES.items() if new in OUTCOMES]
    assert len(names) == 5
    for old, new in FORMER_NAMES.items():
        assert old not in OUTCOMES
        if new in OUTCOMES:
            assert closest(old, OUTCOMES) == new
