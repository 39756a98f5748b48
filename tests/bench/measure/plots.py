"""Plots of the growth cases: for each call the rate and the CPU time as work grows."""

from .model import Figure, Plot, Result
from .svg import document, line, rectangle, text

LEFT, TOP, COLUMN, PANEL, GAP = 16, 92, 200, 150, 60
COLOURS = {True: "#1565c0", False: "#9e9e9e"}  # by whether it is the product
ROWS = {"rate": "calls per second", "service_cpu_us": "CPU of the service per call, us"}


def svg(result: Result, plot: Plot, title: str) -> str:
    width = LEFT + COLUMN * len(plot.calls) + LEFT
    height = TOP + (PANEL + GAP) * len(ROWS)
    parts = [text(16, 26, plot.title, size=16), text(16, 46, title, fill="#555555"), *_legend()]
    for row, figure in enumerate(ROWS):
        for column, call in enumerate(plot.calls):
            parts += _panel(LEFT + COLUMN * column, TOP + (PANEL + GAP) * row, result, plot, call, figure)
    return document(width, height, parts)


def _legend() -> list[str]:
    parts = []
    for x, (is_product, name) in zip((16, 106), ((True, "product"), (False, "Go")), strict=True):
        parts += [rectangle(x, 58, 10, 10, COLOURS[is_product]), text(x + 15, 67, name)]
    return parts


def _panel(x: int, y: int, result: Result, plot: Plot, call: str, figure: str) -> list[str]:
    """Draws a call's figure: a line for the product and one for the yardstick, from 0 up."""
    values = {
        is_product: [result.median(Figure(plot.subject(call, p, is_product), figure)) for p in plot.points]
        for is_product in (False, True)
    }
    top = max(max(line) for line in values.values()) or 1
    step = (COLUMN - 60) / max(len(plot.points) - 1, 1)
    parts = [
        text(x, y, call),
        text(x, y + 13, ROWS[figure], size=9, fill="#555555"),
        line([(x + 10, y + PANEL), (x + COLUMN - 30, y + PANEL)], "#dddddd"),
    ]
    for at, label in enumerate(plot.points):
        parts.append(text(x + 20 + at * step, y + PANEL + 14, label, anchor="middle", size=10))
    for is_product, heights in values.items():
        places = [
            (x + 20 + at * step, y + PANEL - (PANEL - 40) * value / top) for at, value in enumerate(heights)
        ]
        parts.append(line(places, COLOURS[is_product], 2))
        for (at_x, at_y), value, other in zip(places, heights, values[not is_product], strict=True):
            parts.append(rectangle(at_x - 2, at_y - 2, 4, 4, COLOURS[is_product]))
            parts.append(_value(at_x, at_y, y + PANEL, value, other, COLOURS[is_product]))
    return parts


def _value(x: float, y: float, axis: float, value: float, other: float, colour: str) -> str:
    """Writes a value at its point so that it overlaps neither the other line's value nor the names
    on the axis: the higher one above, the lower one below, or beside the point if that is near the
    axis."""
    label = f"{value:,.0f}"
    if value >= other:
        return text(x, y - 5, label, anchor="middle", size=9, fill=colour)
    if y + 12 < axis:
        return text(x, y + 12, label, anchor="middle", size=9, fill=colour)
    return text(x + 5, y + 4, label, size=9, fill=colour)
