"""Names of policies as words."""


def words(name: str) -> str:
    """Return the name of a policy as words."""
    return name.replace("_", " ")
