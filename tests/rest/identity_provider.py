"""An identity provider for tests: keys of the three algorithms, their JWK Set, and tokens.
The keys are made when the tests run."""

import json
import pathlib
import time
import uuid

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

ISSUER = "https://id.example"
AUDIENCE = "bookstore"
MAKERS = {
    "RS256": lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048),
    "ES256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate,
}


class IdentityProvider:
    def __init__(self, folder: pathlib.Path):
        self.jwks = folder / "jwks.json"
        self.keys = self.new_keys()
        self.publish(self.keys)

    @staticmethod
    def new_keys() -> dict:
        """Of each algorithm its kid and its private key."""
        return {algorithm: (str(uuid.uuid4()), make()) for algorithm, make in MAKERS.items()}

    def publish(self, *sets: dict) -> None:
        """Replaces the JWK Set by the public keys of these sets."""
        keys = [self.public(name, *pair) for keys in sets for name, pair in keys.items()]
        new = self.jwks.with_suffix(".new")
        new.write_text(json.dumps({"keys": keys}))
        new.rename(self.jwks)

    @staticmethod
    def public(algorithm: str, kid: str, key) -> dict:
        encoded = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
        return encoded | {"kid": kid, "alg": algorithm, "use": "sig"}

    def token(self, subject: str, algorithm: str = "ES256", headers: dict | None = None, **claims) -> str:
        """A token that is valid for five minutes, but for the claims that are given; None
        leaves a claim out."""
        kid, key = self.keys[algorithm]
        now = time.time()
        content = {"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "iat": int(now), "exp": int(now) + 300}
        content = {name: value for name, value in (content | claims).items() if value is not None}
        return jwt.encode(content, key, algorithm, headers={"kid": kid} | (headers or {}))

    def server_flags(self) -> tuple[str, ...]:
        return ("--jwks", str(self.jwks), "--jwt_issuer", ISSUER, "--jwt_audience", AUDIENCE)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
