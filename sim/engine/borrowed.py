"""Arrays without reference counts: compiled rules pass the world on a million times a run."""

import numba
import numpy as np
from numba import types
from numba.experimental import structref

from sim.engine.compiled import compiled
from sim.engine.records import dtype_of
from sim.engine import state
from sim.engine.state import World

@structref.register
class WorldType(types.StructRef):
    def preprocess_fields(self, fields):
        return tuple((name, types.unliteral(typ)) for name, typ in fields)

class WorldRef(structref.StructRefProxy):
    pass

structref.define_proxy(WorldRef, WorldType, list(World._fields))

@compiled
def borrowed(w: World):
    return WorldRef(w.run, w.people, w.entries, w.agendas, w.legs, w.vehicles, w.towns, w.ports, w.sites, w.hospitals,
        w.stretches, w.communities, w.wards, w.assays, w.swab_times, w.days, w.in_force, w.seeds, w.way, w.rides, w.rows, w.flows,
        w.tables, w.source, w.frailty)
