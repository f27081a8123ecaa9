package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.grpc.internal.port.WatchedCredentials;
import io.github.openaikserve.grpc.proto.GRPCInferenceServiceGrpc;
import io.github.openaikserve.testing.ManualScheduler;
import io.grpc.Attributes;
import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls whose token source is slow or fails. */
final class TokenCredentialsTest {
  private static final Duration MOMENT = Duration.ofMillis(1);

  private final ManualScheduler scheduler = new ManualScheduler();
  private final Deque<CompletableFuture<BearerToken>> fetches = new ArrayDeque<>();

  @Test
  void aFetchThatNeverEndsTimesOutAndTheNextCallFetchesAgain() {
    TokenCredentials tokens = with(this::fetch);
    CompletableFuture<String> first = apply(tokens);
    CompletableFuture<String> second = apply(tokens);
    scheduler.advance(TokenCredentials.FETCH_TIMEOUT.minus(MOMENT));
    assertThat(fetches).hasSize(1);
    assertThat(first).isNotDone();
    assertThat(second).isNotDone();

    scheduler.advance(MOMENT);

    assertCouldNotFetch(first);
    assertCouldNotFetch(second);
    CompletableFuture<String> third = apply(tokens);
    assertThat(fetches).hasSize(2);
    fetches.getLast().complete(token("second"));
    assertThat(third).isCompletedWithValue("Bearer second");
    assertThat(scheduler.waiting()).isZero();
  }

  @Test
  void aTokenThatArrivesAfterTheTimeoutIsIgnored() {
    TokenCredentials tokens = with(this::fetch);
    CompletableFuture<String> first = apply(tokens);
    scheduler.advance(TokenCredentials.FETCH_TIMEOUT);
    assertCouldNotFetch(first);
    CompletableFuture<String> second = apply(tokens);

    fetches.getFirst().complete(token("late"));
    assertThat(second).isNotDone();
    fetches.getLast().complete(token("second"));

    assertThat(second).isCompletedWithValue("Bearer second");
    assertThat(applied(tokens)).isEqualTo("Bearer second");
  }

  @Test
  void aTokenThatIsStillValidIsUsedWhileRenewalHangs() {
    TokenCredentials tokens = with(this::fetch);
    CompletableFuture<String> first = apply(tokens);
    fetches.getFirst().complete(new BearerToken("short", Instant.EPOCH.plusSeconds(30)));
    assertThat(first).isCompletedWithValue("Bearer short");

    assertThat(applied(tokens)).isEqualTo("Bearer short");
    assertThat(applied(tokens)).isEqualTo("Bearer short");
    assertThat(fetches).hasSize(2);
    scheduler.advance(TokenCredentials.FETCH_TIMEOUT);
    assertThat(applied(tokens)).isEqualTo("Bearer short");
    assertThat(fetches).hasSize(3);
  }

  @SuppressWarnings("NullAway") // a source that was compiled without null checks
  static Stream<BearerTokenProvider> brokenSources() {
    return Stream.of(
        () -> null,
        () -> CompletableFuture.completedFuture(null),
        () -> CompletableFuture.failedFuture(new IllegalStateException("secret")),
        () -> {
          throw new IllegalStateException("secret");
        },
        () -> {
          throw new AssertionError("secret");
        });
  }

  @ParameterizedTest
  @MethodSource("brokenSources")
  void aFailedFetchFailsItsCallsAndTheNextCallFetchesAgain(BearerTokenProvider broken) {
    var sources = new ArrayDeque<BearerTokenProvider>(List.of(broken, this::fetch));
    TokenCredentials tokens = with(() -> sources.remove().fetch());

    assertCouldNotFetch(apply(tokens));

    CompletableFuture<String> next = apply(tokens);
    fetches.getLast().complete(token("next"));
    assertThat(next).isCompletedWithValue("Bearer next");
    assertThat(scheduler.waiting()).isZero();
  }

  @Test
  void aTokenWithoutExpiryIsFetchedOnceForManyCalls() {
    TokenCredentials tokens = with(this::fetch);
    CompletableFuture<String> first = apply(tokens);
    fetches.getFirst().complete(new BearerToken("static", null));

    assertThat(first).isCompletedWithValue("Bearer static");
    for (int i = 0; i < 100; i++) {
      assertThat(applied(tokens)).isEqualTo("Bearer static");
    }
    assertThat(fetches).hasSize(1);
  }

  @Test
  void refusingAReplacedTokenDoesNotDiscardTheCurrentOne() throws Exception {
    var seconds = new AtomicLong();
    InstantSource now = () -> Instant.EPOCH.plusSeconds(seconds.get());
    var count = new AtomicInteger();
    var tokens =
        new TokenCredentials(
            () -> CompletableFuture.completedFuture(token("t" + count.incrementAndGet())),
            true,
            now,
            scheduler);
    assertThat(applied(tokens)).isEqualTo("Bearer t1");

    tokens.refused("Bearer t0");
    assertThat(applied(tokens)).isEqualTo("Bearer t1");
    tokens.refused("Bearer t1");
    assertThat(applied(tokens)).isEqualTo("Bearer t2");
    tokens.refused("Bearer t2");
    assertThat(applied(tokens)).as("within a second").isEqualTo("Bearer t2");
    seconds.incrementAndGet();
    tokens.refused("Bearer t2");
    assertThat(applied(tokens)).isEqualTo("Bearer t3");
  }

  private CompletionStage<BearerToken> fetch() {
    var fetch = new CompletableFuture<BearerToken>();
    fetches.add(fetch);
    return fetch;
  }

  private TokenCredentials with(BearerTokenProvider source) {
    return new TokenCredentials(source, true, () -> Instant.EPOCH, scheduler);
  }

  private static BearerToken token(String value) {
    return new BearerToken(value, Instant.EPOCH.plus(Duration.ofHours(1)));
  }

  private static void assertCouldNotFetch(CompletableFuture<String> call) {
    assertThat(call).isCompletedExceptionally();
    assertThatExceptionOfType(CompletionException.class)
        .isThrownBy(call::join)
        .havingCause()
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> {
              assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
              assertThat(e.getStatus().toString())
                  .contains("could not fetch a token for the model server")
                  .doesNotContain("secret");
            });
  }

  private static String applied(TokenCredentials tokens) {
    CompletableFuture<String> header = apply(tokens);
    assertThat(header).isCompleted();
    return header.join();
  }

  /** Returns the header of a call; fails with the status of the call. */
  private static CompletableFuture<String> apply(TokenCredentials tokens) {
    var headers = new CompletableFuture<Metadata>();
    tokens.applyRequestMetadata(
        new PlainCall(),
        Runnable::run,
        new CallCredentials.MetadataApplier() {
          @Override
          public void apply(Metadata given) {
            headers.complete(given);
          }

          @Override
          public void fail(Status status) {
            headers.completeExceptionally(status.asRuntimeException());
          }
        });
    return headers.thenApply(given -> given.get(WatchedCredentials.AUTHORIZATION));
  }

  /** A call over a connection without TLS. */
  private static final class PlainCall extends CallCredentials.RequestInfo {
    @Override
    public MethodDescriptor<?, ?> getMethodDescriptor() {
      return GRPCInferenceServiceGrpc.getServerReadyMethod();
    }

    @Override
    public SecurityLevel getSecurityLevel() {
      return SecurityLevel.NONE;
    }

    @Override
    public String getAuthority() {
      return "localhost";
    }

    @Override
    public Attributes getTransportAttrs() {
      return Attributes.EMPTY;
    }
  }
}
