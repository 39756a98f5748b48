"""The chart: a bar for each comparison that has a floor or an aim."""

from .model import Comparison, Result
from .report import median_value, show_bound, show_value
from .svg import document, line, rectangle, text

WIDTH, LEFT, RIGHT, TOP, ROW = 1000, 450, 100, 92, 26
COLOURS = {"aim": "#2e7d32", "floor": "#1565c0", "missed": "#c62828"}
# The longest bar, in floors; the value of a longer one has a sign.
LONGEST = 3.0


def svg(results: list[Result], title: str) -> str:
    lines = [(result, c) for result in results for c in result.comparisons() if c.is_asked()]
    height = TOP + ROW * len(lines) + 24
    parts = [
        text(16, 26, "Product against yardstick", size=16),
        text(16, 46, title, fill="#555555"),
        text(
            16,
            66,
            "Each bar in units of its floor (1). Where the label says <=, shorter is better.",
            fill="#555555",
        ),
        *_legend(),
        *(part for tick in range(int(LONGEST) + 1) for part in _tick(tick, height)),
    ]
    for number, (result, comparison) in enumerate(lines):
        parts += _row(TOP + ROW * number, result, comparison)
    return document(WIDTH, height, parts)


def _bound(comparison: Comparison) -> float:
    """What the bar is measured by: the floor, or the aim where there is no floor."""
    return comparison.floor if comparison.floor is not None else comparison.aim


def _x(value: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * min(max(value, 0), LONGEST) / LONGEST


def _row(y: int, result: Result, comparison: Comparison) -> list[str]:
    value = median_value(result, comparison)
    scaled = value / _bound(comparison)
    colour = COLOURS[comparison.verdict(value)]
    bounds = " ".join(show_bound(comparison, b) for b in (comparison.floor, comparison.aim) if b is not None)
    end = _x(scaled)
    parts = [
        text(LEFT - 8, y + 14, f"{comparison.label}  ({bounds})", anchor="end", size=11),
        rectangle(LEFT, y + 3, end - LEFT, 14, colour),
        text(WIDTH - RIGHT + 8, y + 14, show_value(comparison, value) + (" >>" if scaled > LONGEST else "")),
    ]
    if comparison.floor is not None:
        parts.append(_mark(_x(1), y, "#000000"))
    if comparison.aim is not None:
        parts.append(_mark(_x(comparison.aim / _bound(comparison)), y, "#ef6c00"))
    return parts


def _mark(x: float, y: int, colour: str) -> str:
    return rectangle(x - 1, y, 2, 20, colour)


def _tick(value: int, height: int) -> list[str]:
    x = _x(value)
    return [
        line([(x, TOP - 4), (x, height - 20)], "#dddddd"),
        text(x, height - 8, str(value), anchor="middle", fill="#555555"),
    ]


def _legend() -> list[str]:
    names = {"aim": "aim reached", "floor": "floor reached", "missed": "missed"}
    parts, x = [], 560
    for verdict, name in names.items():
        parts += [
            rectangle(x, 17, 10, 10, COLOURS[verdict]),
            text(x + 15, 26, name),
        ]
        x += 105
    parts += [
        _mark(566, 33, "#000000"),
        text(575, 47, "floor"),
        _mark(671, 33, "#ef6c00"),
        text(680, 47, "aim"),
    ]
    return parts
