"""Compares the output in a page with that of a run. Keys, times, versions and the like differ in
each run: they are replaced by a name. Keys and versions are numbered in the order in which the
page has them, so that the same key must be in the same places."""

import re

UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")
ETAG = re.compile(r"\b[0-9a-f]{13,15}\b")
REPLACED = (
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"), "<time>"),
    (re.compile(r"\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?([+-]\d\d)?"), "<time>"),
    (re.compile(r"(?m)^Date: .*"), "Date: <date>"),
    (re.compile(r"(?m)^Content-Length: .*"), "Content-Length: <number>"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "<id>"),
    (re.compile(r'(?<="nextPageToken":)(\s*)"[^"]+"'), r'\1"<token>"'),
    # Of a problem: a URI, whose base is a setting.
    (re.compile(r'(?<="type":)(\s*)"(about:blank|[^"]*#\w+)"'), r'\1"<type>"'),
    (re.compile(r"\b[0-9a-f]{64}\b"), "<digest>"),
)
# The head of an HTTP response. The order of its fields has no meaning, and differs in each run.
HEADERS = re.compile(r"(?m)^(HTTP/\S+ .*\n)((?:[\w-]+: .*\n?)+)")
# A line of the page that stands for any number of lines.
ANY = "..."


def sorted_headers(head: re.Match) -> str:
    return head[1] + "".join(f"{line}\n" for line in sorted(head[2].splitlines()))


class Names:
    """Gives the keys and the versions of one side of a comparison their numbers."""

    def __init__(self):
        self.known: dict[str, str] = {}

    def of(self, kind: str, value: str) -> str:
        if value not in self.known:
            number = sum(name.startswith(f"<{kind} ") for name in self.known.values()) + 1
            self.known[value] = f"<{kind} {number}>"
        return self.known[value]

    def normalised(self, lines: list[str]) -> list[str]:
        text = HEADERS.sub(sorted_headers, "\n".join(line.rstrip() for line in lines))
        for pattern, name in REPLACED:
            text = pattern.sub(name, text)
        text = UUID.sub(lambda match: self.of("key", match[0]), text)
        text = ETAG.sub(lambda match: self.of("version", match[0]), text)
        return text.split("\n") if lines else []


def matches(expected: list[str], actual: list[str]) -> bool:
    """Returns whether the output is the expected one, in which ANY stands for lines."""
    if ANY not in expected:
        return expected == actual
    parts: list[list[str]] = [[]]
    for line in expected:
        if line == ANY:
            parts.append([])
        else:
            parts[-1].append(line)
    first, *middle, last = parts
    if actual[: len(first)] != first or len(actual) < len(first) + len(last):
        return False
    rest = actual[len(first) : len(actual) - len(last)]
    if last and actual[len(actual) - len(last) :] != last:
        return False
    for part in middle:
        found = next((i for i in range(len(rest) + 1) if rest[i : i + len(part)] == part), None)
        if found is None:
            return False
        rest = rest[found + len(part) :]
    return True
