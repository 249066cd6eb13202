"""A small OpenID Connect provider on loopback that signs in whoever the test says."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "interviewer"


class FakeIdentityProvider:
    """Signs in `person` at once. `issued` is how long ago, in seconds, the identity was given out."""

    def __init__(self, person: str) -> None:
        self.person = person
        self.issued = 0
        self._key = RSAKey.generate_key(2048, {"kid": "test"})
        self._nonces: dict[str, str] = {}
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.fake = self
        self.address = f"http://127.0.0.1:{self._http.server_port}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def secrets(self, app: str) -> str:
        """What stands in secrets.toml of the app at this address."""
        return "\n".join(
            (
                "[auth]",
                f'redirect_uri = "{app}/oauth2callback"',
                f'cookie_secret = "{"x" * 40}"',
                f'client_id = "{CLIENT}"',
                'client_secret = "of the test"',
                f'server_metadata_url = "{self.address}/.well-known/openid-configuration"',
            )
        )

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
        }

    def keys(self) -> dict[str, Any]:
        return {"keys": [self._key.as_dict(private=False)]}

    def authorized(self, asked: dict[str, str]) -> str:
        """Where the browser goes on, with a code in the address."""
        code = f"{self.person}-{len(self._nonces)}"
        self._nonces[code] = asked.get("nonce", "")
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, code: str) -> dict[str, Any]:
        at = int(time.time()) - self.issued
        claims = {
            "iss": self.address,
            "sub": code.partition("-")[0],
            "aud": CLIENT,
            "iat": at,
            "exp": int(time.time()) + 600,
            "nonce": self._nonces[code],
        }
        signed = jwt.encode({"alg": "RS256", "kid": "test"}, claims, self._key)
        return {"access_token": "none", "token_type": "Bearer", "expires_in": 600, "id_token": signed}

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    fake: FakeIdentityProvider


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the output of the tests clean."""

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        match asked.path:
            case "/.well-known/openid-configuration":
                self._json(self.server.fake.metadata())
            case "/keys":
                self._json(self.server.fake.keys())
            case "/authorize":
                self.send_response(302)
                self.send_header(
                    "location", self.server.fake.authorized({name: v[0] for name, v in parse_qs(asked.query).items()})
                )
                self.end_headers()
            case _:
                self.send_error(404)

    def do_POST(self) -> None:
        body = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        self._json(self.server.fake.token(body["code"][0]))

    def _json(self, value: object) -> None:
        content = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
