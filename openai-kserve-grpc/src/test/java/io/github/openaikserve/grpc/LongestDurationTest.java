package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.grpc.servers.Certificates;
import io.grpc.Server;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The longest duration is accepted by every setting. */
final class LongestDurationTest {
  private static final Duration LONGEST = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);

  @AutoClose private final Resources resources = new Resources();

  @ParameterizedTest
  @MethodSource("setters")
  void callsWorkWithTheLongestDurations(Method setter) throws Exception {
    Server server = resources.start(ScriptedService.answering("a"));
    GrpcBackendBuilder builder = GrpcBackend.builder().target(Servers.target(server));
    setter.invoke(builder, LONGEST);

    try (var backend = builder.build()) {
      assertThat(Recorder.of(backend.infer(Servers.streamCall())).texts()).containsExactly("a");
      assertThat(Recorder.of(backend.infer(Servers.streamCall().withTimeout(LONGEST))).texts())
          .containsExactly("a");
    }
  }

  @Test
  void theLongestCheckIntervalIsAccepted(@TempDir Path directory) throws Exception {
    Certificates trusted = Certificates.make(directory, "localhost");
    try (var tls = new Tls(LONGEST)) {
      tls.trustManager(trusted.certificate());

      assertThat(tls.credentials()).isNotNull();
    }
  }

  static Stream<Method> setters() {
    return Arrays.stream(GrpcBackendBuilder.class.getMethods())
        .filter(
            method -> Arrays.equals(method.getParameterTypes(), new Class<?>[] {Duration.class}));
  }
}
