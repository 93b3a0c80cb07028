"""Figures and tables of a fit and its checks."""
