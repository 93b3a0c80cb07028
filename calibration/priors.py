"""What is known about each parameter before the counts are looked at."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
from pydantic import Field
from scipy import special

from calibration.fit_file import nothing_to_fit, read_for, repeated
from sim.experiment.parameters import Parameters, steps, value_at, why_refused, with_parameters
from sim.scenario.checks import check_scenario
from sim.scenario.distributions import Positive
from sim.scenario.part import Part
from sim.scenario.quantities import Line
from sim.scenario.reading.strict_yaml import read_document
from sim.scenario.reading.validation import Finding
from sim.scenario.schema import POLICIES_OF, SECTION_OF, Scenario
from sim.world.draws import FloatArray

_FAR = 5.0
"""Normal score as far out as values are checked; no value is farther out than this."""

SHIPPED_PRIORS = Path(__file__).with_name("priors.yaml")


LEFT_OUT = ("towns", "hospital_outbreak", "border")
"""Parts of the world that the counts of those who crossed at the port hardly depend on."""

LOCAL_PARTS = ("towns", "hospital_outbreak")
"""Those of them on which counts of residents' infections depend."""

_PART_OF = {
    "costs": "costs",
    **{SECTION_OF[part]: part for part in LEFT_OUT},
    **{f"policies.{lever}": part for part in LEFT_OUT for lever in POLICIES_OF.get(part, ())},
}
"""Sections and levers that no count of the simulated travellers depends on, and their part."""


class UniformPrior(Part):
    """All values between two bounds are equally likely."""

    kind: Literal["uniform"]
    low: float
    high: float

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at ``u``, shape as given."""
        return self.low + (self.high - self.low) * u

    def share_below(self, values: FloatArray) -> FloatArray:
        """Return the distribution function at ``values``, shape as given."""
        share: FloatArray = (values - self.low) / (self.high - self.low)
        return share


class LogUniformPrior(Part):
    """All orders of magnitude between two bounds are equally likely."""

    kind: Literal["loguniform"]
    low: Positive
    high: Positive

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at ``u``, shape as given."""
        quantiles: FloatArray = self.low * (self.high / self.low) ** u
        return quantiles

    def share_below(self, values: FloatArray) -> FloatArray:
        """Return the distribution function at ``values``, shape as given."""
        share: FloatArray = np.log(values / self.low) / np.log(self.high / self.low)
        return share


class NormalPrior(Part):
    """A value known with a normal error."""

    kind: Literal["normal"]
    mean: float
    sd: Positive

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at ``u``, shape as given."""
        return self.mean + self.sd * np.asarray(special.ndtri(u))

    def share_below(self, values: FloatArray) -> FloatArray:
        """Return the distribution function at ``values``, shape as given."""
        return np.asarray(special.ndtr((values - self.mean) / self.sd))


class BetaPrior(Part):
    """A share known through a Beta distribution."""

    kind: Literal["beta"]
    a: Positive
    b: Positive

    def quantile(self, u: FloatArray) -> FloatArray:
        """Return the quantiles at ``u``, shape as given."""
        return np.asarray(special.betaincinv(self.a, self.b, u))

    def share_below(self, values: FloatArray) -> FloatArray:
        """Return the distribution function at ``values``, shape as given."""
        return np.asarray(special.betainc(self.a, self.b, values))


Distribution = Annotated[
    UniformPrior | LogUniformPrior | NormalPrior | BetaPrior, Field(discriminator="kind")
]
"""What is known about one number."""


class Prior(Part):
    """A parameter and what is known about it.

    Attributes:
        path: where its value stands in a scenario, such as ``source.exposure``.
        label: what it is, for figures and tables.
        unit: its unit inside the program: times are days, money is yuan.
        prior: its distribution.
        source: where that comes from.
    """

    path: Line
    label: Line
    unit: Line
    prior: Distribution
    source: Line

    @property
    def part(self) -> str | None:
        """Part of the world that it belongs to and that the simulated travellers do without."""
        section, *below = steps(self.path)
        return _PART_OF.get(f"policies.{below[0]}" if section == "policies" else str(section))

    def at_score(self, scores: FloatArray) -> FloatArray:
        """Return the values with normal ``scores``: 0 is the median, shape as given."""
        return self.prior.quantile(np.asarray(special.ndtr(np.clip(scores, -_FAR, _FAR))))

    def score_of(self, values: FloatArray) -> FloatArray:
        """Return the normal scores of ``values``, shape as given."""
        below = np.clip(self.prior.share_below(values), 1e-12, 1 - 1e-12)
        return np.asarray(special.ndtri(below))


class Priors(Part):
    """The priors of one case."""

    parameters: tuple[Prior, ...] = Field(min_length=1, max_length=200)

    @property
    def fitted(self) -> tuple[Prior, ...]:
        """The parameters that the counts can say something about."""
        return tuple(prior for prior in self.parameters if prior.part is None)

    @property
    def kept(self) -> tuple[Prior, ...]:
        """The parameters that the simulated travellers do without: they keep their prior."""
        return tuple(prior for prior in self.parameters if prior.part is not None)

    @property
    def local(self) -> tuple[Prior, ...]:
        """Those of them that the second stage fits, if there are local counts."""
        return tuple(prior for prior in self.parameters if prior.part in LOCAL_PARTS)


def values_at(priors: Sequence[Prior], scores: FloatArray) -> Parameters:
    """Return the parameters with normal ``scores``, shape (priors,)."""
    return {
        prior.path: float(prior.at_score(np.asarray(score)))
        for prior, score in zip(priors, scores, strict=True)
    }


def read_priors(path: Path = SHIPPED_PRIORS, scenario: Scenario | None = None) -> Priors:
    """Return the priors in ``path``.

    Args:
        path: the file.
        scenario: what has to have the parameters, and allow their values, if it is known.

    Raises:
        ScenarioError: carries every problem of the file.
    """
    return read_for(scenario, read_document(path), Priors, _check, _check_against)


def _check_against(priors: Priors, scenario: Scenario) -> Iterator[Finding]:
    for number, prior in enumerate(priors.parameters):
        here = ("parameters", number)
        if value_at(scenario, prior.path) is None:
            yield Finding(
                (*here, "path"),
                f"scenario '{scenario.name}' has no number there",
                allowed="a path such as source.exposure",
                got=prior.path,
            )
            continue
        for score in (-_FAR, _FAR):
            value = float(prior.at_score(np.asarray(score)))
            reason = _why_refused(scenario, prior.path, value)
            if reason:
                side = "lower" if score < 0 else "upper"
                yield Finding(
                    (*here, "prior"),
                    f"the scenario does not allow all of its values: {reason}",
                    allowed="a prior within the range of the field; uniform and beta have bounds, "
                    "a normal one is cut off at 5 standard deviations",
                    got=f"{value:.4g} at its {side} end",
                )
                break


def _why_refused(scenario: Scenario, path: str, value: float) -> str:
    """Return why a scenario cannot have a value, or ``""`` if it can."""
    reason = why_refused(scenario, {path: value})
    if reason:
        return reason
    changed = with_parameters(scenario, {path: value})
    return next((finding.message for finding in check_scenario(changed)), "")


def _check(priors: Priors) -> Iterator[Finding]:
    yield from nothing_to_fit(
        "parameters",
        priors.fitted,
        "every parameter belongs to towns, hospital outbreak, border or costs",
        "at least one parameter of the simulated travellers",
    )
    paths = [parameter.path for parameter in priors.parameters]
    yield from repeated("parameters", "path", paths, "two priors for one parameter")
    for number, parameter in enumerate(priors.parameters):
        prior = parameter.prior
        if isinstance(prior, UniformPrior | LogUniformPrior) and prior.low >= prior.high:
            loc = ("parameters", number, "prior", "high")
            yield Finding(loc, "not above low", got=str(prior.high))
