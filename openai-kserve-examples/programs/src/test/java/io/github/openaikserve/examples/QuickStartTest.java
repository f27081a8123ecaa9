package io.github.openaikserve.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Runs the jars as a user does: with {@code java -jar} and with the launcher. */
@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class QuickStartTest {
  private static final Path JAR = Path.of("../target/openai-kserve-server.jar").toAbsolutePath();
  private static final Path LAUNCHER =
      Path.of("../server/deploy/openai-kserve-server").toAbsolutePath();
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final Pattern ADDRESS = Pattern.compile("listens on (http://\\S+)");

  @TempDir private Path folder;

  /** The build creates the jars in the phase "package", not in {@code test}. */
  @BeforeEach
  void theJarsAreThere() {
    assumeThat(JAR).exists();
  }

  @Test
  void theReadmesCommandAnswersAChatWholeAndStreamed() throws Exception {
    try (var server = new Running(Map.of(), JAVA, "-jar", JAR.toString())) {
      assertThat(server.chat(false)).contains("\"chat.completion\"", "\"finish_reason\":");
      assertThat(server.chat(true)).contains("\"chat.completion.chunk\"", "data: [DONE]");
    }
  }

  @Test
  void withoutTheWorkersJarTheErrorNamesTheRemedy() throws Exception {
    Path alone = Files.copy(JAR, folder.resolve("openai-kserve-server.jar"));
    Process process =
        new ProcessBuilder(JAVA, "-jar", alone.toString(), "--port", "0")
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(said).contains("openai-kserve-llamacpp-worker.jar", "--endpoint");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // The launcher is a shell script.
  void theLauncherStartsTheServerWithTheArchiveItMade() throws Exception {
    Map<String, String> environment =
        Map.of(
            "JAVA_HOME", System.getProperty("java.home"),
            "OPENAI_KSERVE_JAR", JAR.toString(),
            "OPENAI_KSERVE_ARCHIVES", folder.toString(),
            "OPENAI_KSERVE_TRAINING", "3");
    var builder = new ProcessBuilder(LAUNCHER.toString(), "--make-archive");
    builder.environment().putAll(environment);
    Process making = builder.start();
    String archive =
        new String(making.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(making.waitFor()).isZero();
    assertThat(Path.of(archive)).isNotEmptyFile().hasParent(folder);

    try (var server = new Running(environment, LAUNCHER.toString())) {
      assertThat(server.process.info().arguments().orElseThrow())
          .anyMatch(argument -> argument.endsWith("=" + archive));
      assertThat(server.chat(false)).contains("\"chat.completion\"");
    }
  }

  /** A server in a separate process, with the embedded worker. */
  private static final class Running implements AutoCloseable {
    final Process process;
    private final URI address;

    Running(Map<String, String> environment, String... command) throws IOException {
      List<String> whole = new ArrayList<>(List.of(command));
      whole.addAll(List.of("--port", "0"));
      var builder = new ProcessBuilder(whole).redirectError(ProcessBuilder.Redirect.DISCARD);
      builder.environment().putAll(environment);
      process = builder.start();
      var out =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String line = out.readLine();
      Matcher found = ADDRESS.matcher(String.valueOf(line));
      assertThat(found.find()).as(line).isTrue();
      address = URI.create(found.group(1)).resolve("/v1/chat/completions");
    }

    String chat(boolean stream) throws Exception {
      String body =
          "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],\"max_tokens\":8,\"stream\":%s}"
              .formatted(stream);
      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(address)
                      .timeout(Duration.ofMinutes(1))
                      .POST(HttpRequest.BodyPublishers.ofString(body))
                      .build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return response.body();
    }

    @Override
    public void close() {
      process.destroy();
      process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
    }
  }
}
