"""What TLS, tokens and a policy cost."""

from ..identity import make_tls, make_tokens
from ..model import Case, Comparison, Figure, Prepared, Relation
from ..stage import Stage
from ..subjects import grpc

POLICY = """
rules:
  - {name: all, who: [{anonymous: true}, {authenticated: true}], call: [read, write]}
  - {name: subject, who: [{kind: token, subject: "*"}], call: [read]}
"""


def _security(stage: Stage) -> Prepared:
    tls, tokens = make_tls(stage.logs), make_tokens(stage.logs / "tokens")
    policy = stage.logs / "policy.yaml"
    policy.write_text(POLICY)
    secure = stage.server("server_tls", *tls.server)
    verifying = stage.server("server_tokens", *tokens.server, "--require_identity", "false")
    deciding = stage.server("server_policy", *tokens.server, "--policy", str(policy))
    return Prepared(
        {
            "cleartext": grpc(stage, stage.server(), "get"),
            "mutual TLS": grpc(stage, secure, "get", *tls.client),
            "no token": grpc(stage, verifying, "get"),
            "a token": grpc(stage, verifying, "get", *tokens.client),
            "a token and a policy": grpc(stage, deciding, "get", *tokens.client),
        }
    )


def _cpu(label: str, product: str, yardstick: str, floor: float | None) -> Comparison:
    return Comparison(
        label,
        Figure(product, "service_cpu_us"),
        Figure(yardstick, "service_cpu_us"),
        Relation.DIFFERENCE,
        lower_is_better=True,
        floor=floor,
    )


SECURITY = Case(
    "security",
    "GetBook, 64 concurrent, by mutual TLS, with a bearer token, and with a policy",
    _security,
    (
        Comparison(
            "GetBook, 64 concurrent, mutual TLS : cleartext",
            Figure("mutual TLS"),
            Figure("cleartext"),
            floor=0.85,
        ),
        _cpu("GetBook, CPU of the server, mutual TLS over cleartext", "mutual TLS", "cleartext", None),
        _cpu("GetBook, CPU of the server, a known token over none", "a token", "no token", 3),
        _cpu("GetBook, CPU of the server, a policy over none", "a token and a policy", "a token", None),
    ),
)
