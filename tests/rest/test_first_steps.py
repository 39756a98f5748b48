"""What a new user does first, on an empty store."""


def test_first_steps(fresh_system):
    with fresh_system.client() as rest:
        empty = rest.get("/book")
        assert (empty.status_code, empty.json()) == (200, {"books": []})
        assert rest.get("/review").json() == {"reviews": []}

        added = rest.put(
            "/book", json={"title": "Emma", "author": "Jane Austen", "publisher": "John Murray", "year": 1815}
        )
        assert added.status_code == 201

        listed = rest.get("/book").json()
        assert listed == {"books": [added.json()]}
        assert fresh_system.titles() == {"Emma"}


def test_applying_the_schema_again_changes_nothing(fresh_system):
    with fresh_system.client() as rest:
        book = rest.put("/book", json={"title": "T", "author": "A", "publisher": "P", "year": 1}).json()
        fresh_system.apply_schema()
        assert rest.get(f"/book/{book['id']}").json() == book


def test_print_shows_the_ddl(fresh_system):
    ddl = fresh_system.schema("print")
    for word in ("CREATE TABLE", "bookstore.book", "bookstore.review", "REFERENCES", "CHECK", "CREATE INDEX"):
        assert word.lower() in ddl.lower()
