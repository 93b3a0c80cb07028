"""What series of the surveillance are called in figures."""

from sim.view.policy_words import words

_WORDS = {
    "imported_confirmed_new": "new confirmed cases",
    "imported_confirmed_cumulative": "confirmed cases so far",
    "imported_confirmed_active": "cases still in hospital",
    "imported_carriers_stock": "carriers under observation",
    "imported_first_positives": "first positive tests a day",
    "entrants_cumulative": "entrants so far",
    "entrants_infected_cumulative": "infected entrants so far",
    "local_confirmed_active": "local cases still in hospital",
    "local_confirmed_cumulative": "confirmed local cases so far",
}


def series_words(series: str) -> str:
    """Return a series in words, its own name with blanks where it has no others."""
    return _WORDS.get(series, words(series))
