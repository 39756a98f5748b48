"""Who calls, by REST and by gRPC: tokens, the policy, and everything that a client may try
in order to be somebody else. Under tests/run tls the gateway speaks for its callers as a
trusted forwarder, and gRPC clients have a certificate."""

import base64
import json
import threading
import uuid

import grpc
import jwt
import pytest
import transport
from bookstore.v1 import bookstore_pb2 as pb
from bookstore.v1 import bookstore_pb2_grpc
from conftest import PLANTED, sample
from cryptography.hazmat.primitives import hashes, hmac, serialization
from identity_provider import IdentityProvider, bearer
from local import wait_for
from problems import check_problem
from running import System

BOOK = "/book/00000000-0000-4000-8000-000000000001"
POLICY = """
rules:
  - name: readers
    who: [{kind: token}]
    call: [read]
  - name: editors
    who: [{kind: token, claims: {groups: editors}}]
    call: [read, write]
  - name: services
    who: [{kind: certificate, subject: "spiffe://local/client"}]
    call: [read]
"""


@pytest.fixture(scope="module")
def provider(tmp_path_factory) -> IdentityProvider:
    return IdentityProvider(tmp_path_factory.mktemp("identity"))


@pytest.fixture(scope="module")
def audit(provider):
    return provider.jwks.with_name("audit.ndjson")


@pytest.fixture(scope="module")
def system(test_database, provider, audit):
    policy = provider.jwks.with_name("policy.yaml")
    policy.write_text(POLICY)
    flags = (*provider.server_flags(), "--policy", str(policy), "--audit_log", str(audit))
    with System(test_database, server_flags=flags) as system:
        yield system


@pytest.fixture
def client(system):
    with system.client() as client:
        yield client


@pytest.fixture
def editor(provider) -> dict[str, str]:
    return bearer(provider.token("ada", groups=["editors"]))


def refused(response, reason: str, error: str | None = "invalid_token") -> None:
    """A 401 as RFC 6750 has it."""
    assert check_problem(response, 401, "UNAUTHENTICATED")["reason"] == reason
    challenge = response.headers["www-authenticate"]
    assert challenge.startswith("Bearer realm=")
    assert ("error=" in challenge) == (error is not None)
    assert error is None or f'error="{error}"' in challenge


@pytest.mark.parametrize("algorithm", ["RS256", "ES256", "EdDSA"])
def test_a_token_of_each_algorithm(client, provider, algorithm):
    headers = bearer(provider.token("ada", algorithm))
    assert client.get("/book", headers=headers).status_code == 200
    # From the memory of verified tokens.
    assert client.get("/book", headers=headers).status_code == 200
    problem = check_problem(client.put("/book", json=sample(), headers=headers), 403, "PERMISSION_DENIED")
    assert problem["reason"] == "CALL_DENIED"


def test_without_a_token(client):
    refused(client.get("/book"), "IDENTITY_REQUIRED", error=None)
    refused(client.put("/book", json=sample()), "IDENTITY_REQUIRED", error=None)
    for path in ("/healthz", "/readyz", "/openapi.json"):
        assert client.get(path).status_code == 200


def encode(part: dict | bytes) -> str:
    data = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def forged(token: str, header: dict | None = None, claims: dict | None = None, signature=None) -> str:
    """A token with some parts replaced and its signature kept."""
    parts = token.split(".")
    parts[0] = encode(jwt.get_unverified_header(token) | (header or {}))
    parts[1] = encode(jwt.decode(token, options={"verify_signature": False}) | (claims or {}))
    if signature is not None:
        parts[2] = signature
    return ".".join(parts)


def signed_with_the_public_key(provider: IdentityProvider) -> str:
    """HS256 with the public key as secret: a verifier that lets the token choose the
    algorithm takes it."""
    kid, key = provider.keys["RS256"]
    secret = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    claims = jwt.decode(provider.token("ada"), options={"verify_signature": False})
    text = f"{encode({'alg': 'HS256', 'kid': kid, 'typ': 'JWT'})}.{encode(claims)}"
    mac = hmac.HMAC(secret, hashes.SHA256())
    mac.update(text.encode())
    return f"{text}.{encode(mac.finalize())}"


def hostile_tokens(provider: IdentityProvider, folder) -> dict[str, str]:
    good = provider.token("ada")
    folder.mkdir(exist_ok=True)
    stranger = IdentityProvider(folder)
    kid = provider.keys["ES256"][0]
    jwk = stranger.public("ES256", kid, stranger.keys["ES256"][1])
    return {
        "alg none": forged(good, {"alg": "none"}, signature=""),
        "alg None": forged(good, {"alg": "None"}),
        "key confusion": signed_with_the_public_key(provider),
        "algorithm of another key": forged(good, {"alg": "RS256"}),
        "another subject": forged(good, claims={"sub": "root"}),
        "a group more": forged(good, claims={"groups": ["editors"]}),
        "unknown key": stranger.token("ada"),
        "key of a stranger": stranger.token("ada", headers={"kid": kid}),
        "embedded jwk": stranger.token("ada", headers={"kid": kid, "jwk": jwk}),
        "jku": provider.token("ada", headers={"jku": "https://evil.example/jwks.json"}),
        "unknown crit": provider.token("ada", headers={"crit": ["b64"], "b64": False}),
        "expired": provider.token("ada", exp=1),
        "no exp": provider.token("ada", exp=None),
        "exp a text": forged(good, claims={"exp": "9"}),
        "not valid yet": provider.token("ada", nbf=99999999999),
        "another issuer": provider.token("ada", iss="https://evil.example"),
        "another audience": provider.token("ada", aud="library"),
        "no audience": provider.token("ada", aud=None),
        "no subject": provider.token("ada", sub=None),
        "cut": good[:-3],
        "two signatures": f"{good}.{good.split('.')[2]}",
        "not base64": good.replace(".", ".!", 1),
        "planted": f"{PLANTED}.{PLANTED}.{PLANTED}",
        "large": provider.token("ada", padding="x" * 20_000),
    }


def test_forged_tokens(client, provider, tmp_path, system):
    for name, token in hostile_tokens(provider, tmp_path / "stranger").items():
        response = client.get("/book", headers=bearer(token))
        assert response.status_code == 401, f"{name}: {response.text}"
        expected = {"expired": "TOKEN_EXPIRED", "unknown key": "TOKEN_KEY_UNKNOWN"}
        refused(response, expected.get(name, "TOKEN_INVALID"))
        assert token not in response.text
    log = system.log_text()
    assert provider.token("ada").split(".")[0] not in log


def test_a_token_of_1_mb(client):
    assert client.get("/book", headers=bearer("x" * 1_000_000)).status_code == 431


def test_spellings_of_authorization(client, provider):
    token = provider.token("ada")
    for value in (f"bearer {token}", f"BEARER   {token}"):
        assert client.get("/book", headers={"Authorization": value}).status_code == 200
    for value in (
        token,
        f"Basic {token}",
        f"Bearer{token}",
        f"Bearer {token} x",
        f"Bearer {token},x",
        "Bearer",
        "",
    ):
        assert client.get("/book", headers={"Authorization": value}).status_code == 401, value
    twice = [("Authorization", f"Bearer {token}"), ("authorization", f"Bearer {token}")]
    assert client.get("/book", headers=twice).status_code == 400


@pytest.mark.parametrize(
    "name",
    [
        "X-Forwarded-User",
        "X-Forwarded-Client-Cert",
        "X-Ssl-Client-S-Dn",
        "X-Amzn-Oidc-Identity",
        "X-Amzn-Oidc-Data",
        "X-User",
        "Remote-User",
        "Grpc-Metadata-Authorization",
        "Grpc-Metadata-Caller",
        "X_Authorization",
        "Proxy-Authorization",
        "Authorization-Bin",
        "From",
    ],
)
def test_no_other_header_names_a_caller(client, provider, name):
    token = provider.token("ada", groups=["editors"])
    for value in (f"Bearer {token}", token, "ada", "spiffe://local/client", encode(token.encode())):
        refused(client.get("/book", headers={name: value}), "IDENTITY_REQUIRED", error=None)


def test_no_metadata_names_a_caller(system, provider):
    """The client has a certificate under TLS: the spellings change nothing about it."""
    token = provider.token("ada", groups=["editors"])
    spellings = ["x-forwarded-user", "caller", "x-authorization", "proxy-authorization", "authorization-bin"]
    with system.channel() as channel:
        books = bookstore_pb2_grpc.BookServiceStub(channel)
        for name in spellings:
            value = token.encode() if name.endswith("-bin") else f"Bearer {token}"
            with pytest.raises(grpc.RpcError) as error:
                books.CreateBook(pb.CreateBookRequest(book=pb.Book(**sample())), metadata=[(name, value)])
            secure = transport.is_secure()
            expected = grpc.StatusCode.PERMISSION_DENIED if secure else grpc.StatusCode.UNAUTHENTICATED
            assert error.value.code() == expected, name


def test_grpc(system, provider, tmp_path):
    """Without TLS a client is its token; a client with a certificate is itself, and its token
    must be valid too."""
    good = [("authorization", f"Bearer {provider.token('ada', groups=['editors'])}")]
    with system.channel() as channel:
        books = bookstore_pb2_grpc.BookServiceStub(channel)
        books.ListBooks(pb.ListBooksRequest(page_size=1), metadata=good)
        creation = pb.CreateBookRequest(book=pb.Book(**sample()))
        if transport.is_secure():
            books.ListBooks(pb.ListBooksRequest(page_size=1))
            with pytest.raises(grpc.RpcError) as error:
                books.CreateBook(creation, metadata=good)
            assert error.value.code() == grpc.StatusCode.PERMISSION_DENIED
        else:
            assert books.CreateBook(creation, metadata=good).id
            with pytest.raises(grpc.RpcError) as error:
                books.ListBooks(pb.ListBooksRequest(page_size=1))
            assert error.value.code() == grpc.StatusCode.UNAUTHENTICATED
        for name, token in hostile_tokens(provider, tmp_path / "stranger").items():
            if name == "large":
                continue  # gRPC refuses metadata of this size itself
            with pytest.raises(grpc.RpcError) as error:
                books.ListBooks(
                    pb.ListBooksRequest(page_size=1), metadata=[("authorization", f"Bearer {token}")]
                )
            assert error.value.code() == grpc.StatusCode.UNAUTHENTICATED, name


def test_a_renewed_token_is_the_same_caller(client, provider):
    key = {"Idempotency-Key": str(uuid.uuid4())}

    def create(subject: str, **claims):
        token = provider.token(subject, groups=["editors"], jti=str(uuid.uuid4()), **claims)
        return client.put("/book", json=sample(), headers=key | bearer(token))

    first, again = create("ada"), create("ada", algorithm="EdDSA")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert check_problem(create("eve"), 422)["reason"] == "REQUEST_ID_REUSED"


def test_the_audit_log_names_the_subject(client, editor, provider, audit):
    request_id = f"audit-{uuid.uuid4()}"
    made = client.put("/book", json=sample(title=PLANTED), headers=editor | {"X-Request-Id": request_id})
    assert made.status_code == 201
    denied = client.delete(made.headers["location"], headers=bearer(provider.token("eve")))
    assert denied.status_code == 403

    def records() -> list[dict]:
        return [json.loads(line) for line in audit.read_text().splitlines()] if audit.exists() else []

    def find(subject: str, method: str) -> list[dict]:
        return [r for r in records() if subject in json.dumps(r) and method in json.dumps(r)]

    wait_for(lambda: find("eve", "DeleteBook"), what="the audit record")
    record = next(r for r in find("ada", "CreateBook") if request_id in json.dumps(r))
    assert made.json()["id"] in json.dumps(record)
    assert PLANTED not in audit.read_text()


def test_keys_are_rotated_under_load(system, provider):
    """The keys are replaced while clients call: first the new keys beside the old ones, then
    without them. No call with a current token fails; an old token ends with its key."""
    old = provider.token("ada")
    tokens = {"current": old}
    stop, failures, calls = threading.Event(), [], [0] * 8

    def call(number: int) -> None:
        with system.client() as client:
            while not stop.is_set():
                response = client.get("/book?page_size=1", headers=bearer(tokens["current"]))
                calls[number] += 1
                if response.status_code != 200:
                    failures.append(response.text)

    threads = [threading.Thread(target=call, args=(number,)) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    try:
        with system.client() as client:

            def works(token: str) -> bool:
                return client.get("/book?page_size=1", headers=bearer(token)).status_code == 200

            before, provider.keys = provider.keys, provider.new_keys()
            provider.publish(before, provider.keys)
            new = provider.token("ada")
            wait_for(lambda: works(new), what="the new keys")
            tokens["current"] = new
            assert works(old)
            provider.publish(provider.keys)
            wait_for(lambda: not works(old), what="the end of the old keys")
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert not failures, failures[:3]
    assert min(calls) > 5


def test_the_document_names_the_scheme(client):
    document = client.get("/openapi.json").json()
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_a_refused_call_changes_nothing(client, editor, provider):
    made = client.put("/book", json=sample(title="Kept"), headers=editor)
    path = made.headers["location"]
    for headers in ({}, bearer(provider.token("eve")), bearer("a.b.c")):
        for verb, body in (("PATCH", {"title": "Lost"}), ("PUT", sample(title="Lost")), ("DELETE", None)):
            assert client.request(verb, path, json=body, headers=headers).status_code in (401, 403)
    assert client.get(path, headers=editor).json()["title"] == "Kept"
    check_problem(client.get(BOOK, headers=editor), 404)
