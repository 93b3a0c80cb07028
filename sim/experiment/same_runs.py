"""Policies that have different names and the same runs: comparing them says nothing."""

from collections.abc import Iterator, Sequence

from sim.experiment.campaign import Campaign, Variant
from sim.experiment.parameters import world_digest


def same_policies(policies: Sequence[Variant]) -> Iterator[str]:
    """Yield a sentence for every policy of a comparison that has the runs of one before it."""
    return same_runs([policy.name for policy in policies], policies)


def same_runs(names: Sequence[str], variants: Sequence[Variant], where: str = "") -> Iterator[str]:
    """Yield a sentence for every policy that has the runs of one before it.

    Args:
        names: of the policies.
        variants: their worlds and runs: as many for each policy, those of the first one first.
        where: what the worlds are of, such as ``at every point``.
    """
    each = len(variants) // len(names)
    runs_of = [variants[each * number : each * (number + 1)] for number in range(len(names))]
    # Most policies differ in their first world: the others are looked at only if they do not.
    begins = [world_digest(variant.scenario) for variant in variants[::each]]
    for number, name in enumerate(names):
        for before, other in enumerate(names[:number]):
            if begins[before] == begins[number] and all(
                map(_are_the_same, runs_of[before], runs_of[number])
            ):
                yield (
                    f"{name} describes the same world as {other}{where}: "
                    "all differences between them are 0"
                )
                break


def _are_the_same(one: Variant, other: Variant) -> bool:
    return Campaign.keys_of([one]) == Campaign.keys_of([other])
