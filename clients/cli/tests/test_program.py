"""Help, completion, profiles, and the example of the README."""

import csv
import io
import json
import os
import pathlib
import re
import subprocess
from concurrent import futures

import grpc
import pytest
import yaml
from conftest import PROGRAMS, Run

CLIENT = pathlib.Path(__file__).parent.parent


def test_describe(run: Run) -> None:
    text = run("book", "describe").stdout
    assert text.startswith("bookstore.v1.Book: A book, published once.\n")
    year = next(line for line in text.splitlines() if line.startswith("year"))
    assert re.split(r"  +", year)[:4] == [
        "year",
        "int32",
        "required",
        "Year of publication; years BC are negative, and there is no year 0.",
    ]


def test_the_forms_of_a_description(run: Run) -> None:
    year = {
        "name": "year",
        "type": "int32",
        "behavior": "required",
        "description": "Year of publication; years BC are negative, and there is no year 0.",
    }
    described = json.loads(run("book", "describe", "-o", "json").stdout)
    assert described["resource"] == "bookstore.v1.Book"
    assert year in described["fields"]
    assert yaml.safe_load(run("book", "describe", "-o", "yaml").stdout) == described
    lines = run("book", "describe", "-o", "ndjson").stdout.splitlines()
    assert [json.loads(line) for line in lines] == described["fields"]
    assert year in list(csv.DictReader(io.StringIO(run("book", "describe", "-o", "csv").stdout)))
    run("book", "describe", "-o", "xml", code=2)


def test_help(run: Run) -> None:
    text = run("--help").stdout
    assert "Exit codes:" in text
    assert "  review " in text
    # The description of a flag is that of the contract's field.
    assert re.search(r"--order-by string +The order of the books", run("book", "list", "--help").stdout)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(run: Run, tmp_path: pathlib.Path, shell: str) -> None:
    script = tmp_path / "completion"
    script.write_text(run("completion", shell).stdout)
    assert "bookstore" in script.read_text()
    check = subprocess.run(["which", shell], capture_output=True, text=True)
    if check.returncode:
        pytest.skip(f"{shell} is not installed")
    subprocess.run([shell, "--no-execute" if shell == "fish" else "-n", script], check=True)


def test_candidates(run: Run) -> None:
    def candidates(*words: str) -> list[str]:
        return [line.split("\t")[0] for line in run("__complete", *words).stdout.splitlines()]

    assert {"book", "review"} <= set(candidates(""))
    assert {"create", "import", "list"} <= set(candidates("book", ""))
    assert {"table", "json", "yaml"} <= set(candidates("book", "list", "-o", ""))
    assert {"plain", "token"} <= set(candidates("book", "list", "--profile", ""))
    assert {"title=", "year="} <= set(candidates("book", "create", "--set", ""))


@pytest.mark.parametrize("profile", ["token", "certificate"])
def test_tls(run: Run, author: str, profile: str) -> None:
    fields = {"title": "Emma", "author": author, "publisher": "P", "year": "1816"}
    sets = [argument for field, value in fields.items() for argument in ("--set", f"{field}={value}")]
    book = json.loads(run("--profile", profile, "book", "create", *sets, "-o", "json").stdout)
    assert run("--profile", profile, "book", "get", book["id"], "-o", "ndjson").stdout


def test_callers_that_are_not_known(run: Run) -> None:
    run("--profile", "anonymous", "book", "list", code=9)
    # The flag replaces the profile's command.
    run("--profile", "token", "--token-command", "echo wrong", "book", "list", code=9)
    assert "the token command" in run("--profile", "broken", "book", "list", code=1).stderr


def test_another_contract() -> None:
    """A program of another contract has its resources, without code for them."""
    program = PROGRAMS / "types"
    text = subprocess.run([program, "--help"], check=True, capture_output=True, text=True).stdout
    resources = re.search(r"Available Commands:\n(.*?)\n\n", text, re.DOTALL)
    assert resources is not None
    names = [line.split()[0] for line in resources[1].splitlines()]
    # Methods that are no standard ones are those of their service.
    merge = subprocess.run(
        [program, "order-service", "merge-orders", "--help"], check=True, capture_output=True, text=True
    ).stdout
    assert "--set" in merge
    resources_of_contract = set(names) - {"completion", "help", "order-service"}
    assert resources_of_contract
    for name in resources_of_contract:
        described = subprocess.run([program, name, "describe"], check=True, capture_output=True, text=True)
        assert described.stdout.startswith("types.v1.")


def test_a_custom_method() -> None:
    """The command sends the request to the method and prints its response."""
    requests = []

    def merge(request: bytes, _: grpc.ServicerContext) -> bytes:
        requests.append(request)
        return b"\x08\x03"  # moved_count: 3

    server = grpc.server(futures.ThreadPoolExecutor(2))
    handlers = {"MergeOrders": grpc.unary_unary_rpc_method_handler(merge)}
    server.add_generic_rpc_handlers([grpc.method_handlers_generic_handler("types.v1.OrderService", handlers)])
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    arguments = ["order-service", "merge-orders", "--set", "code=a", "--set", "into_code=b", "-o", "json"]
    program = [PROGRAMS / "types", "--address", address, "--cleartext", *arguments]
    result = subprocess.run(program, capture_output=True, text=True, timeout=20)
    server.stop(None)
    assert json.loads(result.stdout) == {"movedCount": "3"}, result
    # Fields have no order in the encoding.
    assert requests in ([b"\x0a\x01a\x12\x01b"], [b"\x12\x01b\x0a\x01a"])


def test_the_example_of_the_readme(environment: dict[str, str], tmp_path: pathlib.Path) -> None:
    text = (CLIENT / "README.md").read_text()
    example = re.search(r"```sh\n(.*?)```", text, re.DOTALL)
    assert example is not None
    result = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", example[1]],
        cwd=tmp_path,
        env=environment | {"PATH": f"{PROGRAMS}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result
    assert "2 imported, 0 refused" in result.stderr
