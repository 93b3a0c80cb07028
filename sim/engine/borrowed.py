"""Arrays without reference counts: compiled rules pass the world on a million times a run."""

import numba
import numpy as np
from numba import types

from sim.engine.compiled import compiled
from sim.engine.records import dtype_of
from sim.engine import state
from sim.engine.state import World

RUN, PEOPLE, ENTRIES, LISTS = (dtype_of(k) for k in (state.Run, state.Person, state.Entry, state.List))
LEGS, VEHICLES, TOWNS, PORTS, SITES, HOSPITALS = (dtype_of(k) for k in (state.Leg, state.Vehicle, state.Town, state.Port, state.Site, state.Hospital))
STRETCHES, COMMUNITIES, WARDS, ASSAYS = (dtype_of(k) for k in (state.Stretch, state.Community, state.Ward, state.Assay))
SWABS, DAYS, FORCE = (dtype_of(k) for k in (state.SwabTime, state.Day, state.InForce))
U64, I64, I32, F64 = (np.dtype(t) for t in (np.uint64, np.int64, np.int32, np.float64))

@numba.njit(types.voidptr(types.voidptr))
def at(pointer):
    return pointer

@compiled
def borrowed(w: World) -> World:
    return World(
        numba.carray(at(w.run.ctypes), w.run.shape, RUN),
        numba.carray(at(w.people.ctypes), w.people.shape, PEOPLE),
        numba.carray(at(w.entries.ctypes), w.entries.shape, ENTRIES),
        numba.carray(at(w.agendas.ctypes), w.agendas.shape, LISTS),
        numba.carray(at(w.legs.ctypes), w.legs.shape, LEGS),
        numba.carray(at(w.vehicles.ctypes), w.vehicles.shape, VEHICLES),
        numba.carray(at(w.towns.ctypes), w.towns.shape, TOWNS),
        numba.carray(at(w.ports.ctypes), w.ports.shape, PORTS),
        numba.carray(at(w.sites.ctypes), w.sites.shape, SITES),
        numba.carray(at(w.hospitals.ctypes), w.hospitals.shape, HOSPITALS),
        numba.carray(at(w.stretches.ctypes), w.stretches.shape, STRETCHES),
        numba.carray(at(w.communities.ctypes), w.communities.shape, COMMUNITIES),
        numba.carray(at(w.wards.ctypes), w.wards.shape, WARDS),
        numba.carray(at(w.assays.ctypes), w.assays.shape, ASSAYS),
        numba.carray(at(w.swab_times.ctypes), w.swab_times.shape, SWABS),
        numba.carray(at(w.days.ctypes), w.days.shape, DAYS),
        numba.carray(at(w.in_force.ctypes), w.in_force.shape, FORCE),
        numba.carray(at(w.seeds.ctypes), w.seeds.shape, U64),
        numba.carray(at(w.way.ctypes), w.way.shape, I64),
        numba.carray(at(w.rides.ctypes), w.rides.shape, I32),
        numba.carray(at(w.rows.ctypes), w.rows.shape, I64),
        numba.carray(at(w.flows.ctypes), w.flows.shape, I64),
        numba.carray(at(w.tables.ctypes), w.tables.shape, F64),
        numba.carray(at(w.source.ctypes), w.source.shape, F64),
        numba.carray(at(w.frailty.ctypes), w.frailty.shape, F64),
    )
