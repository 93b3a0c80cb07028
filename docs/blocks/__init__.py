"""The generated blocks of the documentation, by subject."""
