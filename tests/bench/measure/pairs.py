"""Comparisons of a build with another one, such as that of the commit before (--against)."""

import dataclasses

from .model import Case, Comparison, Figure, Prepared

BEFORE = ", before"
# A change may cost this much at most.
FLOOR = 0.97


def pair(case: Case, new: Prepared, before: Prepared) -> tuple[Case, Prepared]:
    """Returns the case with the product's subjects of both builds, each next to its counterpart,
    and the comparisons of their figures. Yardsticks are left out."""
    names = [name for name, subject in new.subjects.items() if subject.is_product]
    subjects, comparisons, left_out = {}, [], list(new.left_out)
    for name in names:
        if name not in before.subjects:
            left_out.append(f"{name}: the other build does not have it")
            continue
        subjects |= {name: new.subjects[name], name + BEFORE: before.subjects[name]}
        comparisons += [_comparison(case.name, name, figure) for figure in case.compared]
    paired = dataclasses.replace(case, comparisons=tuple(comparisons), group=2)
    return paired, Prepared(subjects, left_out)


def _comparison(case: str, subject: str, figure: str) -> Comparison:
    """Where a lower figure is better, the floor is the inverse."""
    is_rate = figure == "rate"
    return Comparison(
        f"{case}, {subject}, {figure.removesuffix('_us').removesuffix('_mb')}",
        Figure(subject, figure),
        Figure(subject + BEFORE, figure),
        lower_is_better=not is_rate,
        floor=FLOOR if is_rate else round(1 / FLOOR, 2),
    )
