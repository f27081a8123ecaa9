package io.github.openaikserve.examples;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.grpc.Balancing;
import io.github.openaikserve.grpc.EndpointHealth;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.grpc.Retries;
import io.github.openaikserve.grpc.TokenSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** What the page on operations shows of several servers, retries and certificates. */
public final class EndpointsExample {
  private EndpointsExample() {}

  /** Three servers. */
  public static GrpcBackend several() {
    var backend =
        GrpcBackend.builder()
            .targets(List.of("gpu-1:8001", "gpu-2:8001", "gpu-3:8001"))
            .balancing(Balancing.LEAST_REQUEST)
            .endpointHealth(EndpointHealth.DEFAULT.withFailures(3))
            .build();
    return backend;
  }

  /** Another budget, and calls that are made once. */
  public static InferenceBackend once() {
    var backend =
        GrpcBackend.builder()
            .target("dns:///triton.models.svc.cluster.local:8001")
            .retries(Retries.DEFAULT.withMaxAttempts(2).withBudget(50, 0.1))
            .build();
    InferenceBackend once = call -> backend.infer(call.nonRetryable());
    return once;
  }

  /** Both sides know each other. */
  public static GrpcBackend trusted(TokenSource tokens) {
    var backend =
        GrpcBackend.builder()
            .target("triton:8001")
            .tls(Path.of("ca.pem"))
            .clientCertificate(Path.of("client.pem"), Path.of("client-key.pem"))
            .certificateCheck(Duration.ofSeconds(30))
            .bearerTokens(tokens)
            .build();
    return backend;
  }
}
