"""After the load and the troubles, each metric that dashboard and rules name has moved."""

from test_names import CONSTANT, named


def test_every_metric_moves(system):
    still = set()
    for name in named():
        if CONSTANT.fullmatch(name):
            continue
        moved = any(
            system.query(f"max(max_over_time({series}[20m]) - min_over_time({series}[20m])) > 0")
            or system.query(f"max(max_over_time({series}[20m])) > 0")
            for series in (name, f"{name}_count")
        )
        if not moved:
            still.add(name)
    assert not still
