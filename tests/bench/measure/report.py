"""The tables on standard output."""

import statistics
from collections.abc import Iterable, Sequence

from .model import Comparison, Figure, Relation, Result

CPU_SUFFIX = "_cpu_us"
# The order in which a call passes through them.
PROCESSES = ("generator", "gateway", "yardstick", "server", "relay", "database")


def tables(results: Iterable[Result]) -> str:
    results = list(results)
    notes = [f"left out, {result.case.name}: {what}" for result in results for what in result.left_out]
    notes += [f"FAILED, {result.case.name}: {result.error}" for result in results if result.error]
    return "\n".join([*_comparisons(results), "", *_subjects(results), *([""] if notes else []), *notes])


def show_figure(result: Result, figure: Figure | None) -> str:
    if figure is None:
        return "-"
    value = result.median(figure)
    if figure.name == "rate":
        return f"{value:,.0f}/s"
    return f"{value:,.0f} us" if figure.name.endswith("_us") else f"{value:,.1f} MB"


def show_value(comparison: Comparison, value: float) -> str:
    if comparison.relation is Relation.DIFFERENCE:
        return f"{value:+.0f} us"
    if comparison.relation is Relation.ABSOLUTE:
        return f"{value:.0f} us"
    return f"{value:.2f}"


def show_bound(comparison: Comparison, bound: float | None) -> str:
    if bound is None:
        return ""
    sign = "<=" if comparison.lower_is_better else ">="
    unit = "" if comparison.relation is Relation.RATIO else " us"
    return f"{sign} {bound:g}{unit}"


def median_value(result: Result, comparison: Comparison) -> float:
    """The median of the rounds' values, each of which compares what ran close together."""
    return statistics.median(result.values(comparison))


def _comparisons(results: list[Result]) -> list[str]:
    # With --against, the yardstick is the other build.
    rows = [("case", "product", "yardstick", "ratio", "rounds", "floor", "aim", "met")]
    for result in results:
        for c in result.comparisons():
            value, values = median_value(result, c), result.values(c)
            spread = f"{show_value(c, min(values))} .. {show_value(c, max(values))}"
            figures = show_figure(result, c.product), show_figure(result, c.yardstick)
            bounds = show_bound(c, c.floor), show_bound(c, c.aim)
            rows.append((c.label, *figures, show_value(c, value), spread, *bounds, c.verdict(value) or "-"))
    return _aligned(rows)


def _subjects(results: list[Result]) -> list[str]:
    head = ("subject", "rate", "p50", "p99", *(f"{name} CPU" for name in PROCESSES))
    rows = [head]
    for result in results:
        for name in result.rounds[0] if result.rounds else ():
            row = [f"{result.case.name}: {name}"]
            for figure in ("rate", "p50_us", "p99_us", *(f"{p}{CPU_SUFFIX}" for p in PROCESSES)):
                known = figure in result.rounds[0][name]
                shown = show_figure(result, Figure(name, figure)) if known else ""
                if known and figure.endswith(CPU_SUFFIX):
                    shown = f"{result.median(Figure(name, figure)):.1f} us"
                row.append(shown)
            rows.append(row)
    used = [i for i in range(len(head)) if any(row[i] for row in rows[1:])]
    return _aligned([[row[i] for i in used] for row in rows]) if len(rows) > 1 else []


def _aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """The first column to the left, the others to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(text.rjust(width) for text, width in zip(row[1:], widths[1:], strict=True)),
            ]
        )
        for row in rows
    ]
    return [lines[0], "-" * len(lines[0]), *lines[1:]]
