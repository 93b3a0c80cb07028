"""What each field of a scenario means: its docstring in the source, or a note below.

Pydantic does not keep the docstrings of fields, so they are read from the source.
"""

import ast
import inspect
from functools import cache
from itertools import pairwise
from types import ModuleType

from pydantic import BaseModel

from docs.blocks.markdown import prose

NOTES = {
    "Calendar.start": "First day.",
    "Calendar.end": "Last day, included.",
    "Scenario.name": "Names the results and their folder.",
    "Scenario.calendar": "Days that are simulated.",
    "Scenario.places": "Towns and regions, by name.",
    "Scenario.travellers": "Who may set out.",
    "Scenario.source": "How travellers become infected before they leave.",
    "Scenario.disease": "The disease, inline or a preset.",
    "Scenario.legs": "Connections, by name.",
    "Scenario.staging": "Towns where travellers change, by place. A place without an entry has "
    "the defaults.",
    "Scenario.ports": "Border crossings, by name.",
    "Scenario.quarantine": "Sites, and what happens in them.",
    "Scenario.laboratory": "PCR testing.",
    "Scenario.hospitals": "Wards for those who tested positive, by name; they fill in this order.",
    "Scenario.registers": "How positive tests are counted.",
    "Scenario.residents": "Towns behind the border whose residents can be infected, by place.",
    "Scenario.policies": "The timetable of measures.",
    "Residents.people": "Residents.",
    "Place.label": "Name for people to read.",
    "Place.part_of": "The region that it lies in; its counts are added to the region's.",
    "OnBoard.hazard_per_hour": "Hazard per hour; see above.",
    "OnBoard.near_rows": "Rows that count as near.",
    "OnBoard.near_relative_risk": "Relative risk within those rows.",
    "Leg.mode": "Kind of vehicle. The model uses it only to find the flights whose spread of "
    "infected passengers is an outcome.",
    "Leg.start": "Place that it leaves from.",
    "Leg.end": "Place or port that it leads to.",
    "Leg.duration": "Time on board.",
    "Leg.departures_per_day": "Vehicles a day, evenly between the first and the last.",
    "Leg.first_departure": "Time of day of the first.",
    "Leg.last_departure": "Time of day of the last.",
    "Leg.seats": "Seats a vehicle.",
    "Leg.seats_abreast": "Seats a row.",
    "Leg.on_board": "Transmission between passengers.",
    "Port.opens": "Time of day from which people cross; who comes earlier waits.",
    "Port.closes": "Time of day; who comes later waits for the next day.",
    "DatedCount.date": "The date.",
    "DatedCount.count": "The number on that date.",
    "ExponentialCurve.count": "Cumulative cases on `date`.",
    "ExponentialCurve.date": "The day, at noon.",
    "ExponentialCurve.doubling_time": "Doubling time up to that day.",
    "ExponentialCurve.slowing_time": "Time constant of the slowing afterwards.",
    "UniformCurve.per_day": "Reported cases a day.",
    "UniformCurve.since": "First day.",
    "CountsCurve.counts": "Dates and counts, or the name of a CSV file beside the scenario.",
    "EpidemicSource.curve": "Cumulative reported cases, inline or a preset.",
    "EpidemicSource.population": "Residents whom the curve counts.",
    "EpidemicSource.reporting_lag": "Time from infection to report.",
    "UniformTiming.earliest": "Longest time before departure.",
    "UniformTiming.latest": "Shortest time before departure.",
    "UniformTiming.step": "Length of a step.",
    "DistributedTiming.before": "Time between infection and departure.",
    "ConstantInfectiousness.latent": "Time without infectiousness; see above.",
    "ConstantInfectiousness.lead": "How much earlier infectiousness begins; see above.",
    "ConstantInfectiousness.lasts": "How long infectiousness lasts; see above.",
    "DensityTable.times": "Times, increasing.",
    "DensityTable.density": "Infectiousness at each of them, in any unit.",
    "GammaQuantiles.shares": "The two shares, the smaller one first.",
    "GammaQuantiles.times": "The two quantiles.",
    "Table.shares": "Shares, increasing from 0 to 1.",
    "Table.times": "The quantile at each of them.",
    "GrowingTiming.growth_per_day": "Exponential growth rate per day.",
    "GrowingTiming.earliest": "Longest time before departure.",
    "CourseTiming.multiple": "How many courses long the time is.",
    "CohortSource.timing": "When the members were infected.",
    "LogisticDemand.ceiling": "People a day that the growth ends at.",
    "TableDemand.per_day": "Dates and people a day.",
    "CohortDemand.people": "Number of people.",
    "CohortDemand.date": "The day on which they set out.",
    "PartySize.mean": "Mean size, at least one.",
    "Travellers.party_size": "People who decide and travel together.",
    "Travellers.demand": "How many set out, and when.",
    "Infectiousness.window": "Lower and upper quantile of the density.",
    "LogisticPcr.b1": "Logit of the sensitivity at `c`.",
    "LogisticPcr.b2": "Slope before `c`.",
    "LogisticPcr.b3": "Change of slope after `c`, relative to `b2`.",
    "LogisticPcr.c": "Days since infection at which the slope changes.",
    "TablePcr.days": "Days, increasing; before onset they are negative.",
    "TablePcr.sensitivity": "Probability of a positive test on each of them.",
    "Disease.name": "Name for people to read.",
    "Disease.infectiousness": "When an infected person is infectious.",
    "Site.place": "Where it is; its counts belong there.",
    "Site.room_size": "People a room.",
    "Quarantine.facility": "How well it is kept in sites.",
    "Quarantine.home": "How well it is kept at home.",
    "Laboratory.place": "Where it is; its backlog is counted there.",
    "Assay.sensitivity": "Sensitivity by days since infection, inline or a preset.",
    "Assay.specificity": "Probability that somebody not infected tests negative.",
    "Hospital.place": "Where it is.",
    "Period.from_": "First day; left out: from the start.",
    "Period.until": "First day that is no longer in the period; left out: to the end.",
    "Closure.announced": "Day on which travellers hear of it, and the rush begins; left out: its "
    "first day, and there is no rush.",
    "Policies.port_closures": "By port: periods in which nobody crosses.",
    "Policies.site_beds": "By quarantine site: beds; without it there is no limit.",
    "Policies.hospital_beds": "By hospital: beds; without it there is no limit.",
    "Policies.review_rounds": "Days on which carriers are examined, and decided on, at once.",
    "NormalValue.mean": "Mean.",
    "NormalValue.sd": "Standard deviation.",
    "BetaValue.a": "First shape parameter.",
    "BetaValue.b": "Second shape parameter.",
    "LogUniformValue.low": "Lower bound.",
    "LogUniformValue.high": "Upper bound.",
    "Fixed.value": "The time.",
    "Uniform.low": "Lower bound.",
    "Uniform.high": "Upper bound.",
    "Exponential.mean": "Mean.",
    "LogNormal.mu": "Mean of the logarithm of the days.",
    "LogNormal.sigma": "Standard deviation of the logarithm of the days.",
    "Gamma.shape": "Shape.",
    "Gamma.rate": "Rate per day.",
    "Gamma.shift": "Moves the distribution; may be negative.",
    "GammaMoments.mean": "Mean.",
    "GammaMoments.variance": "Variance in days squared.",
    "Weibull.shape": "Shape.",
    "Weibull.scale": "Scale.",
}
"""Notes on fields that have no docstring in the source."""


def fields_of(model: type[BaseModel]) -> dict[str, ast.expr]:
    """Return the annotation of every field of a model, those of its bases first."""
    fields: dict[str, ast.expr] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, BaseModel) and base is not BaseModel:
            fields |= {name: node.annotation for name, (node, _) in _class(base).items()}
    return {name: node for name, node in fields.items() if name in model.model_fields}


def docstring_of(module: ModuleType, name: str) -> str:
    """Return the docstring of the assignment in which ``name`` comes first."""
    body = ast.parse(inspect.getsource(module)).body
    for node, after in pairwise(body):
        if isinstance(node, ast.Assign) and name in ast.unparse(node.targets[0]):
            return _docstring(after)
    raise KeyError(name)


def meaning(model: type[BaseModel], field: str) -> str:
    """Return what a field means.

    Raises:
        KeyError: it has neither a docstring nor a note, or it has both.
    """
    owner = next(
        base
        for base in model.__mro__
        if issubclass(base, BaseModel) and field in base.__annotations__
    )
    name = f"{owner.__name__}.{field}"
    docstring = _class(owner)[field][1]
    if docstring and name in NOTES:
        raise KeyError(f"{name} has a docstring now: remove its note in {__file__}")
    if not docstring and field == "kind":
        return "Which of the forms this is."
    return prose(docstring) if docstring else NOTES[name]


@cache
def _class(model: type[BaseModel]) -> dict[str, tuple[ast.AnnAssign, str]]:
    """Return the annotated assignments in the source of a class, with their docstrings."""
    tree = ast.parse(inspect.getsource(inspect.getmodule(model) or model))
    body = next(
        node.body
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and node.name == model.__name__.split("[")[0]
    )
    found: dict[str, tuple[ast.AnnAssign, str]] = {}
    for node, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            found[node.target.id] = node, _docstring(after)
    return found


def _docstring(node: ast.stmt | None) -> str:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return str(node.value.value)
    return ""
