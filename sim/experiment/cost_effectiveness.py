"""What a scenario costs more than a reference, and which infections it averts for that."""

from dataclasses import dataclass

from sim.experiment.pairs import half_width, paired_differences
from sim.experiment.replicates import Replicates
from sim.world.draws import FloatArray


@dataclass(frozen=True)
class CostEffectiveness:
    """A scenario against a reference, run by run with the same seed.

    Attributes:
        extra_cost: CNY more than the reference, shape (pairs,).
        averted: community infections fewer than in the reference, shape (pairs,).
    """

    extra_cost: FloatArray
    averted: FloatArray

    @property
    def cost_per_averted(self) -> float:
        """CNY per infection averted, from the totals of all pairs; nan where none is averted.

        Negative where the scenario is cheaper than the reference as well.
        """
        averted = float(self.averted.sum())
        return float(self.extra_cost.sum()) / averted if averted > 0 else float("nan")

    @property
    def certain(self) -> bool:
        """Whether the 95 % confidence interval of the mean infections averted leaves out zero."""
        return bool(len(self.averted)) and abs(self.averted.mean()) > half_width(self.averted)


def cost_effectiveness(changed: Replicates, reference: Replicates) -> CostEffectiveness:
    """Return what ``changed`` costs and averts against ``reference``, for the seeds of both."""
    return CostEffectiveness(
        paired_differences(changed, reference, "cost_cny"),
        -paired_differences(changed, reference, "community_infections"),
    )
