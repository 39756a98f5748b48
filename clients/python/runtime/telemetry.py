"""Spans and durations of calls by the OpenTelemetry API, if it is installed. They carry the
names of methods, status codes and request ids, never values."""

from __future__ import annotations

import importlib
import time
from typing import Any, List, Optional, Tuple

import grpc

from .errors import ServiceError
from .retry import Method

Metadata = Tuple[Tuple[str, str], ...]


class Span:
    """One logical call."""

    __slots__ = ("_attributes", "_duration", "_span", "_start", "metadata")

    def __init__(self, span: Any, duration: Any, attributes: dict[str, str], metadata: Metadata) -> None:
        self._span = span
        self._duration = duration
        self._attributes = attributes
        self._start = time.perf_counter()
        #: The trace context, for the server.
        self.metadata = metadata

    def repeated(self, delay: float) -> None:
        self._span.add_event("retry", {"delay": delay})

    def end(self, error: Optional[BaseException]) -> None:
        code = error.code if isinstance(error, ServiceError) else grpc.StatusCode.OK
        if error is not None and not isinstance(error, ServiceError):
            code = grpc.StatusCode.CANCELLED
        attributes = {**self._attributes, "rpc.response.status_code": code.name}
        self._span.set_attribute("rpc.response.status_code", code.name)
        if error is not None:
            self._span.set_attribute("error.type", type(error).__name__)
        self._span.end()
        self._duration.record(time.perf_counter() - self._start, attributes)


class Telemetry:
    def __init__(self, name: str) -> None:
        trace: Any = importlib.import_module("opentelemetry.trace")
        metrics: Any = importlib.import_module("opentelemetry.metrics")
        self._propagate: Any = importlib.import_module("opentelemetry.propagate")
        self._trace = trace
        self._tracer = trace.get_tracer(name)
        self._duration = metrics.get_meter(name).create_histogram(
            "rpc.client.call.duration",
            unit="s",
            description="Duration of logical calls, with their repetitions",
        )

    def start(self, method: Method, request_id: str) -> Span:
        attributes = {"rpc.system.name": "grpc", "rpc.method": method.path[1:]}
        span = self._tracer.start_span(
            method.path[1:],
            kind=self._trace.SpanKind.CLIENT,
            attributes={**attributes, "rpc.request.id": request_id},
        )
        carrier: dict[str, str] = {}
        self._propagate.inject(carrier, context=self._trace.set_span_in_context(span))
        found: List[Tuple[str, str]] = [(key.lower(), value) for key, value in carrier.items()]
        return Span(span, self._duration, attributes, tuple(found))


def make_telemetry(name: str) -> Optional[Telemetry]:
    """None if the OpenTelemetry API is not installed."""
    try:
        return Telemetry(name)
    except ImportError:
        return None
