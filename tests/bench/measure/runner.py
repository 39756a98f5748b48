"""Runs a case: its subjects in turn, several rounds."""

import time
from collections.abc import Callable, Iterable

from .model import Case, MeasurementError, Prepared, Result
from .plan import Plan
from .stage import Stage


def run_case(case: Case, stage: Stage, say: Callable[[str], None]) -> Result:
    """What goes wrong is told in the result; other cases go on."""
    result = Result(case)
    begin = time.monotonic()
    try:
        prepared = case.prepare(stage)
        result.left_out = prepared.left_out
        _run_rounds(result, _wanted(case, prepared, stage.plan), stage.plan, say)
    except MeasurementError as error:
        result.error = "; ".join([str(error), *stage.discard_ended()])
        say(f"  FAILED: {result.error}")
    if case.writes:
        stage.clean()
    result.seconds = time.monotonic() - begin
    return result


def _run_rounds(result: Result, prepared: Prepared, plan: Plan, say: Callable[[str], None]) -> None:
    subjects = list(prepared.subjects.items())
    for number in range(result.case.rounds or plan.rounds) if subjects else ():
        measured = {}
        # Each begins in turn, so that none is always the one after another.
        for name, measure in _rotated(subjects, number):
            measured[name] = measure()
            rate = measured[name].get("rate")
            told = f"{rate:,.0f}/s" if rate else f"{measured[name]['p50_us']:,.0f} us"
            say(f"  round {number + 1}: {name:<34} {told:>12}")
        result.rounds.append(measured)


def _rotated(items: list, by: int) -> Iterable:
    at = by % len(items)
    return items[at:] + items[:at]


def _wanted(case: Case, prepared: Prepared, plan: Plan) -> Prepared:
    """Without what nothing is asked of, where time is short."""
    if plan.everything or not case.is_asked():
        return prepared
    names: set[str] = set()
    for comparison in case.comparisons:
        if comparison.is_asked() and comparison.subjects() <= prepared.subjects.keys():
            names |= comparison.subjects()
    return Prepared({name: m for name, m in prepared.subjects.items() if name in names}, prepared.left_out)
