"""Compare the world of records with the vectorised one, person by person.

    python oracle.py baseline --seeds 20
"""
import argparse, glob, sys, time, importlib, types
import numpy as np
from sim.scenario.loader import read_scenario
from sim.world.draws import Draws
from sim.world.model import BorderModel

COLUMNS = """key party set_out_at stage location port infected_at infected_in infected_aboard infector
onset_at severe_at symptoms_end_at infectious_from infectious_until departed_at mixing_from stranded_since
stranded_days gave_up_at crossed_at urge tried_at crossed_in caught_by site quarantined_at planned_release breaches
released_at tests results_awaited last_result_at hospital local household at_large_from isolated_at restricted_from
seeks_care register registered_in found_by first_positive_at confirmed_at confirmed_at_review reviews release_tests
closed_at""".split()
WHEN_INFECTED = "incubation onset_to_severe asymptomatic infectivity".split()

def run_new(scenario, seed, refreshed=None):
    import sim.engine.model as nm
    model = nm.BorderModel(scenario, seed, refreshed)
    while model.running:
        model.step()
    return model.world

def compare(scenario, seed, verbose=True):
    world = run_new(scenario, seed)
    model = BorderModel(scenario, seed)
    while model.running:
        model.step()
    old, run = model.people, world.run[0]
    wrong, worst = [], 0.0
    if run.people != old.size:
        wrong.append(("people", int(run.people), old.size))
    n = min(int(run.people), old.size)
    new = world.people[:n]
    for name in COLUMNS + WHEN_INFECTED:
        a, b = np.asarray(new[name]), getattr(old, name)[:n]
        if name in WHEN_INFECTED:
            keep = old.infected[:n]
            a, b = a[keep], b[keep]
            where = np.flatnonzero(keep)
        else:
            where = np.arange(n)
        if b.dtype.kind == "f":
            with np.errstate(invalid="ignore"):
                d = np.where(a == b, 0.0, np.abs(a - b))
            bad = ~(d <= 1e-9 * np.maximum(1.0, np.abs(np.where(np.isfinite(b), b, 1))))
            worst = max(worst, float(d[~bad].max(initial=0)))
        else:
            bad = a.astype(np.int64) != b.astype(np.int64)
        if bad.any():
            k = np.flatnonzero(bad)[:3]
            wrong.append((name, int(bad.sum()), where[k].tolist(), a[k].tolist(), b[k].tolist()))
    t = old.travellers
    if not (world.rides == old.vehicle[:, :t]).all():
        wrong.append(("rides", int((world.rides != old.vehicle[:, :t]).sum())))
    f = world.flows != model.bulletin.flows
    if f.any():
        from sim.world.bulletin import Flow
        wrong.append(("flows", {Flow(k).name: int(f[:, k].sum()) for k in np.unique(np.nonzero(f)[1])}))
    if run.tests != model.laboratory.tests:
        wrong.append(("tests", int(run.tests), model.laboratory.tests))
    for s, guard in zip(world.stretches, model.border_guards):
        if abs(s.perceived - guard.perceived) > 1e-9:
            wrong.append(("perceived", s.perceived, guard.perceived))
    return wrong, worst, n

if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("names", nargs="+"); p.add_argument("--seeds", type=int, default=1); p.add_argument("--first", type=int, default=1)
    p.add_argument("--without", nargs="*", default=[])
    a = p.parse_args()
    bad = 0
    for name in a.names:
        path = name if name.endswith(".yaml") else f"scenarios/{name}.yaml"
        scenario = read_scenario(path)[0]
        if a.without:
            scenario = scenario.without(a.without)
        for seed in range(a.first, a.first + a.seeds):
            t = time.time()
            wrong, worst, n = compare(scenario, seed)
            print(name, seed, n, "people", "DIFFER" if wrong else "same", f"{worst:.0e}", f"{time.time()-t:.1f} s", flush=True)
            for w in wrong: print("   ", w)
            bad += bool(wrong)
    sys.exit(bad > 0)
