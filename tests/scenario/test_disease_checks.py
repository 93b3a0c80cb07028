"""What is refused in a disease although its fields are valid one by one."""

from typing import Any

import pytest
from random_scenarios import a_world
from towns import disease

from sim.scenario.checks import check_scenario
from sim.scenario.schema import Scenario


def findings(**changes: Any) -> list[str]:
    scenario = Scenario.model_validate(a_world(**changes))
    return [".".join(map(str, finding.loc)) for finding in check_scenario(scenario)]


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_without_symptoms_lies_between_nought_and_one(share: float):
    assert findings(disease=disease(asymptomatic_share=share)) == ["disease.asymptomatic_share"]
    assert findings(disease=disease(asymptomatic_share=0.5)) == []


def test_nobody_is_less_infectious_than_not_at_all():
    world = {"disease": disease(asymptomatic_infectiousness=-0.5)}
    assert findings(**world) == ["disease.asymptomatic_infectiousness"]


def test_infection_over_the_whole_course_needs_its_end():
    cohort = {"kind": "cohort", "timing": {"kind": "course", "multiple": 1.1}}
    severe = {"kind": "exponential", "mean": "3 d"}
    assert findings(source=cohort) == ["source.timing.until"]
    assert findings(source=cohort, disease=disease(onset_to_severe=severe)) == []
