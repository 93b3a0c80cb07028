"""One run of one scenario: people, institutions, and a day in their life."""
