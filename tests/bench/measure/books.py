"""The books that sql/load.sql stores, for those who ask for them."""

import pathlib
import random
import time
import uuid

# wrk keeps the requests and titles of so many in memory.
WRK_KEYS = 50_000


def book_id(number: int) -> str:
    """As sql/load.sql makes it."""
    digits = f"{100_000_000_000 + number * 618_033_988_747 % 900_000_000_000}40008000000000000000"
    return str(uuid.UUID(digits))


def write_keys(path: pathlib.Path, books: int) -> None:
    """All keys, for bench_load."""
    path.write_text("".join(f"{book_id(number)}\n" for number in range(1, books + 1)))


def write_titles(path: pathlib.Path, books: int) -> None:
    """Some keys and their titles, for wrk."""
    numbers = random.sample(range(1, books + 1), min(books, WRK_KEYS))
    path.write_text("".join(f"{book_id(number)}\tThe Chronicle of Number {number}\n" for number in numbers))


def write_new(path: pathlib.Path, books: int) -> None:
    r"""For \copy: the books that bench_load imports, with ids as the server makes them, in the order
    of time (UUID version 7)."""
    now = time.time_ns() // 1_000_000
    with path.open("w") as file:
        for number in range(books):
            bits = (
                (now + number // 100) << 80
                | 7 << 76
                | 2 << 62
                | (number % 100) << 64
                | random.getrandbits(62)
            )
            book = f"Imported {number % 256},A. Measure,Yardstick & Sons,1999"
            file.write(f"{uuid.UUID(int=bits)},{book}\n")
