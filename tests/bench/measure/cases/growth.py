"""The cost of the same calls as work grows: more rows, larger rows, more callers, a distant
database. Each case makes a plot. They run only if they are named."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from ..model import Case, Plot, Prepared, Subject
from ..stage import Server, Stage
from ..subjects import grpc, page_tokens, rest

PAGE_SIZE = "50"
CALLERS = (1, 16, 256, 2000)
ROW_BYTES = (1024, 16 * 1024)


@dataclass(frozen=True)
class Point:
    """A place on the horizontal axis of a plot."""

    label: str
    stage: Stage
    callers: int = 64
    relayed: bool = False

    def server(self, is_product: bool) -> Server:
        if is_product:
            return self.stage.server(relayed=self.relayed)
        return self.stage.yardstick("grpc", self.relayed)

    def front(self, is_product: bool) -> Server:
        if is_product:
            return self.stage.gateway(self.relayed)
        return self.stage.yardstick("rest", self.relayed)


Call = Callable[[Point, bool], Subject]


def _grpc(case: str, point: Point, is_product: bool) -> Subject:
    server, more = point.server(is_product), ()
    if case == "list":
        tokens = page_tokens(point.stage, server, int(PAGE_SIZE))
        more = ("--page_size", PAGE_SIZE, "--page_tokens", tokens)
    return grpc(point.stage, server, case, *more, concurrency=point.callers, relayed=point.relayed)


def _rest(case: str, point: Point, is_product: bool) -> Subject:
    arguments = [case]
    if case == "get":
        arguments.append(point.stage.titles)
    if case == "list":
        # The REST services have the tokens of the gRPC services.
        arguments += [PAGE_SIZE, page_tokens(point.stage, point.server(is_product), int(PAGE_SIZE))]
    front = point.front(is_product)
    return rest(point.stage, front, *arguments, connections=point.callers, relayed=point.relayed)


READS: dict[str, Call] = {
    "GetBook": partial(_grpc, "get"),
    "ListBooks of 50": partial(_grpc, "list"),
    "REST get": partial(_rest, "get"),
    "REST list of 50": partial(_rest, "list"),
}
WRITES: dict[str, Call] = {
    "CreateBook": partial(_grpc, "create"),
    "REST creation": partial(_rest, "create"),
}


def _prepare(title: str, points: Iterable[Point], calls: dict[str, Call]) -> Prepared:
    points = list(points)
    plot = Plot(title, tuple(calls), tuple(point.label for point in points))
    subjects = {
        plot.subject(name, point.label, is_product): call(point, is_product)
        for name, call in calls.items()
        for point in points
        for is_product in (True, False)
    }
    return Prepared(subjects, plot=plot)


def _rows(stage: Stage) -> Prepared:
    numbers = (stage.plan.books // 10, stage.plan.books)
    points = [Point(f"{books:,}", stage.of_size(books)) for books in numbers]
    return _prepare("Number of books, 64 callers", points, READS | WRITES)


def _size(stage: Stage) -> Prepared:
    # Few rows, so that they fit into memory. The contract's limits do not permit to create larger ones.
    books = max(stage.plan.books // 100, 1000)
    points = [Point("0.15 KB", stage.of_size(books))]
    points += [Point(f"{size // 1024} KB", stage.of_size(books, size)) for size in ROW_BYTES]
    return _prepare(f"Size of a book, {books:,} books, 64 callers", points, READS)


def _callers(stage: Stage) -> Prepared:
    points = [Point(f"{callers:,}", stage, callers) for callers in CALLERS]
    return _prepare("Callers at a time", points, READS | WRITES)


def _distance(stage: Stage) -> Prepared:
    points = [Point("0 ms", stage), Point("1 ms", stage, relayed=True)]
    return _prepare("Distance to the database, each way, 64 callers", points, READS | WRITES)


def _case(name: str, about: str, prepare: Callable[[Stage], Prepared], writes: bool = True) -> Case:
    return Case(name, f"{about} (only if named)", prepare, (), writes, rounds=3, group=2, named_only=True)


GROWTH = (
    _case("growth_rows", "six calls with 10 times the rows, and the Go services", _rows),
    _case("growth_size", "four reads with books of 0.15, 1 and 16 KB, and the Go services", _size, False),
    _case("growth_callers", "six calls from 1, 16, 256 and 2,000 callers, and the Go services", _callers),
    _case("growth_distance", "six calls with 1 ms each way to the database, and the Go services", _distance),
)
