"""The report: one HTML page that says what a folder of results comes to."""
