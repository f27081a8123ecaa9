package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.grpc.internal.port.WatchedCredentials;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.grpc.proto.ServerReadyRequest;
import io.github.openaikserve.grpc.servers.Certificates;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsServerCredentials;
import io.grpc.stub.ClientCalls;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens and headers that a backend sends. */
final class CredentialsTest {
  @AutoClose private final Resources resources = new Resources();
  private final List<String> shown = new CopyOnWriteArrayList<>();
  private final AtomicInteger fetched = new AtomicInteger();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private final BlockingQueue<String> questions = new LinkedBlockingQueue<>();

  @Test
  void aTokenIsSentOverTlsAndFetchedOnceWhileItLasts(@TempDir Path directory) throws Exception {
    Certificates own = Certificates.make(directory, "localhost");
    String target =
        start(TlsServerCredentials.create(own.certificate().toFile(), own.key().toFile()));
    GrpcBackend backend =
        keep(
            GrpcBackend.builder()
                .target(target)
                .tls(own.certificate())
                .bearerTokens(lasting(Duration.ofHours(1))));

    call(backend);
    call(backend);

    assertThat(shown).containsExactly("Bearer t1", "Bearer t1");
  }

  @Test
  void aTokenIsNotSentWithoutTls() throws Exception {
    assertThatIllegalStateException()
        .isThrownBy(() -> plain(lasting(Duration.ofHours(1)), false))
        .withMessageContaining("TLS");
    Server server = resources.start(ScriptedService.streaming((request, responses) -> {}));
    ManagedChannel given =
        Grpc.newChannelBuilder(Servers.target(server), InsecureChannelCredentials.create()).build();

    CallOptions careful =
        CallOptions.DEFAULT.withCallCredentials(
            new TokenCredentials(lasting(Duration.ofHours(1)), false));

    assertThatExceptionOfType(StatusRuntimeException.class)
        .isThrownBy(
            () ->
                ClientCalls.blockingUnaryCall(
                    given,
                    GRPCInferenceServiceGrpc.getServerReadyMethod(),
                    careful,
                    ServerReadyRequest.getDefaultInstance()))
        .withMessageContaining("not sent over a connection without TLS");
    given.shutdownNow();
    assertThat(fetched).hasValue(0);
  }

  @Test
  void aTokenIsSentWithoutTlsIfThatIsAllowed() throws Exception {
    call(plain(lasting(Duration.ofHours(1)), true));

    assertThat(shown).containsExactly("Bearer t1");
  }

  @Test
  void aTokenThatExpiresSoonIsRenewed() throws Exception {
    GrpcBackend backend = plain(lasting(Duration.ofSeconds(30)), true);

    call(backend);
    call(backend);
    call(backend);

    assertThat(shown).containsExactly("Bearer t1", "Bearer t2", "Bearer t3");
  }

  @Test
  void aValidTokenIsUsedWhileTheNextOneIsFetched() throws Exception {
    var late = new CompletableFuture<BearerToken>();
    BearerTokenProvider first = lasting(Duration.ofSeconds(30));
    GrpcBackend backend = plain(() -> fetched.get() == 0 ? first.fetch() : late, true);

    call(backend);
    call(backend);
    late.complete(new BearerToken("renewed", Instant.now().plusSeconds(3600)));
    call(backend);

    assertThat(shown).containsExactly("Bearer t1", "Bearer t1", "Bearer renewed");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aValidTokenIsUsedWhileFetchesFail(boolean throwing) throws Exception {
    var broken = new IllegalStateException("expected by this test");
    BearerTokenProvider first = lasting(Duration.ofSeconds(30));
    GrpcBackend backend =
        plain(
            () -> {
              if (fetched.get() == 0) {
                return first.fetch();
              }
              if (throwing) {
                throw broken;
              }
              return CompletableFuture.failedFuture(broken);
            },
            true);

    call(backend);
    call(backend);

    assertThat(shown).containsExactly("Bearer t1", "Bearer t1");
  }

  @Test
  void aTokenThatTheServerRefusesIsNotUsedAgain() throws Exception {
    refused.add("Bearer t1");
    GrpcBackend backend = plain(lasting(Duration.ofHours(1)), true);

    assertThat(failure(backend)).isEqualTo(BackendCode.UNAUTHENTICATED);
    call(backend);
    call(backend);

    assertThat(shown).containsExactly("Bearer t1", "Bearer t2", "Bearer t2");
  }

  @Test
  void manyCallsThatAreRefusedFetchOneToken() throws Exception {
    refused.add("Bearer t1");
    GrpcBackend backend = plain(lasting(Duration.ofHours(1)), true);
    List<Recorder> calls = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      calls.add(Recorder.of(backend.infer(Servers.streamCall())));
    }
    for (Recorder call : calls) {
      call.awaitEnd();
    }

    call(backend);

    assertThat(fetched).hasValue(2);
  }

  @Test
  void refusedTokensAreFetchedAtMostOnceASecond() throws Exception {
    for (int i = 0; i < 100; i++) {
      refused.add("Bearer t" + i);
    }
    GrpcBackend backend = plain(lasting(Duration.ofHours(1)), true);
    long begun = System.nanoTime();

    for (int i = 0; i < 50; i++) {
      assertThat(failure(backend)).isEqualTo(BackendCode.UNAUTHENTICATED);
    }

    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
    assertThat(fetched.get()).isBetween(2, (int) seconds + 3);
  }

  @Test
  void readinessProbesSendHeadersAndTheToken() throws Exception {
    refused.add("Bearer t1");
    GrpcBackend backend =
        keep(
            GrpcBackend.builder()
                .target(start(InsecureServerCredentials.create()))
                .metadata("x-tenant", "acme")
                .bearerTokens(lasting(Duration.ofHours(1)))
                .allowPlaintextCredentials());

    assertThat(failure(backend)).isEqualTo(BackendCode.UNAUTHENTICATED);
    assertThat(backend.ready().toCompletableFuture().get(20, TimeUnit.SECONDS)).contains(true);

    assertThat(questions.poll(20, TimeUnit.SECONDS)).isEqualTo("Bearer t2 acme");
  }

  @Test
  void aTokenWithoutExpiryIsUsedUntilItIsRefused() throws Exception {
    GrpcBackend backend =
        plain(
            () ->
                CompletableFuture.completedFuture(
                    new BearerToken("t" + fetched.incrementAndGet(), null)),
            true);

    for (int i = 0; i < 10; i++) {
      call(backend);
    }
    assertThat(shown).hasSize(10).containsOnly("Bearer t1");

    refused.add("Bearer t1");
    assertThat(failure(backend)).isEqualTo(BackendCode.UNAUTHENTICATED);
    call(backend);

    assertThat(shown).last().isEqualTo("Bearer t2");
    assertThat(fetched).hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFailedTokenFetchIsReportedAsUnavailable(boolean throwing) throws Exception {
    var broken = new IllegalStateException("expected by this test");
    GrpcBackend backend =
        plain(
            () -> {
              if (throwing) {
                throw broken;
              }
              return CompletableFuture.failedFuture(broken);
            },
            true);

    assertThat(failure(backend)).isEqualTo(BackendCode.UNAVAILABLE);
    assertThat(shown).isEmpty();
  }

  @Test
  void aTokenIsNotPrintedAndMustBeVisibleAscii() {
    assertThat(new BearerToken("secret", null).toString()).doesNotContain("secret");
    for (String wrong : List.of("", "a b", "a\r\nx: y", "\u00e9")) {
      assertThatIllegalArgumentException().isThrownBy(() -> new BearerToken(wrong, null));
    }
  }

  @ParameterizedTest
  @CsvSource({"X-Upper, v", ":path, v", "grpc-timeout, v", "x-bin, v", "'a b', v", "'', v"})
  void reservedHeadersCannotBeSet(String name, String value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GrpcBackend.builder().metadata(name, value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\r\nx-evil: 1", "a\nb", "\u0000", "caf\u00e9"})
  void headerValuesMustBePrintableAscii(String value) throws Exception {
    GrpcBackend backend =
        keep(GrpcBackend.builder().target(start(InsecureServerCredentials.create())));

    Throwable failure =
        Recorder.of(backend.infer(Servers.streamCall().withMetadata(Map.of("x-user", value))))
            .failure();

    assertThat(failure)
        .isInstanceOfSatisfying(
            BackendException.class,
            e -> assertThat(e.backendCode()).isEqualTo(BackendCode.INVALID_ARGUMENT))
        .hasMessageNotContaining(value);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> GrpcBackend.builder().metadata("x-user", value));
  }

  private BearerTokenProvider lasting(Duration time) {
    return () ->
        CompletableFuture.completedFuture(
            new BearerToken("t" + fetched.incrementAndGet(), Instant.now().plus(time)));
  }

  private GrpcBackend plain(BearerTokenProvider tokens, boolean allowed) throws Exception {
    GrpcBackendBuilder builder =
        GrpcBackend.builder()
            .target(start(InsecureServerCredentials.create()))
            .bearerTokens(tokens);
    return keep(allowed ? builder.allowPlaintextCredentials() : builder);
  }

  private static void call(GrpcBackend backend) throws Exception {
    assertThat(Recorder.of(backend.infer(Servers.streamCall())).texts()).containsExactly("in");
  }

  private static BackendCode failure(GrpcBackend backend) throws Exception {
    return ((BackendException) Recorder.of(backend.infer(Servers.streamCall())).failure())
        .backendCode();
  }

  private String start(ServerCredentials credentials) throws Exception {
    var service = ScriptedService.answering("in");
    Server server =
        resources.add(
            Grpc.newServerBuilderForPort(0, credentials)
                .addService(ServerInterceptors.intercept(service, new Doorkeeper()))
                .build()
                .start());
    return "localhost:" + server.getPort();
  }

  private GrpcBackend keep(GrpcBackendBuilder builder) {
    return resources.add(builder.build());
  }

  private static final Metadata.Key<String> TENANT =
      Metadata.Key.of("x-tenant", Metadata.ASCII_STRING_MARSHALLER);

  private final class Doorkeeper implements ServerInterceptor {
    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String authorization = headers.get(WatchedCredentials.AUTHORIZATION);
      if (authorization != null) {
        shown.add(authorization);
      }
      if (authorization != null && refused.contains(authorization)) {
        call.close(Status.UNAUTHENTICATED, new Metadata());
        return new ServerCall.Listener<>() {};
      }
      if (call.getMethodDescriptor().getFullMethodName().endsWith("/ServerReady")) {
        questions.add(authorization + " " + headers.get(TENANT));
      }
      return Contexts.interceptCall(Context.current(), call, headers, next);
    }
  }
}
