"""The Mesa model of one run: people, places, institutions, disease, registers."""
