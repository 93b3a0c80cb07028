"""From a scenario to the records of a world."""
