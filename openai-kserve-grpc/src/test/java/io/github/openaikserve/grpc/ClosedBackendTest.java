package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.grpc.Server;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Calls that end because the application has closed the backend do not blame the server. */
final class ClosedBackendTest {
  /** A way to connect. */
  private record Way(String name, Function<String, InferenceBackend> connect) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Way> ways() {
    return Stream.of(
        new Way("one endpoint", Servers::connect), new Way("balanced", GrpcBackend::connect));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aCallThatRunsAndALaterOneSayThatTheBackendIsClosed(Way way) throws Exception {
    Server server =
        Servers.start(
            ScriptedService.streaming(
                (request, responses) -> responses.onNext(Servers.chunk("a")))); // and no more
    try {
      InferenceBackend backend = way.connect().apply(Servers.target(server));
      Recorder running = Recorder.of(backend.infer(Servers.streamCall()));
      running.first();

      backend.close();

      assertThat(running.failure())
          .hasMessage("The backend is closed.")
          .satisfies(
              failure ->
                  assertThat(((BackendException) failure).backendCode())
                      .isEqualTo(BackendCode.UNAVAILABLE));
      assertThat(Recorder.of(backend.infer(Servers.streamCall())).failure())
          .hasMessage("The backend is closed.");
    } finally {
      server.shutdownNow().awaitTermination();
    }
  }
}
