"""Cost per infection averted: a ratio, and no number where no infection is averted."""

import numpy as np

from sim.experiment.cost_effectiveness import CostEffectiveness


def test_cost_effectiveness_by_hand():
    against = CostEffectiveness(np.array([100.0, 300.0]), np.array([1.0, 3.0]))
    assert against.cost_per_averted == 100
    assert not against.certain
    none = CostEffectiveness(np.array([100.0, 300.0]), np.array([1.0, -1.0]))
    assert np.isnan(none.cost_per_averted)
    nothing = CostEffectiveness(np.zeros(0), np.zeros(0))
    assert np.isnan(nothing.cost_per_averted)
    assert not nothing.certain
