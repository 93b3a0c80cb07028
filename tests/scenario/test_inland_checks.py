"""What the checks say about towns, the border, the hospital outbreak, rewards and costs."""

import pytest
from shipped import BASELINE

from sim.scenario.loader import load_scenario
from sim.scenario.reading.errors import ScenarioError

TOWN = "residents.harbin"
HILLS = "border.stretches.suifenhe_hills"


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        (f"{TOWN}.household_sizes=[0.5, 0.4]", "the shares do not add up to 1"),
        (f"{TOWN}.infected_at_start=300000", "more people are infected than there are"),
        (f"{TOWN}.people=0", "people"),
        (f"{TOWN}.household_hazard_per_day=-1", "household_hazard_per_day"),
        ("residents.moskow={people: 5}", "did you mean 'moscow'"),
        ("policies.lockdown.moscow=0.5", "town with residents"),
        ("policies.patrols.hills=3", "stretch of border"),
        ("policies.patrols.suifenhe_hills=-3", "patrols"),
        ("policies.sensors.suifenhe_hills=1.2", "sensors"),
        (f"{HILLS}.start=moscow", "nobody can be stranded there"),
        (f"{HILLS}.end=harbin", "town behind a port"),
        (f"{HILLS}.area_km2=0", "area_km2"),
        ("border.crossers.temperature=0 CNY", "temperature"),
        ("border.crossers.trip_cost=3000", "money needs a number and the currency"),
        ("border.crossers.trip_cost=3000 RUB", "money needs a number and the currency"),
        ("policies.fine=-5 CNY", "fine"),
        ("policies.reward_budget=much", "money needs a number and the currency"),
        (
            "policies.rewards=[{from: 2020-04-13, report: 3 CNY, capture: 5 CNY, "
            "announced: 2020-04-14}]",
            "the reward is announced after it begins",
        ),
        (
            "policies.rewards=[{from: 2020-04-13, report: 3 CNY, capture: 5 CNY}, "
            "{from: 2020-04-20, report: 3 CNY, capture: 5 CNY}]",
            "overlaps",
        ),
        ("hospital_outbreak.town=suifenhee", "did you mean 'suifenhe'"),
        ("hospital_outbreak.arrives=2019-03-19", "lies outside the calendar"),
        ("hospital_outbreak.admitted_after=0 d", "allowed: > 0"),
        ("costs=china_2021", "did you mean 'china_2020'"),
        ("costs={test: 5 CNY, tset: 3 CNY}", "tset"),
    ],
)
def test_a_mistake_is_named(setting: str, said: str):
    with pytest.raises(ScenarioError) as error:
        load_scenario(BASELINE, [setting])
    assert said in str(error.value)


def test_unit_costs_may_stand_in_the_file():
    costs = load_scenario(BASELINE, ["costs={test: 55.5 CNY}"]).costs
    assert (costs.test, costs.hospital_day) == (55.5, 0.0)
