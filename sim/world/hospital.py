"""A hospital: beds for people who tested positive."""

from sim.world.codes import NONE
from sim.world.compiled import compiled
from sim.world.event_counts import count
from sim.world.institution import Institution
from sim.world.state import World
from sim.world.surveillance import Flow


@compiled
def admit(world: World, i: int, time: float) -> None:
    """Give a person a bed in the first hospital that has one; without one they stay in place."""
    person, day = world.people[i], world.run[0].day
    for number in range(len(world.hospitals)):
        hospital = world.hospitals[number]
        beds: float = world.in_force[hospital.unit, day].beds
        if hospital.occupied + 1 <= beds:
            hospital.occupied += 1
            person.hospital, person.location = number, hospital.location
            count(world, Flow.HOSPITAL_IN, hospital.location, time)
            return


@compiled
def discharge(world: World, i: int, time: float) -> None:
    """Take back the bed of a person, if they have one."""
    person = world.people[i]
    if person.hospital != NONE:
        hospital = world.hospitals[person.hospital]
        hospital.occupied -= 1
        count(world, Flow.HOSPITAL_OUT, hospital.location, time)


class HospitalWard(Institution):
    """Isolates carriers and confirmed cases while it has beds."""

    table = "hospitals"

    @property
    def occupied(self) -> int:
        """How many beds are taken."""
        return int(self.record.occupied)
