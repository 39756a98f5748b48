"""What commands with --eventual send: a server that records the metadata of its calls."""

from collections.abc import Iterator
from concurrent import futures

import grpc
import pytest
from conftest import Run

# The commands that read, and the method that each one calls.
READS = {
    "get": ("GetBook", ["get", "1"]),
    "batch-get": ("BatchGetBooks", ["batch-get", "1", "2"]),
    "list": ("ListBooks", ["list", "--all"]),
    "export": ("ExportBooks", ["export"]),
}
FIRST_PAGE = b"\x12\x012"  # ListBooksResponse: next_page_token "2"


class Books:
    """The read-consistency of each call, and the arguments that reach the server."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, list[str]]] = []
        self.server = grpc.server(futures.ThreadPoolExecutor(2))
        handlers = {
            "GetBook": grpc.unary_unary_rpc_method_handler(self.answer("GetBook")),
            "BatchGetBooks": grpc.unary_unary_rpc_method_handler(self.answer("BatchGetBooks")),
            "ListBooks": grpc.unary_unary_rpc_method_handler(self.answer("ListBooks", FIRST_PAGE)),
            "UpdateBook": grpc.unary_unary_rpc_method_handler(self.answer("UpdateBook")),
            "ExportBooks": grpc.unary_stream_rpc_method_handler(self.export),
        }
        service = grpc.method_handlers_generic_handler("bookstore.v1.BookService", handlers)
        self.server.add_generic_rpc_handlers([service])
        port = self.server.add_insecure_port("127.0.0.1:0")
        self.arguments = ["--address", f"127.0.0.1:{port}", "--cleartext", "book"]

    def note(self, method: str, context: grpc.ServicerContext) -> None:
        sent = [value for name, value in context.invocation_metadata() if name == "read-consistency"]
        self.calls.append((method, sent))

    def answer(self, method: str, first: bytes = b""):
        """A method whose first answer is another one than the later ones, which are empty."""
        answers = iter([first])

        def handler(_: bytes, context: grpc.ServicerContext) -> bytes:
            self.note(method, context)
            return next(answers, b"")

        return handler

    def export(self, _: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
        self.note("ExportBooks", context)
        yield b""


@pytest.fixture
def books() -> Iterator[Books]:
    made = Books()
    made.server.start()
    yield made
    made.server.stop(None)


@pytest.mark.parametrize(
    ("flags", "sent"),
    [
        ([], []),
        (["--eventual"], ["eventual"]),
        (["--eventual=1.5s"], ["eventual; max-staleness=1500ms"]),
        (["--eventual=900h"], ["eventual; max-staleness=86400000ms"]),
    ],
)
@pytest.mark.parametrize("command", READS)
def test_the_flag_sends_the_metadata(
    run: Run, books: Books, command: str, flags: list[str], sent: list[str]
) -> None:
    method, arguments = READS[command]
    run(*books.arguments, *arguments, *flags)
    pages = 2 if command == "list" else 1
    assert books.calls == [(method, sent)] * pages


def test_an_update_reads_as_always(run: Run, books: Books) -> None:
    run(*books.arguments, "update", "1", "--set", "title=Emma")
    assert books.calls == [("GetBook", []), ("UpdateBook", [])]


@pytest.mark.parametrize(
    "arguments",
    [
        ["get", "1", "--eventual=-1s"],
        ["get", "1", "--eventual=soon"],
        ["get", "1", "--eventual="],
        ["list", "--eventual", "1s"],
        ["update", "1", "--set", "title=Emma", "--eventual"],
        ["delete", "1", "--eventual"],
    ],
)
def test_wrong_arguments(run: Run, books: Books, arguments: list[str]) -> None:
    run(*books.arguments, *arguments, code=2)
    assert books.calls == []


@pytest.mark.parametrize("command", READS)
def test_help(run: Run, command: str) -> None:
    assert "--eventual duration[=0s]" in run("book", command, "--help").stdout
