"""Numbers as readers meet them in figures."""

_MINUS = "\N{MINUS SIGN}"


def whole(value: float) -> str:
    """Return a number without decimals, such as 12,500."""
    return f"{value:,.0f}".replace("-", _MINUS)


def short(value: float) -> str:
    """Return a number for a narrow axis, such as 12.5k."""
    return f"{value / 1000:g}k".replace("-", _MINUS) if abs(value) >= 1000 else whole(value)


def signed(value: float) -> str:
    """Return a difference with its sign, nought as ±0."""
    rounded = round(value)
    return f"{rounded:+,d}".replace("-", _MINUS) if rounded else "±0"
