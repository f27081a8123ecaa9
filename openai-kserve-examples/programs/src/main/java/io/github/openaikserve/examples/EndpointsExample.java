package io.github.openaikserve.examples;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.grpc.BearerTokenProvider;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.BalancingPolicy;
import io.github.openaikserve.resilience.CircuitBreakerPolicy;
import io.github.openaikserve.resilience.RetryPolicy;
import java.nio.file.Path;
import java.time.Duration;

/** Connects to several endpoints, with policies, certificates and tokens. */
public final class EndpointsExample {
  private EndpointsExample() {}

  /** Returns a backend over three endpoints. */
  public static BalancedBackend several() {
    var backend = GrpcBackend.connect("gpu-1:8001,gpu-2:8001,gpu-3:8001");
    return backend;
  }

  /** Returns a backend over all addresses of a name, with changed policies. */
  public static BalancedBackend configured() {
    var backend =
        GrpcBackend.builder()
            .target("dns:///triton.models.svc.cluster.local:8001")
            .connectTimeout(Duration.ofSeconds(1))
            .balanced()
            .name("triton")
            .balancing(BalancingPolicy.ROUND_ROBIN)
            .circuitBreaker(CircuitBreakerPolicy.builder().consecutiveFailures(3).build())
            .retries(RetryPolicy.builder().maxAttempts(2).budget(50, 0.1).build())
            .build();
    return backend;
  }

  /** Returns a backend without retries. */
  public static InferenceBackend neverTwice(InferenceBackend backend) {
    InferenceBackend once = call -> backend.infer(call.nonRetryable());
    return once;
  }

  /** Returns a backend with TLS, a client certificate and bearer tokens. */
  public static BalancedBackend trusted(BearerTokenProvider tokens) {
    var backend =
        GrpcBackend.builder()
            .target("triton:8001")
            .tls(Path.of("ca.pem"))
            .clientCertificate(Path.of("client.pem"), Path.of("client-key.pem"))
            .certificateReloadInterval(Duration.ofSeconds(30))
            .bearerTokens(tokens)
            .balanced()
            .build();
    return backend;
  }
}
