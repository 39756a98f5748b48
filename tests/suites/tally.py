"""Counts a suite's results: tally.py FOLDER EXIT_STATUS LOG.

Reads the reports in FOLDER: *.xml (JUnit, of GoogleTest and pytest), *.jsonl
(go test -json), *.tsv (lines of outcome<TAB>name). If a program ended without a
report, its GoogleTest lines in LOG are counted instead. A suite that crashed or
ran no test counts as a failure. Prints "PASSED FAILED SKIPPED", then each failure
with its message.
"""

import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

PASSED, FAILED, SKIPPED = "passed", "failed", "skipped"
# How many failures are printed with their message, and how many lines of each; the log
# has all of them.
SHOWN_FAILURES, SHOWN_LINES = 20, 12

messages: dict[str, str] = {}


def junit(path: pathlib.Path) -> dict[str, str]:
    outcomes = {}
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        name = f"{case.get('classname', '')}.{case.get('name')}".lstrip(".")
        fault = case.find("failure") if case.find("failure") is not None else case.find("error")
        if fault is not None:
            outcome = FAILED
            messages[f"{path.stem}: {name}"] = fault.get("message", "")
        elif case.find("skipped") is not None or case.get("status") == "notrun":
            outcome = SKIPPED
        else:
            outcome = PASSED
        # pytest reports a failing teardown as a second case of the same name.
        if outcomes.get(name) != FAILED:
            outcomes[name] = outcome
    return outcomes


def go_json(path: pathlib.Path) -> dict[str, str]:
    outcomes = {}
    for line in path.read_text(errors="replace").splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        outcome = {"pass": PASSED, "fail": FAILED, "skip": SKIPPED}.get(event.get("Action"))
        if "Test" in event:
            name = f"{event['Package']}.{event['Test']}"
            if outcome:
                outcomes[name] = outcome
            elif event.get("Action") == "run":
                # Remains FAILED if the package crashes before the test ends.
                outcomes[name] = FAILED
        elif event.get("Action") in ("fail", "build-fail"):
            package = event.get("Package", event.get("ImportPath", "?"))
            if not any(name.startswith(f"{package}.") and o == FAILED for name, o in outcomes.items()):
                outcomes[f"{package} (package)"] = FAILED
    return outcomes


def tsv(path: pathlib.Path) -> dict[str, str]:
    lines = (line.split("\t", 1) for line in path.read_text().splitlines())
    return {name: outcome for outcome, name in lines}


def google_test_log(path: pathlib.Path) -> dict[str, str]:
    outcomes = {}
    pattern = re.compile(r"\[ (RUN|      OK|  FAILED|  SKIPPED) +\] ([\w/]+\.[\w/]+)")
    found = {"RUN": FAILED, "OK": PASSED, "FAILED": FAILED, "SKIPPED": SKIPPED}
    for match in pattern.finditer(path.read_text(errors="replace")):
        outcomes[match.group(2)] = found[match.group(1).strip()]
    return outcomes


def main() -> None:
    folder, status, log = pathlib.Path(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
    outcomes: dict[str, str] = {}
    for pattern, read in (("*.xml", junit), ("*.jsonl", go_json), ("*.tsv", tsv)):
        for path in sorted(folder.glob(pattern)):
            try:
                found = read(path)
            except (ElementTree.ParseError, OSError) as error:
                found = {f"unreadable report: {error}": FAILED}
            outcomes |= {f"{path.stem}: {name}": outcome for name, outcome in found.items()}
    failures = [name for name, outcome in outcomes.items() if outcome == FAILED]
    if status and not failures and log.exists():
        crashed = google_test_log(log)
        outcomes |= crashed
        failures = [name for name, outcome in crashed.items() if outcome == FAILED]
    if status and not failures:
        outcomes["the suite itself"] = FAILED
        failures = [f"the suite itself (exit status {status})"]
    elif not any(outcome != SKIPPED for outcome in outcomes.values()):
        outcomes["the suite itself"] = FAILED
        failures = ["the suite itself (it ran no test)"]
    counts = [sum(o == outcome for o in outcomes.values()) for outcome in (PASSED, FAILED, SKIPPED)]
    print(*counts)
    for number, name in enumerate(failures):
        print(f"  FAILED {name}")
        if number < SHOWN_FAILURES:
            for line in messages.get(name, "").splitlines()[:SHOWN_LINES]:
                print(f"    {line[:200]}")


if __name__ == "__main__":
    main()
