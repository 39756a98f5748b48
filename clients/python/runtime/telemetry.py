"""Spans and durations of calls by the OpenTelemetry API, if it is installed. They carry the
names of methods, status codes and request ids, never values."""

from __future__ import annotations

import importlib
import time
from typing import Any, Dict, Optional, Tuple

from .errors import ServiceError
from .retry import Method

Metadata = Tuple[Tuple[str, str], ...]


class Span:
    """One logical call."""

    __slots__ = ("_path", "_span", "_start", "_telemetry", "metadata")

    def __init__(self, telemetry: Telemetry, path: str, span: Optional[Any], metadata: Metadata) -> None:
        self._telemetry = telemetry
        self._path = path
        # None if nobody records the span.
        self._span = span
        self._start = time.perf_counter()
        #: The trace context, for the server.
        self.metadata = metadata

    def repeated(self, delay: float) -> None:
        if self._span is not None:
            self._span.add_event("retry", {"delay": delay})

    def end(self, error: Optional[BaseException]) -> None:
        code = "OK"
        if error is not None:
            code = error.code.name if isinstance(error, ServiceError) else "CANCELLED"
        if self._span is not None:
            self._span.set_attribute("rpc.response.status_code", code)
            if error is not None:
                self._span.set_attribute("error.type", type(error).__name__)
            self._span.end()
        self._telemetry.record(time.perf_counter() - self._start, self._path, code)


class Telemetry:
    """Costs little while the program has set no provider: each dictionary is made once, and
    values that nobody receives are not computed."""

    def __init__(self, name: str) -> None:
        trace: Any = importlib.import_module("opentelemetry.trace")
        metrics: Any = importlib.import_module("opentelemetry.metrics")
        self._propagate: Any = importlib.import_module("opentelemetry.propagate")
        self._trace = trace
        self._kind = trace.SpanKind.CLIENT
        self._start_span = trace.get_tracer(name).start_span
        self._duration = metrics.get_meter(name).create_histogram(
            "rpc.client.call.duration",
            unit="s",
            description="Duration of logical calls, with their repetitions",
        )
        # By path, and by path and status code.
        self._of_method: Dict[str, Dict[str, str]] = {}
        self._of_result: Dict[Tuple[str, str], Dict[str, str]] = {}

    def start(self, method: Method, request_id: str) -> Span:
        path = method.path
        attributes = self._of_method.get(path)
        if attributes is None:
            attributes = self._of_method[path] = {"rpc.system.name": "grpc", "rpc.method": path[1:]}
        span = self._start_span(attributes["rpc.method"], None, self._kind, attributes)
        metadata = self._trace_context(span) if span.get_span_context().is_valid else ()
        if not span.is_recording():
            return Span(self, path, None, metadata)
        span.set_attribute("rpc.request.id", request_id)
        return Span(self, path, span, metadata)

    def _trace_context(self, span: Any) -> Metadata:
        carrier: Dict[str, str] = {}
        self._propagate.inject(carrier, context=self._trace.set_span_in_context(span))
        return tuple((key.lower(), value) for key, value in carrier.items())

    def record(self, seconds: float, path: str, code: str) -> None:
        attributes = self._of_result.get((path, code))
        if attributes is None:
            attributes = {**self._of_method[path], "rpc.response.status_code": code}
            self._of_result[path, code] = attributes
        self._duration.record(seconds, attributes)


def make_telemetry(name: str) -> Optional[Telemetry]:
    """None if the OpenTelemetry API is not installed."""
    try:
        return Telemetry(name)
    except ImportError:
        return None
