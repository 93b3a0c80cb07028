"""Numbers as readers meet them in figures."""

_MINUS = "\N{MINUS SIGN}"


def whole(value: float) -> str:
    """Return a number without decimals, such as 12,500."""
    return f"{value:,.0f}".replace("-", _MINUS)


def short(value: float) -> str:
    """Return a number for a narrow axis, such as 12.5k."""
    return f"{value / 1000:g}k".replace("-", _MINUS) if abs(value) >= 1000 else whole(value)


def signed(value: float) -> str:
    """Return a difference with its sign, small fractions with one decimal, nought as ±0."""
    decimals = 1 if abs(value) < 100 and value != round(value) else 0
    return f"{value:+,.{decimals}f}".replace("-", _MINUS) if value else "±0"
