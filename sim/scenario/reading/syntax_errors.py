"""Plain-language messages for YAML syntax errors."""

import re

# The first pattern found in the parser's message gives the sentence.
_SENTENCES = (
    (
        r"mapping values are not allowed",
        "a ':' cannot stand here; check the indentation, and put text with ': ' in quotes",
    ),
    (r"could not find expected ':'", "a name without a ':' after it; write 'name: value'"),
    (
        r"expected <block end>, but found",
        "this does not line up with the lines above; check the indentation",
    ),
    (r"found character '\\t'", "a tab; indent with spaces only"),
    (
        r"that cannot start any token",
        "a value cannot start with this character unless it is in quotes",
    ),
    (r"expected ',' or '}'", "a '}' or a ',' is missing in a mapping written with { }"),
    (r"expected ',' or '\]'", "a ']' or a ',' is missing in a list written with [ ]"),
    (r"found unexpected (end of stream|document separator)", "a text in quotes is never closed"),
    (
        r"unknown escape character|expected escape sequence",
        "a '\\' in double quotes starts an escape, and this one is unknown; use single quotes",
    ),
    (
        r"expected '<document start>'",
        "this stands after the end of the document; check the indentation and the brackets",
    ),
    (r"expected the node content, but found", "a value is missing here"),
    (
        r"sequence entries are not allowed",
        "a list item '- ' cannot stand here; check the indentation",
    ),
    (r"mapping keys are not allowed", "a '? ' cannot stand here"),
    (
        r"expected alphabetic or numeric character",
        "a value cannot start with & or * unless it is in quotes",
    ),
    (r"directive|version|expected a digit", "lines that start with '%' are not allowed"),
    (
        r"tag|URI|expected '[ !>]'",
        "tags (words that start with '!') are not allowed; put text in quotes",
    ),
    (
        r"chomping or indentation|indentation indicator|expected a comment or a line break",
        "a value cannot start with | or > unless it is in quotes",
    ),
)


def plain_words(problem: str) -> str:
    """Return a plain-language message for the parser's ``problem``."""
    for pattern, sentence in _SENTENCES:
        if re.search(pattern, problem):
            return sentence
    return f"this cannot be read as YAML: {problem}"
