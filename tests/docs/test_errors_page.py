"""docs/errors.md has a heading for each reason, with the statuses that the contract of errors
states; the `type` of a problem leads to it."""

import re

from conftest import ROOT

PROTO = ROOT / "proto/dataservice/v1/error_reason.proto"
CODES = re.compile(r"\b([A-Z_]+) \((\d{3})\)")


def reasons() -> dict[str, set[str]]:
    """Returns, for each reason, the codes and HTTP statuses in its comment."""
    found, comment = {}, []
    for line in PROTO.read_text().splitlines():
        value = re.match(r"\s+([A-Z_]+) = \d+;", line)
        if value:
            text = " ".join(comment)
            found[value[1]] = {word for pair in CODES.findall(text) for word in pair}
        comment = [*comment, line.strip(" /")] if line.lstrip().startswith("//") else []
    del found["ERROR_REASON_UNSPECIFIED"]
    return found


def sections() -> dict[str, str]:
    """Returns, for each heading of the third level, the paragraph after it."""
    text = (ROOT / "docs/errors.md").read_text()
    return dict(re.findall(r"^### (\S+)\n\n(.*)$", text, re.M))


def codes() -> set[str]:
    """Returns the names of google.rpc.Code, without OK."""
    text = (ROOT / ".deps/protos/google/rpc/code.proto").read_text()
    return set(re.findall(r"^  ([A-Z_]+) = \d+;", text, re.M)) - {"OK"}


def test_every_reason_and_every_code_has_a_heading():
    assert set(sections()) == set(reasons()) | codes()


def test_the_statuses_are_those_of_the_contract_of_errors():
    page = sections()
    for reason, words in reasons().items():
        missing = {word for word in words if word not in page[reason]}
        assert not missing, f"{reason}: {missing}"
