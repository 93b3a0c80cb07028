"""Figures of finished runs, as Matplotlib figures and as files."""
