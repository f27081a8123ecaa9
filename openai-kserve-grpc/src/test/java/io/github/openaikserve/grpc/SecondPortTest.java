package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.grpc.internal.call.CallSettings;
import io.github.openaikserve.grpc.internal.call.Methods;
import io.github.openaikserve.grpc.internal.port.OpenChannel;
import io.github.openaikserve.grpc.internal.port.PortPlan;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.races.Race;
import io.github.openaikserve.testsupport.TestSubscriber;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A server without streams may refuse a call while its demand still arrives. */
final class SecondPortTest {
  private static final int SPINS = 100;
  private static final int OFFSET = 100;

  private static final Metadata.Key<String> CONTENT_TYPE =
      Metadata.Key.of("content-type", Metadata.ASCII_STRING_MARSHALLER);

  private final ExecutorService callbacks = Executors.newFixedThreadPool(2);

  @AfterEach
  void stop() {
    callbacks.shutdownNow();
  }

  @Test
  void theSecondAttemptTakesOverTheDemandOfTheFirst() {
    var first = new Port(Status.UNIMPLEMENTED, false);
    var second = new Port(Status.OK, true);

    Race.rounds(
        random -> {
          var reader = new TestSubscriber<InferResponse>(64);
          GrpcBackend.of(
                  new Methods(null),
                  CallSettings.NONE,
                  new PortPlan(
                      1,
                      1,
                      offset -> OpenChannel.borrowed(offset == 0 ? first : second),
                      null,
                      OFFSET,
                      false),
                  () -> {})
              .infer(Servers.streamCall())
              .subscribe(reader);
          reader.awaitCompletion();
        });
  }

  /** Ends every call with a status, at its request or at the first demand. */
  private final class Port extends Channel {
    private final Status status;
    private final boolean waitsForDemand;

    Port(Status status, boolean waitsForDemand) {
      this.status = status;
      this.waitsForDemand = waitsForDemand;
    }

    @Override
    public String authority() {
      return "test";
    }

    @Override
    public <Q, A> ClientCall<Q, A> newCall(MethodDescriptor<Q, A> method, CallOptions options) {
      return new ClientCall<>() {
        private @Nullable Listener<A> listener;

        @Override
        public void start(Listener<A> listener, Metadata headers) {
          this.listener = listener;
        }

        @Override
        public void request(int count) {
          if (waitsForDemand) {
            end();
          }
        }

        @Override
        public void halfClose() {
          if (!waitsForDemand) {
            end();
          }
        }

        /** Runs on another thread, concurrently with the rest of this one. */
        private void end() {
          var going = new AtomicBoolean();
          callbacks.execute(
              () -> {
                going.set(true);
                var trailers = new Metadata();
                trailers.put(CONTENT_TYPE, "application/grpc");
                Objects.requireNonNull(listener).onClose(status, trailers);
              });
          while (!going.get()) {
            Race.pause();
          }
          for (int i = ThreadLocalRandom.current().nextInt(SPINS); i > 0; i--) {
            Thread.onSpinWait();
          }
        }

        @Override
        public void sendMessage(Q message) {
          assertThat(message).isInstanceOf(ModelInferRequest.class);
        }

        @Override
        public void cancel(@Nullable String message, @Nullable Throwable cause) {}
      };
    }
  }
}
