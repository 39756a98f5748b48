"""The part of tests/bench/run that measures. The programs must be built, and the database must
run."""

import argparse
import contextlib
import dataclasses
import json
import pathlib
import signal
import sys
import time

from . import chart, machine, plots, report
from .cases import CASES
from .databases import Databases
from .model import Case, Result
from .plan import FULL, QUICK, Plan
from .runner import run_case
from .stage import Programs, Stage


def main() -> int:
    arguments = _arguments()
    if arguments.list:
        print("\n".join(f"{case.name:<15} {case.about}" for case in CASES))
        return 0
    # A signal unwinds the stack, so that the started processes are stopped.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    plan = (QUICK if arguments.quick else FULL).with_books(arguments.books)
    begin = time.monotonic()
    with contextlib.ExitStack() as opened:
        databases = opened.enter_context(contextlib.closing(Databases(arguments.database.parent)))

        def stage_of(product: pathlib.Path, logs: pathlib.Path) -> Stage:
            programs = Programs(product, arguments.programs)
            stage = Stage(plan, programs, arguments.database, databases, logs)
            return opened.enter_context(contextlib.closing(stage))

        stage = stage_of(arguments.programs, arguments.logs)
        before = stage_of(arguments.against, arguments.logs / "before") if arguments.against else None
        stage.check_keys()
        description = machine.describe(stage, before)
        results = [_run(case, stage, before) for case in CASES if _is_chosen(case, arguments, plan)]
    seconds = round(time.monotonic() - begin)
    title = machine.title(description) + (", --quick" if arguments.quick else "")
    print(f"\n{title}, measured in {seconds} s\n\n{report.tables(results)}", flush=True)
    _write(
        arguments.out, description | {"plan": dataclasses.asdict(plan), "seconds": seconds}, results, title
    )
    return 1 if any(result.error for result in results) else 0


def _is_chosen(case: Case, arguments: argparse.Namespace, plan: Plan) -> bool:
    if arguments.cases:
        return case.name in arguments.cases
    return not case.named_only and bool(plan.everything or arguments.against or case.is_asked())


def _run(case: Case, stage: Stage, before: Stage | None) -> Result:
    print(f"{case.name}: {case.about}", flush=True)
    return run_case(case, stage, lambda text: print(text, flush=True), before)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--quick", action="store_true")
    for name in ("programs", "against", "database", "logs", "out"):
        parser.add_argument(f"--{name}", type=pathlib.Path)
    parser.add_argument("--books", type=int, default=FULL.books)
    parser.add_argument("cases", nargs="*")
    return parser.parse_args()


def _write(folder: pathlib.Path, description: dict, results: list[Result], title: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "result.json").write_text(json.dumps(description | _json(results), indent=1) + "\n")
    (folder / "result.svg").write_text(chart.svg(results, title))
    files = ["result.json", "result.svg"]
    for result in results:
        if result.plot and result.rounds:
            files.append(f"{result.case.name}.svg")
            (folder / files[-1]).write_text(plots.svg(result, result.plot, title))
    print(f"\n{folder}: {', '.join(files)}")


def _json(results: list[Result]) -> dict:
    comparisons = [
        {
            "case": result.case.name,
            "label": c.label,
            "product": dataclasses.asdict(c.product),
            "yardstick": dataclasses.asdict(c.yardstick) if c.yardstick else None,
            "relation": c.relation.name.lower(),
            "lower_is_better": c.lower_is_better,
            "value": report.median_value(result, c),
            "rounds": result.values(c),
            "floor": c.floor,
            "aim": c.aim,
            "met": c.verdict(report.median_value(result, c)),
        }
        for result in results
        for c in result.comparisons()
    ]
    cases = [
        {
            "name": result.case.name,
            "about": result.case.about,
            "rounds": result.rounds,
            "left_out": result.left_out,
            "error": result.error,
            "seconds": round(result.seconds, 1),
        }
        for result in results
    ]
    return {"comparisons": comparisons, "cases": cases}


if __name__ == "__main__":
    sys.exit(main())
