"""Imported by the process that worker processes are copies of: brings the model into memory."""

from contextlib import suppress

import sim.experiment.campaign  # noqa: F401
from sim.world.code_cache import is_finished
from sim.world.compilation import load_rules

# What is wrong with the code, or missing, is said where it is run.
with suppress(Exception):
    if is_finished():
        load_rules()
