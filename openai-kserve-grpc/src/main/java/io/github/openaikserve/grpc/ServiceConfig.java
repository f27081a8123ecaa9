package io.github.openaikserve.grpc;

import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What gRPC is told about retries and balancing, as the JSON that it expects: every number a
 * double, durations in seconds with an {@code s}.
 *
 * <p><b>Source:</b> grpc/grpc, doc/service_config.md; grpc/proposal, A6-client-retries.md.
 */
final class ServiceConfig {
  private static final double GROWTH = 2;

  private final Map<String, Object> config = new HashMap<>();

  /** Repeats inferences, and nothing else. */
  ServiceConfig retries(Retries retries, @Nullable String service) {
    if (retries.maxAttempts() > 1) {
      String name = service == null ? GRPCInferenceServiceGrpc.SERVICE_NAME : service;
      config.put(
          "methodConfig",
          List.of(
              Map.of(
                  "name",
                  List.of(
                      Map.of("service", name, "method", "ModelInfer"),
                      Map.of("service", name, "method", "ModelStreamInfer")),
                  "retryPolicy",
                  policy(retries))));
      config.put(
          "retryThrottling",
          Map.of("maxTokens", (double) retries.budget(), "tokenRatio", retries.earned()));
    }
    return this;
  }

  private static Map<String, Object> policy(Retries retries) {
    return Map.of(
        "maxAttempts",
        (double) retries.maxAttempts(),
        "initialBackoff",
        seconds(retries.firstPause()),
        "maxBackoff",
        seconds(retries.longestPause()),
        "backoffMultiplier",
        GROWTH,
        "retryableStatusCodes",
        List.of("UNAVAILABLE"));
  }

  /** Balances by a policy of gRPC's registry. */
  ServiceConfig balancing(String policy, Map<String, ?> settings) {
    config.put("loadBalancingConfig", List.of(Map.of(policy, settings)));
    return this;
  }

  Map<String, ?> toMap() {
    return Map.copyOf(config);
  }

  static String seconds(Duration duration) {
    return BigDecimal.valueOf(duration.toNanos(), 9).stripTrailingZeros().toPlainString() + "s";
  }
}
