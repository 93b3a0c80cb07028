"""Starsim with as many agents, over as many days: a yardstick of scale."""

from typing import Any

from sim.scenario.schema import Scenario

_INFECTED_AT_FIRST = 350


def run_starsim_sir(scenario: Scenario, seed: int) -> Any:
    """Run Starsim's SIR on its random network, with agents as many as the pool has people."""
    import starsim as ss

    pool = scenario.travellers.pool
    simulation = ss.Sim(
        n_agents=pool,
        diseases=ss.SIR(init_prev=_INFECTED_AT_FIRST / pool),
        networks=ss.RandomNet(),
        start=ss.days(0),
        dur=ss.days(scenario.calendar.days),
        dt=ss.days(1),
        rand_seed=seed,
        verbose=0,
    )
    simulation.run()
    return simulation
