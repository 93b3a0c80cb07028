"""The office that pays informants, as long as its money lasts."""

from sim.world.agenda import due_today, plan
from sim.world.codes import NONE, CaughtBy, Due
from sim.world.compiled import compiled, entry
from sim.world.event_counts import book
from sim.world.institution import Institution
from sim.world.lists import pop
from sim.world.state import World
from sim.world.surveillance import Flow


@compiled
def offer_report(world: World, day: int) -> float:
    """Return the reward for a report in CNY; 0 when money has run out."""
    return _affordable(world, world.days[day].report)


@compiled
def offer_capture(world: World, day: int) -> float:
    """Return the reward for a capture in CNY; 0 when money has run out."""
    return _affordable(world, world.days[day].capture)


@compiled
def _affordable(world: World, reward: float) -> float:
    run = world.run[0]
    return reward if reward <= run.reward_budget - run.promised else 0.0


@compiled
def promise(world: World, i: int, time: float) -> None:
    """Promise the reward for person ``i``, whom residents caught at ``time``."""
    run, person = world.run[0], world.people[i]
    day = min(int(time), run.days - 1)
    if person.caught_by == CaughtBy.CAPTURE:
        amount = int(offer_capture(world, day))
    else:
        amount = int(offer_report(world, day))
    if amount > 0:
        run.promised += amount
        person.reward = amount
        plan(world, Due.REWARD, i, time + run.payout_delay, 0, 0)


@entry
def step_rewards(world: World) -> None:
    """Pay what is due today."""
    due = due_today(world, Due.REWARD)
    while due.first != NONE:
        i, time = pop(world, due)
        person = world.people[i]
        book(world, Flow.REWARDS_CNY, person.crossed_in, time, person.reward)


class RewardOffice(Institution):
    """Promises and pays rewards for reports and captures."""

    @property
    def promised(self) -> int:
        """Rewards promised so far, in CNY."""
        return int(self.record.promised)

    def step(self) -> None:
        """Pay what is due today."""
        step_rewards(self.world)
