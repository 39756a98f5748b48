"""Cases, subjects, comparisons and results."""

import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum

# Figures of one measurement: "rate" (calls per second), "mean_us", "p50_us", "p99_us",
# "PROCESS_cpu_us" (CPU time per call), and "service_cpu_us" (CPU time per call of all
# processes between the generator and the database). A case may add its own.
Figures = dict[str, float]
Measure = Callable[[], Figures]


class MeasurementError(Exception):
    """A program failed, or a response was wrong."""


class RateNotReachedError(MeasurementError):
    """This machine cannot do as many calls a second as a subject asks for."""


class Relation(Enum):
    RATIO = "x"  # product / yardstick
    DIFFERENCE = "us"  # product - yardstick
    ABSOLUTE = "of the product"  # there is no yardstick


@dataclass(frozen=True)
class Figure:
    """A figure of one of a case's subjects."""

    subject: str
    name: str = "rate"


@dataclass(frozen=True)
class Comparison:
    """A line of the report. The floor is required, the aim is the target. If lower_is_better,
    both are upper bounds."""

    label: str
    product: Figure
    yardstick: Figure | None
    relation: Relation = Relation.RATIO
    lower_is_better: bool = False
    floor: float | None = None
    aim: float | None = None

    def value(self, measured: Mapping[str, Figures]) -> float:
        """Returns the value of one round."""
        product = measured[self.product.subject][self.product.name]
        if self.yardstick is None:
            return product
        yardstick = measured[self.yardstick.subject][self.yardstick.name]
        return product - yardstick if self.relation is Relation.DIFFERENCE else product / yardstick

    def subjects(self) -> set[str]:
        return {figure.subject for figure in (self.product, self.yardstick) if figure}

    def is_asked(self) -> bool:
        """Reports whether it has a floor or an aim."""
        return self.floor is not None or self.aim is not None

    def reaches(self, value: float, bound: float) -> bool:
        return value <= bound if self.lower_is_better else value >= bound

    def verdict(self, value: float) -> str:
        """Returns "aim", "floor" or "missed", or "" if it has neither floor nor aim."""
        if self.aim is not None and self.reaches(value, self.aim):
            return "aim"
        if self.floor is not None and self.reaches(value, self.floor):
            return "floor"
        return "missed" if self.is_asked() else ""


def cpu_bound(label: str, subject: str, floor: float, aim: float) -> Comparison:
    """Bounds the CPU time per call of the product's processes, in microseconds."""
    figure = Figure(subject, "service_cpu_us")
    return Comparison(label, figure, None, Relation.ABSOLUTE, lower_is_better=True, floor=floor, aim=aim)


@dataclass(frozen=True)
class Subject:
    """Something that a case measures: the product or a yardstick."""

    measure: Measure
    is_product: bool = True


@dataclass(frozen=True)
class Plot:
    """What a plot shows: some calls, each measured at the same points of an axis."""

    title: str
    calls: tuple[str, ...]
    points: tuple[str, ...]

    @staticmethod
    def subject(call: str, point: str, is_product: bool) -> str:
        """Returns the name of a subject."""
        return f"{call}, {point}" + ("" if is_product else ", Go")


@dataclass
class Prepared:
    """The subjects of a case, ready to be measured, and the ones that are not available."""

    subjects: dict[str, Subject]
    left_out: list[str] = field(default_factory=list)
    plot: Plot | None = None


@dataclass(frozen=True)
class Case:
    """`prepare` starts the processes of the case on a Stage and returns its subjects.
    `writes`: the database is cleaned afterwards. `rounds` replaces the plan's number of rounds.
    `compared`: the figures of each subject that --against compares. `group`: so many subjects
    each are compared with each other, and always run one directly after another.
    `named_only`: it runs only if it is named on the command line."""

    name: str
    about: str
    prepare: Callable[..., Prepared]
    comparisons: tuple[Comparison, ...]
    writes: bool = False
    rounds: int | None = None
    compared: tuple[str, ...] = ("rate",)
    group: int = 1
    named_only: bool = False

    def is_asked(self) -> bool:
        return any(comparison.is_asked() for comparison in self.comparisons)


@dataclass
class Result:
    """The figures of a case: for each round those of each subject."""

    case: Case
    rounds: list[dict[str, Figures]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    plot: Plot | None = None
    error: str = ""
    seconds: float = 0

    def comparisons(self) -> list[Comparison]:
        """Returns the comparisons whose subjects were measured."""
        return [c for c in self.case.comparisons if self.rounds and c.subjects() <= self.rounds[0].keys()]

    def values(self, comparison: Comparison) -> list[float]:
        return [comparison.value(measured) for measured in self.rounds]

    def median(self, figure: Figure) -> float:
        return statistics.median(measured[figure.subject][figure.name] for measured in self.rounds)
