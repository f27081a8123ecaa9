package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.grpc.faults.LeakCheck;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.races.Race;
import io.github.openaikserve.testsupport.StrictSubscriber;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls with concurrent responses, demand and cancellation, on gRPC's own threads. */
final class CallRacesTest {
  private static final int TOKENS = 30;

  private final Race race = new Race();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger calls = new AtomicInteger();
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    String name = InProcessServerBuilder.generateName();
    server =
        InProcessServerBuilder.forName(name)
            .addService(ScriptedService.streaming(this::answer))
            .build()
            .start();
    channel = InProcessChannelBuilder.forName(name).build();
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow();
    server.shutdownNow().awaitTermination();
    race.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void signalsFollowTheReactiveStreamsRulesAndNoCallRemainsOpen(boolean cancels) {
    GrpcBackend backend = GrpcBackend.over(channel);
    LeakCheck leakCheck = new LeakCheck().with("calls", open::get);

    Race.rounds(random -> round(backend, random, cancels));

    assertThat(calls).hasPositiveValue();
    leakCheck.assertNone();
  }

  private void round(GrpcBackend backend, Random random, boolean cancels) {
    var subscriber = new StrictSubscriber<InferResponse>();
    var reading = new Random(random.nextLong());
    List<Runnable> parts = new ArrayList<>();
    parts.add(() -> backend.infer(Servers.streamCall()).subscribe(subscriber));
    parts.add(() -> subscriber.readAll(reading));
    if (cancels) {
      parts.add(() -> cancel(subscriber));
    }
    race.run(random, parts.toArray(Runnable[]::new));

    assertThat(subscriber.violations()).isEmpty();
    if (!cancels && subscriber.failure() == null) {
      assertThat(subscriber.items()).hasSize(TOKENS);
    }
  }

  private static void cancel(StrictSubscriber<InferResponse> subscriber) {
    while (!subscriber.isCancelled() && !subscriber.hasEnded()) {
      subscriber.cancelNow();
    }
  }

  /** Every eighth call fails at the end. */
  private void answer(
      ModelInferRequest request, StreamObserver<ModelStreamInferResponse> responses) {
    var call = (ServerCallStreamObserver<ModelStreamInferResponse>) responses;
    open.incrementAndGet();
    call.setOnCancelHandler(open::decrementAndGet);
    call.setOnCloseHandler(open::decrementAndGet);
    for (int i = 0; i < TOKENS && !call.isCancelled(); i++) {
      call.onNext(Servers.chunk("t" + i));
    }
    if (call.isCancelled()) {
      return;
    }
    if (calls.incrementAndGet() % 8 == 0) {
      call.onError(Status.INTERNAL.asRuntimeException());
    } else {
      call.onCompleted();
    }
  }
}
