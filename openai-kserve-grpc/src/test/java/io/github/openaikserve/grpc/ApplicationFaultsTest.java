package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferenceBackend;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A call ends although the application's executor or interceptors fail. */
final class ApplicationFaultsTest {
  private Server server;

  @BeforeEach
  void start() throws Exception {
    server =
        Servers.start(
            ScriptedService.streaming(
                (request, responses) -> {
                  responses.onNext(Servers.chunk("a"));
                  responses.onCompleted();
                }));
  }

  @AfterEach
  void stop() throws InterruptedException {
    server.shutdownNow().awaitTermination();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void anExecutorThatRejectsTasksHangsNoCall(int accepted) throws Exception {
    var tasks = new AtomicInteger();
    try (GrpcBackend backend =
        GrpcBackend.builder()
            .target(Servers.target(server))
            .executor(
                task -> {
                  if (tasks.incrementAndGet() > accepted) {
                    throw new RejectedExecutionException("shut down");
                  }
                  task.run();
                })
            .build()) {
      Recorder.of(backend.infer(Servers.streamCall())).awaitEnd();

      assertThat(backend.serverMetadata().toCompletableFuture().handle((answer, failure) -> "end"))
          .succeedsWithin(10, TimeUnit.SECONDS);
    }
    assertThat(tasks.get()).isGreaterThan(accepted);
  }

  static Stream<Throwable> faults() {
    return Stream.of(
        new AssertionError("a fault of the interceptor"),
        new IOException("a fault of the interceptor")); // as in Kotlin, without a declaration
  }

  @ParameterizedTest
  @MethodSource("faults")
  void anInterceptorThatThrowsFailsTheCall(Throwable fault) throws Exception {
    ManagedChannel channel =
        ManagedChannelBuilder.forTarget(Servers.target(server)).usePlaintext().build();
    try {
      for (boolean atStart : new boolean[] {false, true}) {
        InferenceBackend backend =
            GrpcBackend.over(ClientInterceptors.intercept(channel, new Faulty(atStart, fault)));

        assertThat(Recorder.of(backend.infer(Servers.streamCall())).failure())
            .hasStackTraceContaining("a fault of the interceptor");
        assertThat(backend.serverMetadata())
            .failsWithin(10, TimeUnit.SECONDS)
            .withThrowableThat()
            .withStackTraceContaining("a fault of the interceptor");
      }
    } finally {
      channel.shutdownNow();
    }
  }

  /** An interceptor with a bug. */
  private record Faulty(boolean atStart, Throwable fault) implements ClientInterceptor {
    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
        MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
      if (!atStart) {
        throw Faulty.<RuntimeException>unchecked(fault);
      }
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<A> listener, Metadata headers) {
          throw Faulty.<RuntimeException>unchecked(fault);
        }
      };
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E unchecked(Throwable fault) throws E {
      throw (E) fault;
    }
  }
}
