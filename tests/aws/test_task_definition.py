"""task_definition.py resolves a task definition."""

import pathlib

from task_definition import TaskTemplate

PATH = pathlib.Path(__file__).parent / "task_template.yaml"
IMPORTS = {"Endpoint": "proxy.example"}


def containers(**parameters: str) -> dict:
    return {each.name: each for each in TaskTemplate(PATH, parameters, IMPORTS).containers()}


def test_commands_environment_and_order():
    found = containers(Workers="7")
    assert list(found) == ["server", "gateway"]
    server = found["server"]
    flags = ["--grpc_address=0.0.0.0:50051", "--workers=7"]
    assert server.command == ["bookstore-server", *flags]
    assert server.environment == {
        "AWS_REGION": "eu-west-1",
        "DATABASE": "host=proxy.example port=5432 dbname=bookstore sslmode=verify-full "
        "sslrootcert=/etc/ssl/certs/amazon-trust.pem",
        "CREDENTIALS_COMMAND": "rds-credentials secret --arn Key.Id",
    }
    assert server.secrets == {"PAGE_TOKEN_KEY": "Key"}
    assert server.stop_timeout == 60
    assert server.mounts == {"/run/tls": "tls"}
    assert found["gateway"].command == [
        "bookstore-gateway",
        "--http_address=:8080",
        "--grpc_target=127.0.0.1:50051",
    ]


def test_conditions():
    environment = containers(Credentials="iam")["server"].environment
    assert environment["CREDENTIALS_COMMAND"] == "rds-credentials iam --host localhost --user bookstore_app"
    assert environment["UNUSED"] == "x"
    command = containers(Credentials="iam", Audiences="one,two")["server"].command
    assert command[-1] == "--audience=one,two"
    environment = containers(SecretArn="arn:x")["server"].environment
    assert environment["CREDENTIALS_COMMAND"] == "rds-credentials secret --arn arn:x"
