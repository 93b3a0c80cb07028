"""What a sweep varies without any effect."""

from collections.abc import Iterator, Sequence

from sim.experiment.sweep.points import Factor, Point
from sim.scenario.reading.errors import Loc
from sim.scenario.reading.validation import Finding
from sim.scenario.schema import Scenario
from sim.scenario.without_effect.said import Said


class SettingsTried:
    """Collects over all policies and points which settings of which levels have no effect."""

    def __init__(self) -> None:
        self._reasons: dict[tuple[Loc, str], str] = {}
        self._with_effect = set[tuple[Loc, str]]()

    def add(self, point: Point, without_effect: Sequence[Said]) -> None:
        """Note what the settings of a point do in the world of one policy."""
        for level in point.levels:
            for path in level.settings:
                of_path = [one for one in without_effect if one.lies_in(path)]
                if of_path:
                    self._reasons.setdefault((level.loc, path), of_path[0].finding.message)
                else:
                    self._with_effect.add((level.loc, path))

    def findings(self) -> Iterator[Finding]:
        """Yield a finding for every setting that has no effect anywhere."""
        for (loc, path), reason in self._reasons.items():
            if (loc, path) not in self._with_effect:
                yield Finding(loc, f"{path} has no effect in any policy or point: {reason}")


def equal_levels(
    factors: Sequence[Factor], points: Sequence[Point], worlds: Sequence[Sequence[Scenario]]
) -> Iterator[Finding]:
    """Yield a finding for every factor whose levels all say the same.

    Args:
        factors: what is varied.
        points: the points of a grid.
        worlds: the worlds at the points, ``worlds[policy][point]``.
    """
    for number, factor in enumerate(factors):
        if len(factor.levels) < 2:
            continue
        first: dict[tuple[str, ...], int] = {}
        same = True
        for index, point in enumerate(points):
            others = tuple(level.label for n, level in enumerate(point.levels) if n != number)
            like = first.setdefault(others, index)
            same = same and all(of_policy[like] == of_policy[index] for of_policy in worlds)
        if same:
            yield Finding(("factors", factor.name), "the scenario is the same at all of its levels")
