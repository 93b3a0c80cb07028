"""Laws that hold in every world, checked on random ones."""

from hypothesis import HealthCheck, given, settings
from laws import LAWS, run_under_daily_laws
from random_scenarios import scenario_of, seeds, worlds

in_every_world = settings(
    max_examples=100, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@given(worlds(), seeds)
@in_every_world
def test_every_law_holds_in_a_hand_written_world(world, seed):
    model = run_under_daily_laws(scenario_of(world), seed)
    for check in LAWS:
        check(model)
