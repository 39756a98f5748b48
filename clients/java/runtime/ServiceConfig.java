package dataservice.runtime;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The gRPC service config of a contract
 * (https://github.com/grpc/grpc/blob/master/doc/service_config.md).
 */
final class ServiceConfig {
  private ServiceConfig() {}

  /**
   * Round robin over all addresses, and repetitions of reads when a connection breaks. gRPC cannot
   * know which writes may be repeated: Calls does.
   */
  static Map<String, ?> of(Collection<Method<?, ?>> methods) {
    List<Map<String, String>> reads =
        methods.stream().filter(Method::isRead).map(ServiceConfig::name).toList();
    Map<String, ?> retry =
        Map.of(
            "maxAttempts",
            4.0,
            "initialBackoff",
            "0.1s",
            "maxBackoff",
            "2s",
            "backoffMultiplier",
            2.0,
            "retryableStatusCodes",
            List.of("UNAVAILABLE"));
    return Map.of(
        "loadBalancingConfig",
        List.of(Map.of("round_robin", Map.of())),
        "retryThrottling",
        Map.of("maxTokens", 100.0, "tokenRatio", 0.1),
        "methodConfig",
        reads.isEmpty() ? List.of() : List.of(Map.of("name", reads, "retryPolicy", retry)));
  }

  private static Map<String, String> name(Method<?, ?> method) {
    return Map.of(
        "service", method.descriptor().getServiceName(),
        "method", method.descriptor().getBareMethodName());
  }
}
