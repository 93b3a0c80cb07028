"""Travellers of a user, in a module that worker processes can import."""

from sim import Decision, Traveller

PATIENCE = 2.0


class Stubborn(Traveller):
    """Never gives up."""

    def decide(self):
        return Decision.WAIT


class Hasty(Traveller):
    """Gives up soon."""

    def decide(self):
        return Decision.GIVE_UP if self.days_stranded > PATIENCE else Decision.WAIT
