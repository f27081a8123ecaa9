package io.github.openaikserve.grpc.modules;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.grpc.faults.TokenServer;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;

/** An application that has {@code grpc-netty} in place of {@code grpc-netty-shaded}. */
@DisabledIf("isShadedOnly") // .ci/compatibility grpc-netty adds the other one
final class UnshadedNettyTest {
  private static final String[] CLASS_PATH =
      System.getProperty("java.class.path").split(File.pathSeparator, -1);

  static boolean isShadedOnly() {
    return Stream.of(CLASS_PATH).noneMatch(entry -> entry.matches(".*grpc-netty-[0-9].*jar"));
  }

  @Test
  void anApplicationAsksAModel() throws Exception {
    String classPath =
        Stream.of(CLASS_PATH)
            .filter(entry -> !entry.contains("grpc-netty-shaded"))
            .collect(Collectors.joining(File.pathSeparator));
    try (var server = new TokenServer()) {
      Process run =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  classPath,
                  Application.class.getName(),
                  "127.0.0.1:" + server.port())
              .redirectErrorStream(true)
              .start();
      String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(run.waitFor()).as(said).isZero();
      assertThat(said).contains("whole: word word", "streamed: word word");
    }
  }

  /** Asks a model server, whole and streamed. */
  static final class Application {
    private Application() {}

    public static void main(String[] args) {
      try (var backend = GrpcBackend.connect(args[0])) {
        var openai = OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();
        String whole = openai.completions().create(r -> r.prompt("hello")).text();
        try (var chunks = openai.completions().stream(r -> r.prompt("hello"))) {
          String streamed =
              chunks.asStream().map(chunk -> chunk.text()).collect(Collectors.joining());
          System.out.println("whole: " + whole + "\nstreamed: " + streamed);
        }
      }
    }
  }
}
