package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.grpc.internal.port.TritonErrorHeader;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The header is sent only to servers that support it. */
final class TritonErrorHeaderTest {
  private static final Metadata.Key<String> HEADER =
      Metadata.Key.of(TritonErrorHeader.NAME, Metadata.ASCII_STRING_MARSHALLER);

  private final List<String> seen = new CopyOnWriteArrayList<>();
  private boolean refuses;

  @SuppressWarnings("NullAway.Init")
  private Server server;

  @AfterEach
  void stop() throws Exception {
    server.shutdownNow().awaitTermination();
  }

  @ParameterizedTest
  @CsvSource({
    "triton, 2.67.9, false",
    "triton, 2.68.0, true",
    "triton, 2.70.0dev, true",
    "triton, 3.0.0, true",
    "triton, , false",
    "triton, unknown, false",
    "other, 2.70.0, false",
    "'', '', false"
  })
  void theHeaderIsSentOnlyToServersThatAcceptIt(String name, String version, boolean sent)
      throws Exception {
    try (var backend = start(name, version == null ? "" : version)) {
      Recorder.of(backend.infer(Servers.streamCall())).texts();
      assertThat(backend.ready().toCompletableFuture().get()).contains(true);
      Recorder.of(backend.infer(Servers.streamCall())).texts();
    }

    assertThat(seen)
        .containsExactly(
            "stream " + (sent ? "true" : "null"), "stream " + (sent ? "true" : "null"));
  }

  @Test
  void aRefusedHeaderIsNeverSentAgainAndTheCallIsRepeatedWithoutIt() throws Exception {
    refuses = true;
    try (var backend = start("triton", "2.69.0")) {
      assertThat(Recorder.of(backend.infer(Servers.streamCall())).texts()).containsExactly("a");
      assertThat(Recorder.of(backend.infer(Servers.streamCall())).texts()).containsExactly("a");
    }

    assertThat(seen).containsExactly("stream true", "stream null", "stream null");
  }

  private GrpcBackend start(String name, String version) throws Exception {
    server =
        Servers.start(() -> ServerInterceptors.intercept(new Named(name, version), new Watcher()));
    return GrpcBackend.builder()
        .target(Servers.target(server))
        .metadata(TritonErrorHeader.NAME, "true")
        .build();
  }

  private final class Watcher implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String value = headers.get(HEADER);
      boolean stream = call.getMethodDescriptor().getFullMethodName().endsWith("/ModelStreamInfer");
      if (stream || value != null) {
        seen.add((stream ? "stream " : "other ") + value);
      }
      if (refuses && value != null) {
        call.close(
            Status.INVALID_ARGUMENT.withDescription(
                "Header 'triton_grpc_error' is reserved for Triton usage and cannot be forwarded."),
            new Metadata());
        return new ServerCall.Listener<>() {};
      }
      return Contexts.interceptCall(Context.current(), call, headers, next);
    }
  }

  private static final class Named extends NamedService {
    Named(String name, String version) {
      super(name, version);
    }

    @Override
    public void modelStreamInfer(
        ModelInferRequest request, StreamObserver<ModelStreamInferResponse> responses) {
      responses.onNext(Servers.chunk("a"));
      responses.onCompleted();
    }
  }
}
