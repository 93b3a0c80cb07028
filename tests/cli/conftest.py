"""Figures are files without a drawing, but in tests that are marked ``real_figures``."""

from quick_figures import quick_figures

__all__ = ["quick_figures"]
