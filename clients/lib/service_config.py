"""The gRPC service config of a contract (https://github.com/grpc/grpc/blob/master/doc/service_config.md)."""

import json

from arrangement import Collection


def text(collections: list[Collection]) -> str:
    """Round robin, and retries of reads when a connection breaks. gRPC cannot know which
    writes may be repeated: the runtimes can."""
    reads = [
        {"service": method.service, "method": method.short_name}
        for collection in collections
        for method in collection.methods
        if method.is_read
    ]
    retry = {
        "maxAttempts": 4,
        "initialBackoff": "0.1s",
        "maxBackoff": "2s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"],
    }
    config = {
        "loadBalancingConfig": [{"round_robin": {}}],
        "retryThrottling": {"maxTokens": 100, "tokenRatio": 0.1},
        "methodConfig": [{"name": reads, "retryPolicy": retry}],
    }
    return json.dumps(config, indent=2) + "\n"
