"""The schema task as it runs on AWS: roles.sql and schema_task on a real PostgreSQL, under a master
user that is no superuser. The database comes from tests/suites/aws (tests/database); by hand:
    tests/database create /tmp/t && eval "$(tests/database env /tmp/t)" """

import os
import pathlib
import subprocess

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from templates import DEPLOY, ROOT, TEMPLATE_FOLDER, containers, environment

TASK = DEPLOY / "images/schema_task"
ROLES = ["bookstore_owner", "bookstore_app", "bookstore_reader"]
PASSWORDS = {"MASTER": "mm'$x", "OWNER": 'o"o\\', "APP": "a a", "READER": "rr"}

# Attributes and settings of each role; privileges on the database and the schema; default
# privileges on future tables of the owner.
ROLE_FACTS = """
SELECT rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls,
       (SELECT setconfig FROM pg_db_role_setting WHERE setrole = r.oid AND setdatabase = 0)
FROM pg_roles r WHERE rolname LIKE 'bookstore%' ORDER BY 1"""
DATABASE_FACTS = """
SELECT pg_get_userbyid(datdba), datacl::text FROM pg_database WHERE datname = 'bookstore'
UNION ALL SELECT pg_get_userbyid(nspowner), nspacl::text FROM pg_namespace WHERE nspname = 'public'
UNION ALL (
  SELECT format('%s %s', pg_get_userbyid(defaclrole), defaclobjtype), defaclacl::text
  FROM pg_default_acl ORDER BY 1)"""


class Cluster:
    def __init__(self, control: str):
        self.control = control
        secrets = pathlib.Path(control).parent / "secrets/pgpass"
        lines = [line.split(":") for line in secrets.read_text().splitlines()]
        self._superuser_password = next(password for _, _, _, user, password in lines if user == "postgres")
        self.port = conninfo_to_dict(os.environ["TEST_DATABASE_OWNER"])["port"]
        self.address = f"host=127.0.0.1 port={self.port} dbname=bookstore"

    def superuser(self, database: str) -> psycopg.Connection:
        return psycopg.connect(
            f"host=127.0.0.1 port={self.port}",
            dbname=database,
            user="postgres",
            password=self._superuser_password,
            autocommit=True,
        )

    def facts(self) -> list:
        with self.superuser("bookstore") as connection:
            return [connection.execute(query).fetchall() for query in (ROLE_FACTS, DATABASE_FACTS)]

    def connect(self, role: str, password: str) -> psycopg.Connection:
        return psycopg.connect(self.address, user=role, password=password, autocommit=True)


@pytest.fixture(scope="module")
def cluster():
    control = os.environ.get("TEST_DATABASE_CONTROL")
    if not control:
        pytest.fail("there is no database: tests/run aws makes one")
    cluster = Cluster(control)
    yield cluster
    with cluster.superuser("postgres") as connection:
        remove(connection)
    subprocess.run([control, "reset"], check=True)


def remove(connection: psycopg.Connection) -> None:
    connection.execute("DROP DATABASE IF EXISTS bookstore WITH (FORCE)")
    for role in [*ROLES, "database_master"]:
        connection.execute(f"DROP ROLE IF EXISTS {role}")


@pytest.fixture(scope="module")
def as_superuser_made(cluster) -> list:
    """The facts after deploy/local/lib/roles.sql."""
    return cluster.facts()


@pytest.fixture
def rds(cluster, as_superuser_made):
    """An empty database of a master user with the rights that RDS gives one."""
    with cluster.superuser("postgres") as connection:
        remove(connection)
        connection.execute("CREATE ROLE database_master LOGIN CREATEROLE CREATEDB NOSUPERUSER")
        connection.execute(
            psycopg.sql.SQL("ALTER ROLE database_master PASSWORD {}").format(PASSWORDS["MASTER"])
        )
        connection.execute("CREATE DATABASE bookstore OWNER database_master")
    return cluster


def task(address: str, *arguments: str, path: pathlib.Path | None = None, **more: str):
    folders = [str(folder) for folder in (path, ROOT / "build/release", "/usr/bin", "/bin") if folder]
    variables = {
        "PATH": ":".join(folders),
        "ROLES_SQL": str(TEMPLATE_FOLDER / "schema/roles.sql"),
        "DATABASE": address,
        "MASTER_USER": "database_master",
        **{f"{name}_PASSWORD": password for name, password in PASSWORDS.items()},
    }
    return subprocess.run(
        [TASK, *arguments], env=variables | more, capture_output=True, text=True, timeout=60
    )


def test_the_task_gets_what_the_script_asks_for():
    container = containers()["schema"]
    given = set(environment(container)) | {secret["Name"] for secret in container["Secrets"]}
    names = {f"{name}_PASSWORD" for name in PASSWORDS}
    assert given == {"DATABASE", "ALLOW", "MASTER_USER"} | names


def test_it_makes_roles_and_tables(rds, as_superuser_made):
    done = task(rds.address, "apply")
    assert done.returncode == 0, done.stderr
    assert "done: " in done.stdout
    # The result is the same as in a database that a superuser has set up.
    assert rds.facts() == as_superuser_made
    with rds.connect("bookstore_app", PASSWORDS["APP"]) as app:
        app.execute(
            "INSERT INTO bookstore.book (id, title, author, publisher, year) VALUES (%s, 'a', 'b', 'c', 1)",
            ["01a20ca1-9136-7608-97ab-2d050c35514a"],
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE bookstore.mine (id int)")
    with rds.connect("bookstore_reader", PASSWORDS["READER"]) as reader:
        assert reader.execute("SELECT title FROM bookstore.book").fetchall() == [("a",)]
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            reader.execute("DELETE FROM bookstore.book")


def test_it_may_run_again_and_puts_passwords_right(rds, as_superuser_made):
    assert task(rds.address, "apply").returncode == 0
    with rds.connect("bookstore_app", PASSWORDS["APP"]) as app:
        app.execute("ALTER ROLE bookstore_app PASSWORD 'of a rotation that was restored away'")
    done = task(rds.address, "apply")
    assert done.returncode == 0, done.stderr
    assert "nothing to do" in done.stdout
    assert rds.facts() == as_superuser_made
    rds.connect("bookstore_app", PASSWORDS["APP"]).close()


def test_a_refusal_is_its_words_and_its_status(rds):
    assert task(rds.address, "apply").returncode == 0
    with rds.superuser("bookstore") as other:
        other.execute("ALTER TABLE bookstore.book ADD shelf integer NOT NULL DEFAULT 1")
        other.execute("ALTER TABLE bookstore.book ALTER shelf DROP DEFAULT")
        other.commit()
    done = task(rds.address, "apply")
    assert done.returncode != 0
    assert "no row could be added" in done.stderr
    with rds.superuser("bookstore") as other:
        other.execute("ALTER TABLE bookstore.book DROP shelf")
        other.commit()


def test_a_wrong_password_ends_it_before_the_tool(rds, fake_tool):
    done = task(rds.address, "apply", path=fake_tool, MASTER_PASSWORD="wrong")
    assert done.returncode != 0
    assert "password authentication failed" in done.stderr
    assert "called" not in done.stdout


def test_half_of_the_roles_is_none(rds):
    """The script is one transaction: a failure leaves nothing behind."""
    with rds.superuser("postgres") as connection:
        connection.execute("CREATE ROLE bookstore_app SUPERUSER LOGIN")  # the master user cannot change it
    assert task(rds.address, "apply").returncode != 0
    with rds.superuser("postgres") as connection:
        found = connection.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'bookstore%'").fetchall()
    assert found == [("bookstore_app",)]


@pytest.fixture
def fake_tool(tmp_path) -> pathlib.Path:
    """A bookstore-schema that prints its arguments and its environment."""
    tool = tmp_path / "bookstore-schema"
    tool.write_text('#!/bin/sh\nprintf "called:"\nprintf " <%s>" "$@"\nprintf "\\n"\nenv\n')
    tool.chmod(0o755)
    return tmp_path


def test_plan_and_check_make_no_roles(rds, fake_tool):
    for command in ("plan", "check"):
        done = task(rds.address, command, path=fake_tool)
        assert done.stdout.startswith(f"called: <{command}> "), done.stderr
    with rds.superuser("postgres") as connection:
        found = connection.execute("SELECT FROM pg_roles WHERE rolname LIKE 'bookstore%'").fetchall()
    assert found == []


def test_the_tool_is_called_as_owner_and_with_what_is_allowed(fake_tool):
    done = task("host=h dbname=d", "plan", path=fake_tool, ALLOW="drop book.year,*")
    call = done.stdout.splitlines()[0]
    assert call == (
        "called: <plan> <--app_role> <bookstore_app> <--reader_role> <bookstore_reader>"
        " <--allow> <drop book.year> <--allow> <*> <--database> <host=h dbname=d user=bookstore_owner>"
    )
    assert "--allow" not in task("host=h dbname=d", "plan", path=fake_tool).stdout


def test_the_tool_sees_no_other_password(fake_tool):
    lines = task("host=h dbname=d", "plan", path=fake_tool).stdout.splitlines()
    assert f"PGPASSWORD={PASSWORDS['OWNER']}" in lines
    assert not [line for line in lines if line.split("=")[0] in {f"{name}_PASSWORD" for name in PASSWORDS}]


def test_psql_asks_as_reader(rds):
    assert task(rds.address, "apply").returncode == 0
    query = "SELECT current_user, current_setting('transaction_read_only')"
    done = task(rds.address, "psql", "--no-psqlrc", "--csv", "--tuples-only", "--command", query)
    assert done.stdout == "bookstore_reader,on\n", done.stderr


@pytest.mark.parametrize("name", ["DATABASE", "MASTER_PASSWORD", "READER_PASSWORD"])
def test_what_is_missing_is_named(name):
    done = task("host=h", "apply", **{name: ""})
    assert done.returncode != 0
    assert name in done.stderr
