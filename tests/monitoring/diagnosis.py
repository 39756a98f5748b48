"""Finds out what is wrong, and who caused it, from the gateway's metrics and log alone, or from the
server's, as docs/what-to-look-at.md says."""

import collections
import dataclasses

# Single slow requests are no trouble.
LEAST = 3


@dataclasses.dataclass
class Diagnosis:
    trouble: str  # "" if there is none
    culprit: str = ""


def diagnose(system, since: float, seconds: int) -> Diagnosis:
    """Looks at the last seconds, which began at `since` (time.time())."""
    requests = [line for line in system.lines(since) if line["event"] in ("request", "slow_request")]
    window = f"[{seconds}s]"
    for look in (database_away, row_locked, one_client, queue_full, method_slow):
        if found := look(system, requests, window):
            return found
    return Diagnosis("")


def problems(system, reason: str, window: str) -> float:
    return system.value(f'sum(increase(gateway_problems_total{{error_reason="{reason}"}}{window}))')


def database_away(system, requests, window) -> Diagnosis | None:
    if not problems(system, "DATABASE_UNAVAILABLE", window):
        return None
    return Diagnosis("the database is away", "PostgreSQL")


def row_locked(system, requests, window) -> Diagnosis | None:
    if not problems(system, "ROW_LOCKED", window):
        return None
    return Diagnosis(
        "a row is locked", most_common(r["method"] for r in requests if r.get("reason") == "ROW_LOCKED")
    )


def one_client(system, requests, window) -> Diagnosis | None:
    part = f"max_over_time(gateway_admission_largest_client_calls{window}) / gateway_admission_limit_calls"
    if system.value(f"max({part})") < 0.5:
        return None
    return Diagnosis("one client takes much", most_common(r["client"] for r in requests))


def queue_full(system, requests, window) -> Diagnosis | None:
    if not problems(system, "QUEUE_FULL", window):
        return None
    # The method that fills the server is the one that fills the queue.
    time = f"topk(1, sum by (rpc_method) (increase(rpc_client_call_duration_seconds_sum{window})))"
    return Diagnosis("the queue is full", system.query(time)[0]["metric"]["rpc_method"])


def method_slow(system, requests, window) -> Diagnosis | None:
    slow = [r for r in requests if r["event"] == "slow_request" and r["upstream_ms"] > r["duration_ms"] / 2]
    if len(slow) < LEAST:
        return None
    return Diagnosis("a statement is slow", most_common(r["method"] for r in slow))


def diagnose_server(system, since: float, seconds: int) -> Diagnosis:
    """The same by the server's metrics and log. To the server, all clients of a gateway are one."""
    calls = [line for line in system.lines(since) if line["event"] in ("call", "slow_call")]
    window = f"[{seconds}s]"
    if system.value(f"increase(server_database_connect_failures_total{window})"):
        return Diagnosis("the database is away", "PostgreSQL")
    if locked := [call["method"] for call in calls if call.get("reason") == "ROW_LOCKED"]:
        return Diagnosis("a row is locked", most_common(locked))
    if system.value(f"sum(increase(server_queue_refused_total{window}))"):
        time = f"topk(1, sum by (rpc_method) (increase(db_client_operation_duration_seconds_sum{window})))"
        return Diagnosis("the queue is full", system.query(time)[0]["metric"]["rpc_method"])
    slow = [
        call["method"]
        for call in calls
        if call["event"] == "slow_call" and call.get("database_ms", 0) > call["duration_ms"] / 2
    ]
    if len(slow) >= LEAST:
        return Diagnosis("a statement is slow", most_common(slow))
    return Diagnosis("")


def most_common(values) -> str:
    return collections.Counter(values).most_common(1)[0][0]
