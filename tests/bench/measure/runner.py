"""Runs a case: its subjects in turn, several rounds."""

import itertools
import time
from collections.abc import Callable, Iterable

from .model import Case, MeasurementError, Prepared, RateNotReachedError, Result
from .pairs import pair
from .plan import Plan
from .stage import Stage


def run_case(case: Case, stage: Stage, say: Callable[[str], None], before: Stage | None = None) -> Result:
    """Runs a case on a stage, or compares two builds: those of `stage` and `before`. Reports an
    error in the result, so that the other cases run."""
    result = Result(case)
    begin = time.monotonic()
    try:
        prepared = case.prepare(stage)
        if before:
            result.case, prepared = pair(case, prepared, case.prepare(before))
        result.left_out, result.plot = prepared.left_out, prepared.plot
        _run_rounds(result, _wanted(result.case, prepared, stage.plan), stage.plan, say)
    except MeasurementError as error:
        result.error = "; ".join(
            [str(error), *stage.discard_ended(), *(before.discard_ended() if before else ())]
        )
        say(f"  FAILED: {result.error}")
    if case.writes:
        stage.clean()
    result.seconds = time.monotonic() - begin
    return result


def _run_rounds(result: Result, prepared: Prepared, plan: Plan, say: Callable[[str], None]) -> None:
    subjects = list(prepared.subjects.items())
    too_fast: dict[str, str] = {}
    for number in range(result.case.rounds or plan.rounds) if subjects else ():
        measured = {}
        for name, subject in _order(subjects, result.case.group, number):
            if name in too_fast:
                continue
            try:
                measured[name] = subject.measure()
            except RateNotReachedError as error:
                too_fast[name] = f"{name}: {error}"
                say(f"  round {number + 1}: {too_fast[name]}")
                continue
            rate = measured[name].get("rate")
            shown = f"{rate:,.0f}/s" if rate else f"{measured[name]['p50_us']:,.0f} us"
            say(f"  round {number + 1}: {name:<34} {shown:>12}")
        result.rounds.append(measured)
    # A subject that fails in one round has no figure, because each round compares all.
    result.rounds = [{n: f for n, f in measured.items() if n not in too_fast} for measured in result.rounds]
    result.left_out += too_fast.values()


def _order(items: list, group: int, number: int) -> Iterable:
    """Returns the order of round `number`: each round starts with another group, and each group
    with another item, so that none always follows the same one."""
    groups = [items[at : at + group] for at in range(0, len(items), group)]
    return itertools.chain.from_iterable(_rotated(one, number) for one in _rotated(groups, number))


def _rotated(items: list, by: int) -> list:
    at = by % len(items)
    return items[at:] + items[:at]


def _wanted(case: Case, prepared: Prepared, plan: Plan) -> Prepared:
    """Without the subjects that have no floor or aim, if the plan says so."""
    if plan.everything or not case.is_asked():
        return prepared
    names: set[str] = set()
    for comparison in case.comparisons:
        if comparison.is_asked() and comparison.subjects() <= prepared.subjects.keys():
            names |= comparison.subjects()
    return Prepared({name: s for name, s in prepared.subjects.items() if name in names}, prepared.left_out)
