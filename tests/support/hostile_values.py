"""Values, words and paths that someone might put into a file to do harm, or by mistake."""

import datetime as dt

NUMBERS = [
    *(0, -1, 1, 2, 10**9, -(10**9), 10**18 - 1, 10**19, 0.5, -0.5, 1e-320, 1e308, -1e308),
    *(float("nan"), float("inf"), float("-inf"), True, False, None),
]

DATES = [
    *(dt.date.min, dt.date.max, dt.date(1899, 12, 31), dt.date(2199, 12, 31), dt.date(2020, 4, 1)),
    *("2020-02-30", "2020-13-01", "0000-00-00", "2020-04-01T10:00:00Z"),
]

WORDS = [
    *("", " ", "x", "X" * 10_000, "yes", "null", "1_0", "0x1F", "1:30", "\u0663 d", "\u00bd"),
    *("5 d", "-5 d", "3 lightyears", "9" * 400 + " d", "9" * 400 + " CNY", "5 CNY", "1e3 d"),
    *(
        "\0",
        "\x1b[2J",
        "a\nb",
        "a\r\nb",
        "a\tb",
        "\u2028",
        "\u202eabc",
        "\ufeff",
        "\U0001f4a5" * 50,
    ),
    *("=cmd()", "$(id)", "`id`", "{{7*7}}", "%s%n", "${HOME}", "<script>", "[/red]", "$\\frac$"),
    *("__class__", "model_fields", "from", "kind", "constructor", "a.b[0]", "__init__.__globals__"),
]

PATHS = [
    *("../outside/secret.yaml", "/etc/passwd", "~/.profile", "C:\\secret.yaml", "a\\b.yaml", "//x"),
    *("./baseline.yaml", "baseline.yaml", "BASELINE.YAML", "baseline.yaml.", "baseline.yaml "),
    *("baseline.yaml/", ".", "..", "./", "studies/../baseline.yaml", "x" * 300 + ".yaml"),
    *("a/" * 3000 + "b", "case.yaml", "loop.yaml", "pipe.yaml", "device.yaml", "folder.yaml"),
    *("link.yaml", "up/secret.yaml", "none.yaml", "two_ports_counts.csv", "case.csv"),
    *("../presets/diseases/covid19_2020", "diseases/covid19_2020", "covid19_2020.yaml", "kucirka"),
    *("file:///etc/passwd", "http://localhost/x.yaml", "/dev/stdin", "/proc/self/environ", "-"),
]
"""Some of them exist in the folder of the cases, see ``hostile_files``."""

CODE = [
    "!!python/object/apply:os.system ['touch harm']",
    "!!python/object/new:subprocess.Popen [['touch', 'harm']]",
    "!!python/name:os.system",
    "!!python/module:os",
    *("!!binary aGFybQ==", "!!float .nan", "!!set {a}", "!!int 1", "!own {a: 1}", "!<x> 1", "!"),
    *("&a [*a]", "*missing", "&a 1", "{<<: *a}", "{<<: {a: 1}}", "{? [a]: 1}", "{1: a, 1: b}"),
    *(".nan", "-.INF", "1e999", "9" * 5000, "0o17", "'", '"\\ud800"', '"\\U00110000"', "|", ">-"),
    *("%YAML 9", "@x", "`x`", "{a: b", "[a", "]", "a: b: c", "- - -", "? ", "\t", "# x", "---"),
]
"""Written as they stand where a value should be."""


def nested(depth: int) -> object:
    """Return lists in mappings in lists, ``depth`` deep."""
    value: object = 1
    for level in range(depth):
        value = {"a": value} if level % 2 else [value]
    return value
