"""The tests of the pages notice what they must."""

import blocks
from compare import Names, matches
from reader import Place, follow

PORTS = {8080: 28080, 50051: 28051, 5433: 28433}
A, B = "01a226fd-7dfc-79b2-9b84-2cf79f655f00", "01a226fd-8641-7431-ba51-b3b163a071f6"


def same(expected: str, actual: str) -> bool:
    return matches(Names().normalised(expected.splitlines()), Names().normalised(actual.splitlines()))


def test_other_keys_and_times_are_the_same_output():
    assert same(
        f'{{"id":"{A}","createTime":"2026-11-29T11:07:56.7Z"}}',
        f'{{"id":"{B}","createTime":"2027-01-01T00:00:00Z"}}',
    )
    assert same("HTTP/1.1 200 OK\nDate: a\nETag: x\n\nbody", "HTTP/1.1 200 OK\nETag: x\nDate: b\n\nbody")


def test_a_key_in_another_place_is_another_output():
    assert same(f"{A} {B} {A}", f"{B} {A} {B}")
    assert not same(f"{A} {B} {A}", f"{A} {B} {B}")


def test_another_value_is_another_output():
    assert not same('{"year":1815}', '{"year":1816}')
    assert not same("", "one line")
    assert not same("one line", "")


def test_three_dots_stand_for_lines():
    assert same("first\n...\nlast", "first\nx\ny\nlast")
    assert same("first\n...", "first")
    assert not same("first\n...\nlast", "first\nx\ny")
    assert not same("first\n...\nmiddle\n...\nlast", "first\nx\nlast")


PAGE = """# Page

```yaml title="folder/file.yaml"
a: 1
```

<!-- run
NAME=world
-->

```console
$ cat folder/file.yaml
a: 1
$ echo "hello $NAME" | \\
    tr a-z A-Z
HELLO WORLD
```
"""


def test_a_page_is_followed(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE)
    assert follow(page, Place(tmp_path, PORTS, {})) == []
    page.write_text(PAGE.replace("HELLO WORLD", "HELLO"))
    assert len(follow(page, Place(tmp_path, PORTS, {}))) == 1


def test_an_output_is_replaced(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCS_UPDATE", "1")
    page = tmp_path / "page.md"
    page.write_text(PAGE.replace("HELLO WORLD\n", ""))
    assert follow(page, Place(tmp_path, PORTS, {})) != []
    assert page.read_text() == PAGE


def test_a_block_that_is_not_run_is_found():
    kinds = [type(step) for step in blocks.steps("```\n$ ls\n```\n\n```sh\nls\n```\n")]
    assert kinds == [blocks.Other, blocks.Script]
