"""The Mesa layer of both worlds: outcomes, series, fates, line list."""
import sys, time
import numpy as np
from sim.scenario.loader import read_scenario
import sim.world.model as om, sim.world.outcomes as oo, sim.world.line_list as ol
import sim.engine.model as nm, sim.engine.outcomes as no, sim.engine.line_list as nl
import sim.engine.origins as nor, sim.world.origins as oor
def finish(m):
    while m.running: m.step()
    return m
def compare(s, seed, **k):
    a=finish(om.BorderModel(s,seed,**k)); b=finish(nm.BorderModel(s,seed,**k))
    wrong=[]
    x,y=oo.outcomes_of(a),no.outcomes_of(b)
    if list(x)!=list(y): wrong.append("names")
    for n in x:
        if not (np.isclose(x[n],y[n],rtol=1e-9,atol=1e-9) or (x[n]!=x[n] and y[n]!=y[n])): wrong.append((n,x[n],y[n]))
    if not (a.bulletin.series==b.bulletin.series).all(): wrong.append("series")
    if not (oo.fates_by_entry_day(a)==no.fates_by_entry_day(b)).all(): wrong.append("fates")
    if not (oor.local_infections_by_day(a)==nor.local_infections_by_day(b)).all(): wrong.append("local")
    p,q=oo.confirmed_cases(a),no.confirmed_cases(b)
    if p.shape!=q.shape or not np.allclose(p,q,atol=1e-9): wrong.append("cases")
    p,q=ol.line_list(a),nl.line_list(b)
    for n in p:
        if n not in("household",) and p[n]!=q[n]: wrong.append(("line",n,[(u,v) for u,v in zip(p[n],q[n]) if u!=v][:2]))
    p,q=ol.transmissions(a),nl.transmissions(b)
    for n in p:
        if p[n]!=q[n]: wrong.append(("trans",n))
    return wrong
if __name__=="__main__":
    for name in sys.argv[2:]:
        s=read_scenario(name if name.endswith("yaml") else f"scenarios/{name}.yaml")[0]
        for seed in range(1,1+int(sys.argv[1])):
            print(name,seed,compare(s,seed) or "same",flush=True)
