"""What is measured and what is compared."""

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

# What one measurement found: "rate" (a second), "mean_us", "p50_us", "p99_us", and
# "PROCESS_cpu_us" for each call; a case may add its own.
Figures = dict[str, float]
Measure = Callable[[], Figures]


class MeasurementError(Exception):
    """Something did not run, or an answer was wrong."""


class Relation(Enum):
    RATIO = "x"  # product / yardstick
    DIFFERENCE = "us"  # product - yardstick


@dataclass(frozen=True)
class Figure:
    """A figure of one of a case's subjects."""

    subject: str
    name: str = "rate"


@dataclass(frozen=True)
class Comparison:
    """A line of the report. The floor must be reached, the aim is what to go for; where lower is
    better they are upper bounds."""

    label: str
    product: Figure
    yardstick: Figure
    relation: Relation = Relation.RATIO
    lower_is_better: bool = False
    floor: float | None = None
    aim: float | None = None

    def value(self, measured: Mapping[str, Figures]) -> float:
        """Of one round."""
        product = measured[self.product.subject][self.product.name]
        yardstick = measured[self.yardstick.subject][self.yardstick.name]
        return product - yardstick if self.relation is Relation.DIFFERENCE else product / yardstick

    def subjects(self) -> set[str]:
        return {self.product.subject, self.yardstick.subject}

    def is_asked(self) -> bool:
        """Whether anything is asked of it."""
        return self.floor is not None or self.aim is not None

    def reaches(self, value: float, bound: float) -> bool:
        return value <= bound if self.lower_is_better else value >= bound

    def verdict(self, value: float) -> str:
        """ "aim", "floor", "missed", or nothing where nothing is asked."""
        if self.aim is not None and self.reaches(value, self.aim):
            return "aim"
        if self.floor is not None and self.reaches(value, self.floor):
            return "floor"
        return "missed" if self.is_asked() else ""


@dataclass
class Prepared:
    """A case that is ready to be measured, and what it must do without."""

    subjects: dict[str, Measure]
    left_out: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Case:
    """`prepare` starts what the case needs (a Stage keeps it) and says what to measure.
    `writes`: the database is cleaned afterwards. `rounds`: not the plan's."""

    name: str
    about: str
    prepare: Callable[..., Prepared]
    comparisons: tuple[Comparison, ...]
    writes: bool = False
    rounds: int | None = None

    def is_asked(self) -> bool:
        return any(comparison.is_asked() for comparison in self.comparisons)


@dataclass
class Result:
    """Of a case: for each round what each subject did."""

    case: Case
    rounds: list[dict[str, Figures]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    error: str = ""
    seconds: float = 0

    def comparisons(self) -> list[Comparison]:
        """Those whose subjects were measured."""
        return [c for c in self.case.comparisons if self.rounds and c.subjects() <= self.rounds[0].keys()]

    def values(self, comparison: Comparison) -> list[float]:
        return [comparison.value(measured) for measured in self.rounds]

    def median(self, figure: Figure) -> float:
        return statistics.median(measured[figure.subject][figure.name] for measured in self.rounds)
