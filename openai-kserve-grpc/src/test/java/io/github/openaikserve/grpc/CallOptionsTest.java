package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options of calls and the statuses that end them, over real Netty. */
final class CallOptionsTest {
  private static final Metadata.Key<String> ENCODING =
      Metadata.Key.of("grpc-encoding", Metadata.ASCII_STRING_MARSHALLER);
  private static final Metadata.Key<String> PUSH_BACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private final Set<String> encodings = ConcurrentHashMap.newKeySet();
  @AutoClose private final Resources resources = new Resources();

  @Test
  void requestsAreCompressedIfConfigured() throws Exception {
    ScriptedService service =
        ScriptedService.streaming((request, responses) -> responses.onCompleted());
    Server server = resources.start(() -> ServerInterceptors.intercept(service, new Encodings()));
    String target = Servers.target(server);
    try (var plain = Servers.connect(target);
        var small = GrpcBackend.builder().target(target).compression("gzip").build()) {
      Recorder.of(plain.infer(Servers.streamCall())).texts();
      assertThat(encodings).containsExactly("none");
      Recorder.of(small.infer(Servers.streamCall())).texts();
      assertThat(encodings).containsExactlyInAnyOrder("none", "gzip");
    }
  }

  @ParameterizedTest
  @CsvSource({"600000, PT10M", "0, PT0S", "-1,", "soon,"})
  void theServersRetryPushbackBecomesRetryAfter(String millis, @Nullable Duration retryAfter)
      throws Exception {
    var trailers = new Metadata();
    trailers.put(PUSH_BACK, millis);
    Server server =
        resources.start(
            ScriptedService.streaming(
                (request, responses) ->
                    responses.onError(Status.UNAVAILABLE.asRuntimeException(trailers))));
    try (var backend = Servers.connect(Servers.target(server))) {
      assertThat(Recorder.of(backend.infer(Servers.streamCall())).failure())
          .isInstanceOfSatisfying(
              BackendException.class, e -> assertThat(e.retryAfter()).isEqualTo(retryAfter));
    }
  }

  @Test
  void aCancellationByTheServerIsReportedAsCancelled() throws Exception {
    Server server = resources.start(ScriptedService.failing(Status.CANCELLED));
    try (var backend = Servers.connect(Servers.target(server))) {
      assertThat(Recorder.of(backend.infer(Servers.streamCall())).failure())
          .hasMessage("The model server cancelled the call.")
          .isInstanceOfSatisfying(
              BackendException.class,
              e -> {
                assertThat(e.backendCode()).isEqualTo(BackendCode.CANCELLED);
                assertThat(e.saidByServer()).isFalse();
              });
    }
  }

  private final class Encodings implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String encoding = headers.get(ENCODING);
      encodings.add(encoding == null ? "none" : encoding);
      return Contexts.interceptCall(Context.current(), call, headers, next);
    }
  }
}
