"""A stand-in for AWS: HTTP on 127.0.0.1 that speaks the SDKs' protocols, records every
call, and answers from Python functions.

AWS_ENDPOINT_URL leads boto3 and aws-sdk-go-v2 to it.
"""

import json
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler
from xml.sax.saxutils import escape

from loopback import Loopback


class ApiError(Exception):
    def __init__(self, code: str, message: str, status: int = 400):
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


class StandIn(Loopback):
    """A context manager that serves. `handlers` maps (service, operation) to a function from
    parameters to the response."""

    def __init__(self):
        self.handlers = {}
        self.calls: list[tuple[str, str, dict]] = []
        self._lock = threading.Lock()

    def operations(self, *services: str) -> list[str]:
        """The names of the calls in order, of these services or of all."""
        return [operation for service, operation, _ in self.calls if not services or service in services]

    def parameters(self, operation: str) -> list[dict]:
        return [parameters for _, name, parameters in self.calls if name == operation]

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        # "... Credential=KEY/DATE/REGION/SERVICE/aws4_request, ..."
        service = request.headers["Authorization"].split("Credential=")[1].split("/")[3]
        target = request.headers.get("X-Amz-Target")
        if target:
            operation, parameters = target.rsplit(".", 1)[1], json.loads(body or b"{}")
        else:
            form = dict(urllib.parse.parse_qsl(body.decode(), keep_blank_values=True))
            operation, parameters = form.pop("Action"), unflatten(form)
        with self._lock:
            self.calls.append((service, operation, parameters))
            try:
                handler = self.handlers.get((service, operation))
                if handler is None:
                    raise ApiError("AccessDenied", f"the stand-in has no {service} {operation}", 403)
                status, answer = 200, handler(parameters)
            except ApiError as error:
                status, answer = error.status, error
        form = json_answer if target else xml_answer
        text = form(operation, answer).encode()
        request.send_response(status)
        request.send_header("Content-Type", "application/x-amz-json-1.1" if target else "text/xml")
        request.send_header("Content-Length", str(len(text)))
        request.end_headers()
        request.wfile.write(text)


def unflatten(form: dict[str, str]) -> dict:
    """{"A.member.1.B": "x"} -> {"A": [{"B": "x"}]}, the form of lists in the query protocol."""
    root: dict = {}
    for name, value in form.items():
        parts = [part for part in name.split(".") if part != "member"]
        here = root
        for part in parts[:-1]:
            here = here.setdefault(part, {})
        here[parts[-1]] = value

    def lists(value):
        if not isinstance(value, dict):
            return value
        if value and all(key.isdigit() for key in value):
            return [lists(value[key]) for key in sorted(value, key=int)]
        # RDS names the elements: Filters.Filter.1
        if len(value) == 1:
            (inner,) = value.values()
            if isinstance(inner, dict) and inner and all(key.isdigit() for key in inner):
                return lists(inner)
        return {key: lists(each) for key, each in value.items()}

    return {key: lists(value) for key, value in root.items()}


def json_answer(operation: str, answer) -> str:
    if isinstance(answer, ApiError):
        return json.dumps({"__type": answer.code, "message": answer.message})
    return json.dumps(answer)


def xml_answer(operation: str, answer) -> str:
    if isinstance(answer, ApiError):
        inner = xml({"Type": "Sender", "Code": answer.code, "Message": answer.message})
        return f"<ErrorResponse><Error>{inner}</Error><RequestId>1</RequestId></ErrorResponse>"
    return (
        f"<{operation}Response><{operation}Result>{xml(answer)}</{operation}Result>"
        f"<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></{operation}Response>"
    )


def xml(value) -> str:
    if isinstance(value, dict):
        return "".join(f"<{key}>{xml(each)}</{key}>" for key, each in value.items() if each is not None)
    if isinstance(value, list):
        return "".join(f"<member>{xml(each)}</member>" for each in value)
    if isinstance(value, bool):
        return str(value).lower()
    return escape(str(value))
