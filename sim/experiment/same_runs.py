"""Policies that have different names and the same runs: comparing them says nothing."""

from collections.abc import Iterator, Sequence

from sim.experiment.campaign import Campaign, Variant


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
    keys = Campaign.keys_of(variants)
    each = len(variants) // len(names)
    first: dict[str, str] = {}
    for number, name in enumerate(names):
        runs = str(keys[number * each : (number + 1) * each])
        other = first.setdefault(runs, name)
        if other != name:
            yield (
                f"{name} describes the same world as {other}{where}: "
                "all differences between them are 0"
            )
