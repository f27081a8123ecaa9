package io.github.openaikserve.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.server.http.ReferenceServer;
import io.github.openaikserve.server.http.ServerOptions;
import io.github.openaikserve.server.testing.JavaProcess;
import io.github.openaikserve.server.testing.Script;
import io.github.openaikserve.server.testing.Wire;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process without memory ends with a message, wherever the error is thrown. */
final class OutOfMemoryTest {

  @ParameterizedTest
  @ValueSource(strings = {"handler", "large", "later", "thread", "direct"})
  void theProcessEndsWithAMessage(String where) throws Exception {
    Process process =
        JavaProcess.of(List.of("-Xmx48m", "-XX:MaxDirectMemorySize=32m"), Filled.class, where)
            .redirectErrorStream(true)
            .start();
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      assertThat(output)
          .contains("error: out of memory, ending this process so that it can be replaced");
      assertThat(process.exitValue()).isEqualTo(OutOfMemory.STATUS);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** A server whose memory a request exhausts. */
  static final class Filled {
    private static final int PIECE = 1 << 20;
    private static final List<Object> kept = new ArrayList<>();

    private Filled() {}

    public static void main(String[] arguments) throws Exception {
      OutOfMemory.watch();
      ReferenceServer server =
          ReferenceServer.start(
              new Script(request -> answer(arguments[0])), ServerOptions.defaults());
      try (Wire wire = new Wire(server.port())) {
        wire.send(Wire.post("a".repeat(arguments[0].equals("large") ? 200_000 : 1)));
        wire.readAll();
      }
    }

    private static CompletableFuture<ApiResponse> answer(String where) {
      switch (where) {
        case "later" -> Vertx.currentContext().runOnContext(now -> fill());
        case "thread" -> new Thread(Filled::fill).start();
        case "direct" -> fillDirect();
        default -> fill();
      }
      return new CompletableFuture<>();
    }

    private static void fill() {
      while (true) {
        kept.add(new byte[PIECE]);
      }
    }

    private static void fillDirect() {
      while (true) {
        kept.add(ByteBuffer.allocateDirect(PIECE));
      }
    }
  }
}
