package io.github.openaikserve.examples.quarkus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.http.HostContract;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testserver.KServeTestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * The application that Quarkus has built, a native image if it has built one, in a process of its
 * own in front of a gRPC server.
 */
final class QuarkusExampleTest extends HostContract {
  private static final Pattern LISTENING = Pattern.compile("Listening on: (http://[^ ]+:\\d+)");

  private static KServeTestServer models;
  private static Process application;
  private static URI url;

  @BeforeAll
  static void startApplication() throws IOException {
    models = KServeTestServer.start();
    List<String> command = new ArrayList<>();
    Optional<Path> image = nativeImage();
    command.add(image.orElse(Path.of(System.getProperty("java.home"), "bin", "java")).toString());
    command.add("-Dquarkus.http.port=0");
    command.add("-Dmodel-server=" + models.target());
    if (image.isEmpty()) {
      command.add("-jar");
      command.add(Path.of("target", "quarkus-app", "quarkus-run.jar").toString());
    }
    application = new ProcessBuilder(command).redirectErrorStream(true).start();
    url = listening(application.inputReader(UTF_8)); // what follows is less than a pipe holds
  }

  private static Optional<Path> nativeImage() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      return files.filter(file -> file.toString().endsWith("-runner")).findFirst();
    }
  }

  @AfterAll
  static void endApplication() throws InterruptedException {
    application.destroy();
    boolean ended = application.waitFor(30, TimeUnit.SECONDS);
    application.destroyForcibly();
    models.close();
    assertThat(ended).as("the application ends when it is told to").isTrue();
  }

  @Override
  protected URI start(FakeBackend backend) {
    models.use(backend);
    return url;
  }

  private static URI listening(BufferedReader output) throws IOException {
    List<String> said = new ArrayList<>();
    for (@Nullable String line = output.readLine(); line != null; line = output.readLine()) {
      said.add(line);
      Matcher address = LISTENING.matcher(line);
      if (address.find()) {
        return URI.create(address.group(1));
      }
    }
    throw new AssertionError("the application has not started: " + said);
  }
}
