"""What of the travellers depends on nobody else, and worlds in which nothing feeds back on them."""

from typing import Any

TRAVELLERS_OWN = (
    "set_out_at",
    "infected_at",
    "infector",
    "crossed_at",
    "quarantined_at",
    "first_positive_at",
    "confirmed_at",
    "closed_at",
    "released_at",
)


def without_feedback(world: dict[str, Any]) -> dict[str, Any]:
    """Return a world in which nothing that is shared is scarce, nobody crosses illegally, and
    towns do not test travellers who are back in the community."""
    feeds_back = ("laboratory_capacity", "hospital_beds", "symptomatic_testing", "contact_tracing")
    of_the_border = ("patrols", "sensors", "rewards", "reward_budget", "fine", "detention")
    policies = world["policies"].items()
    kept = {lever: p for lever, p in policies if lever not in (*feeds_back, *of_the_border)}
    return {name: part for name, part in world.items() if name != "border"} | {"policies": kept}
