"""The Dockerfiles, their entry points, and compose.yaml, as far as they can be tested without a
container engine."""

import json
import os
import re
import subprocess

import jsonschema
import pytest
import yaml
from templates import DEPLOY, ROOT, TEMPLATES, containers, environment, text_of

IMAGES = DEPLOY / "images"
NAMES = ("server", "gateway", "schema")
BINARIES = ROOT / "build/release"
VENV = ROOT / ".deps/venv/bin"
WORKERS = TEMPLATES["bookstore-app"]["Parameters"]["Workers"]["Default"]
# Packages that every Debian image contains.
BASE_PACKAGES = {"libc6", "libgcc-s1", "libstdc++6"}


def dockerfile(name: str) -> str:
    return (IMAGES / f"{name}.Dockerfile").read_text()


def last_stage(name: str) -> str:
    return dockerfile(name).rsplit("\nFROM ", 1)[1]


@pytest.mark.parametrize("name", NAMES)
def test_hadolint_reports_nothing(name):
    done = subprocess.run(
        [VENV / "hadolint", "--no-color", IMAGES / f"{name}.Dockerfile"], capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_it_runs_as_nobody_and_keeps_no_tools(name):
    stage = last_stage(name)
    assert re.findall(r"^USER (\S+)$", stage, re.MULTILINE) == ["65532:65532"]
    assert stage.index("USER ") < stage.index("ENTRYPOINT ")
    assert not re.search(r"build-essential|-dev\b|apt-get install(?!.*--no-install-recommends)", stage)
    assert "ADD " not in dockerfile(name)


def test_the_three_share_their_build_stage():
    stages = {dockerfile(name).split("ARG DEBIAN", 1)[1].rsplit("\nFROM ", 1)[0] for name in NAMES}
    assert len(stages) == 1


def test_the_build_is_what_set_up_does():
    build = dockerfile("server").rsplit("\nFROM ", 1)[0]
    assert "RUN deploy/local/setup --images\n" in build
    assert "tools/dev/compile.sh bookstore-server bookstore-schema bookstore-gateway" in build
    # Nothing is downloaded by other means.
    assert not re.search(r"curl|wget|pip |npm |go install", build)


def copied(name: str) -> list[str]:
    """The paths that the last stage copies from /src of the build stage."""
    return re.findall(r"/src/(\S+)", last_stage(name))


def test_what_is_copied_is_what_the_build_makes():
    made_here = {"build/release/rds-credentials", "build/amazon-trust.pem"}
    for name in NAMES:
        for path in copied(name):
            assert path in made_here or (ROOT / path).exists(), (name, path)


def needed(program) -> set[str]:
    done = subprocess.run(["readelf", "--dynamic", program], capture_output=True, text=True, check=True)
    return set(re.findall(r"NEEDED.*\[(.+)\]", done.stdout))


PROGRAMS = {
    "server": [BINARIES / "bookstore-server"],
    "schema": [BINARIES / "bookstore-schema", "/usr/lib/postgresql/15/bin/psql"],
}


@pytest.fixture(scope="module")
def package_of() -> dict[str, str]:
    """The Debian package of each library that a program requires."""
    libraries = sorted(set().union(*(needed(program) for found in PROGRAMS.values() for program in found)))
    patterns = [f"*/{library}" for library in libraries]
    done = subprocess.run(["dpkg-query", "--search", *patterns], capture_output=True, text=True, check=True)
    owners = {}
    for package, path in (re.split(r"(?::\w+)?: ", line, maxsplit=1) for line in done.stdout.splitlines()):
        # A development package may have a link of the same name, and lib32 the library for
        # another architecture.
        if not package.endswith(("-dev", "-cross")) and "/lib32/" not in path:
            owners[path.rsplit("/", 1)[1]] = package
    assert set(owners) == set(libraries)
    return owners


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_image_has_the_libraries_of_its_programs_and_no_others(name, package_of):
    installed = set(re.findall(r"^ {8}(lib\S+) \\$", last_stage(name), re.MULTILINE))
    wanted = {package_of[library] for program in PROGRAMS[name] for library in needed(program)}
    assert wanted - BASE_PACKAGES == installed


def test_the_gateway_links_without_libc(tmp_path):
    """The image contains nothing but the program, which is linked as in the Dockerfile."""
    assert last_stage("gateway").startswith("scratch\n")
    assert "ENV CGO_ENABLED=0\n" in dockerfile("gateway")
    command = ["go", "build", "-buildvcs=false", "-trimpath", "-ldflags=-s", "-o", tmp_path / "gateway"]
    subprocess.run(
        [*command, "./gen/bookstore"],
        cwd=ROOT / "gateway",
        env={**os.environ, "CGO_ENABLED": "0"},
        check=True,
    )
    assert needed(tmp_path / "gateway") == set()


def test_the_trust_roots_are_amazons(tmp_path):
    file = tmp_path / "roots.pem"
    subprocess.run([IMAGES / "trust_roots", file], check=True)
    subjects = []
    for certificate in re.findall(r"-----BEGIN.*?END CERTIFICATE-----", file.read_text(), re.DOTALL):
        done = subprocess.run(
            ["openssl", "x509", "-noout", "-subject", "-checkend", str(366 * 86400)],
            input=certificate,
            capture_output=True,
            text=True,
            check=True,
        )
        subjects.append(re.search(r"CN ?= ?(.+)", done.stdout).group(1))
    assert subjects == [f"Amazon Root CA {number}" for number in (1, 2, 3, 4)]


def test_the_context_is_enough_to_configure(tmp_path):
    """The files that .dockerignore does not exclude, configured as in the Dockerfile."""
    ignored = (ROOT / ".dockerignore").read_text().splitlines()
    excludes = [f":(exclude,glob){line}" for line in ignored if line and not line.startswith("#")]
    excludes += [f":(exclude,glob){line}/**" for line in ignored if line and not line.startswith("#")]
    files = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", ".", *excludes],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    assert not [file for file in files if file.startswith("tests/")]
    context = tmp_path / "src"
    for file in sorted(set(files)):
        if (ROOT / file).is_file():
            (context / file).parent.mkdir(parents=True, exist_ok=True)
            (context / file).symlink_to(ROOT / file)
    (context / ".deps").symlink_to(ROOT / ".deps")
    # The results of pkg-config in the build of this machine, because it needs 15 s to repeat them.
    cache = (BINARIES / "CMakeCache.txt").read_text()
    known = re.findall(r"^(?:__pkg_config|pkgcfg_|GRPC_|PKG_CONFIG).*$", cache, re.MULTILINE)
    (context / "build/release").mkdir(parents=True)
    (context / "build/release/CMakeCache.txt").write_text("\n".join(known) + "\n")
    options = re.search(r"RUN cmake (-S . -B \S+ .*?) \\\n", dockerfile("server")).group(1).split()
    done = subprocess.run(["cmake", *options], cwd=context, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    # Each target of the Dockerfile exists.
    for target in re.search(r"compile\.sh (.+?) \\", dockerfile("server")).group(1).split():
        if target == "rds-credentials" and not (ROOT / "tools/rds_credentials").exists():
            continue
        planned = subprocess.run(
            ["ninja", "-C", "build/release", "-n", target], cwd=context, capture_output=True, text=True
        )
        assert planned.returncode == 0, (target, planned.stdout)


# --- tasks -----------------------------------------------------------------------------------


def test_containers_are_read_only_and_nobodys():
    assert set(containers()) == set(NAMES)
    for name, container in containers().items():
        assert container["ReadonlyRootFilesystem"] is True, name
        assert container["User"] == "65532:65532", name
        assert "Privileged" not in container, name


@pytest.mark.parametrize("name", NAMES)
def test_a_task_starts_what_the_image_starts(name):
    entry = json.loads(re.search(r"^ENTRYPOINT (.+)$", last_stage(name), re.MULTILINE).group(1))
    assert containers()[name]["EntryPoint"] == entry


def flags(container: dict, conditional: bool = True) -> dict[str, str]:
    """The flags of a command by name, on request without those that depend on a condition."""
    found = {}
    for argument in container["Command"]:
        if "Fn::If" in argument:
            if not conditional:
                continue
            _, argument, otherwise = argument["Fn::If"]
            assert otherwise == {"Ref": "AWS::NoValue"}
        name, _, value = text_of(argument).partition("=")
        found[name] = value
    return found


@pytest.mark.parametrize(
    ("name", "program"), [("server", "bookstore-server"), ("gateway", "bookstore-gateway")]
)
def test_every_flag_is_one_of_the_program(name, program):
    done = subprocess.run([BINARIES / program, "--help"], capture_output=True, text=True)
    known = set(re.findall(r"^\s+--?(\w+)", done.stdout + done.stderr, re.MULTILINE))
    assert {flag.lstrip("-") for flag in flags(containers()[name])} <= known


def test_a_task_has_the_default_number_of_workers():
    done = subprocess.run([BINARIES / "bookstore-server", "--help"], capture_output=True, text=True)
    assert re.findall(r"--workers .*=(\d+) ", done.stdout + done.stderr) == [str(WORKERS)]
    sizing = (DEPLOY / "SIZING.md").read_text()
    assert f"to the proxy, {WORKERS} workers |" in sizing
    for tasks in (1, 10, 100):
        assert f"\n| {tasks} | {tasks * (WORKERS + 1)} | {tasks * WORKERS} |" in sizing


def seconds(text: str) -> float:
    return float(text.removesuffix("s"))


def test_a_stop_fits_into_its_time():
    server, gateway = containers()["server"], containers()["gateway"]
    assert gateway["DependsOn"] == [{"ContainerName": "server", "Condition": "HEALTHY"}]
    drains = {
        "server": sum(seconds(flags(server)[f"--drain_{part}"]) for part in ("delay", "timeout")),
        "gateway": sum(seconds(flags(gateway)[f"--drain_{part}"]) for part in ("delay", "timeout")),
    }
    for name, drain in drains.items():
        # Fargate allows 120 s at most, for all containers of a task together.
        assert drain < containers()[name]["StopTimeout"] <= 120, name
    assert server["StopTimeout"] + gateway["StopTimeout"] <= 120
    # A request ends before its gateway does, and before the time limit of API Gateway (REST: 29 s).
    assert seconds(flags(gateway)["--request_timeout"]) < min(29, seconds(flags(gateway)["--drain_timeout"]))


def test_the_health_check_is_in_the_image():
    check = containers()["server"]["HealthCheck"]["Command"]
    assert check[:2] == ["CMD", "grpc_health_probe"]
    assert json.loads(re.search(r"\n    CMD (.+)", last_stage("server")).group(1)) == check[1:]
    assert ".deps/bin/grpc_health_probe" in copied("server")


def test_gateway_and_server_share_a_certificate():
    server, gateway = containers()["server"], containers()["gateway"]
    given = environment(server)
    pair = {name: given[name] for name in ("TLS_CERTIFICATE", "TLS_KEY")}
    assert flags(gateway)["--tls_certificate"] == flags(gateway)["--grpc_tls_ca"] == pair["TLS_CERTIFICATE"]
    assert flags(gateway)["--tls_key"] == pair["TLS_KEY"]
    for name in ("server", "gateway"):
        assert "--allow_cleartext" not in flags(containers()[name]), name
    # The volume is a folder of the server's image, and belongs to its user.
    (server_mount,), (gateway_mount,) = server["MountPoints"], gateway["MountPoints"]
    assert gateway_mount == server_mount | {"ReadOnly": True}
    folder = server_mount["ContainerPath"]
    assert all(path.startswith(f"{folder}/") for path in pair.values())
    stage = last_stage("server")
    assert f'VOLUME ["{folder}"]\n' in stage
    assert f"install --directory --owner=65532 --group=65532 --mode=0700 {folder}\n" in stage
    assert "".join(f" {name}={path}" for name, path in pair.items()) + "\n" in stage
    # server_task creates the pair with this program.
    assert re.search(r"^ {8}openssl \\$", stage, re.MULTILINE)


def test_tasks_connect_with_verified_tls():
    for name in ("server", "schema"):
        database = environment(containers()[name])["DATABASE"]["Fn::Sub"][0]
        assert "sslmode=verify-full sslrootcert=/etc/ssl/certs/amazon-trust.pem" in database, name
        assert "password" not in database


# --- compose ---------------------------------------------------------------------------------


def compose() -> dict:
    return yaml.safe_load((DEPLOY / "local/compose.yaml").read_text())


def test_compose_has_the_form_of_its_schema():
    schema = ROOT / ".deps/compose/node_modules/dclint/schemas/compose.schema.json"
    jsonschema.Draft7Validator(json.loads(schema.read_text())).validate(compose())
    # The schema rejects unknown keys.
    broken = compose() | {"services": {"x": {"image": "y", "no_such_key": 1}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(json.loads(schema.read_text())).validate(broken)


def test_compose_runs_what_a_task_runs():
    services = compose()["services"]
    workers = {"${Workers}": str(WORKERS)}
    for name in ("server", "gateway"):
        of_task = [
            f"{flag}={workers.get(value, value)}".removesuffix("=")
            for flag, value in flags(containers()[name], conditional=False).items()
        ]
        assert services[name]["command"] == of_task, name
        assert services[name]["stop_grace_period"] == f"{containers()[name]['StopTimeout']}s"
    assert services["server"]["healthcheck"]["test"] == containers()["server"]["HealthCheck"]["Command"]
    for name, suffix in (("server", ""), ("gateway", ":ro")):
        (mount,) = containers()[name]["MountPoints"]
        assert services[name]["volumes"] == [f"{mount['SourceVolume']}:{mount['ContainerPath']}{suffix}"]
    for name in ("TLS_CERTIFICATE", "TLS_KEY"):
        assert services["server"]["environment"][name] == environment(containers()["server"])[name]
    assert services["schema"]["command"] == containers()["schema"]["Command"]
    given = environment(containers()["schema"]) | {s["Name"]: s for s in containers()["schema"]["Secrets"]}
    assert set(services["schema"]["environment"]) == set(given) - {"ALLOW"}
    version = re.search(r"postgresql-(\d+)", (DEPLOY / "local/setup").read_text()).group(1)
    assert services["postgres"]["image"].startswith(f"postgres:{version}-")


def test_compose_is_for_this_machine_and_reads_only():
    for name, service in compose()["services"].items():
        assert service["read_only"] is True, name
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:"), name
        if "build" in service:
            assert service["cap_drop"] == ["ALL"], name
            assert (DEPLOY.parent / service["build"]["dockerfile"]).exists(), name


def test_hadolint_refuses_what_is_wrong(tmp_path):
    file = tmp_path / "Dockerfile"
    file.write_text("FROM debian\nRUN cd /tmp\n")
    assert subprocess.run([VENV / "hadolint", file], capture_output=True).returncode != 0
