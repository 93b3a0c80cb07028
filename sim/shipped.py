"""The scenario files and fitted ensembles that travel with the program."""

from pathlib import Path


def shipped_scenarios() -> Path:
    """Return the folder of the shipped scenarios, in a wheel or in a checkout."""
    installed = Path(__file__).with_name("shipped_scenarios")
    return installed if installed.is_dir() else Path(__file__).parents[1] / "scenarios"


def shipped_ensembles() -> dict[str, Path]:
    """Return the files of the shipped ensembles, by the name that a scenario calls them by."""
    return {"articles_2020": Path(__file__).parents[1] / "calibration" / "ensemble.csv"}
