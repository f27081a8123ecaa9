package io.github.openaikserve.grpc.modules;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.grpc.faults.TokenServer;
import java.io.File;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A modular application that requires both modules, compiled and run on the module path. */
final class ModulePathTest {
  /** The dependencies of the two modules, without the rest of the test's class path. */
  private static final Pattern NEEDED =
      Pattern.compile(
          "(jackson-(core|databind|annotations)|slf4j-api|jspecify|protobuf-java|guava|failureaccess"
              + "|gson|perfmark-api"
              + "|grpc-(api|core|context|stub|util|protobuf|protobuf-lite|netty-shaded))-[0-9].*jar");

  private static final String ANSWER =
      "app: " + "word ".repeat(TokenServer.TOKENS).strip(); // named by the module

  @TempDir private static Path directory;
  private static String path = "";

  /** Compiles the application once. */
  @BeforeAll
  static void compile() throws Exception {
    String libraries = modulePath();
    path = libraries + File.pathSeparator + compile(libraries);
  }

  @Test
  void aModularApplicationCallsAModel() throws Exception {
    try (var server = new TokenServer()) {
      assertThat(run("127.0.0.1:" + server.port())).contains(ANSWER);
    }
  }

  @Test
  void aModularApplicationFindsReplicasInARegistry() throws Exception {
    try (var server = new TokenServer()) {
      HttpServer registry = registryOf(server.port());
      try {
        assertThat(run("anyserve://127.0.0.1:" + registry.getAddress().getPort())).contains(ANSWER);
      } finally {
        registry.stop(0);
      }
    }
  }

  @Test
  void theModuleIsExplicit() throws Exception {
    ModuleDescriptor module =
        ModuleFinder.of(home(GrpcBackend.class))
            .find("openaikserve.grpc")
            .orElseThrow()
            .descriptor();

    assertThat(module.isAutomatic()).isFalse();
    assertThat(module.exports())
        .extracting(ModuleDescriptor.Exports::source)
        .containsExactlyInAnyOrder(
            "io.github.openaikserve.grpc", "io.github.openaikserve.grpc.recording");
  }

  /** Runs the application with this target, and returns what it prints. */
  private static String run(String target) throws Exception {
    Process run =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--module-path",
                path,
                "--module",
                "app/app.Main",
                target)
            .redirectErrorStream(true)
            .start();
    String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(run.waitFor()).as(said).isZero();
    return said;
  }

  /** A registry of one replica whose streams are answered at this port: 100 above its own. */
  private static HttpServer registryOf(int port) throws IOException {
    byte[] replicas =
        """
        {"replicas": [{"replica_id": "r", "endpoint": "127.0.0.1:%d",
          "capabilities": [{"type": "generate", "model": "m"}]}]}\
        """
            .formatted(port - 100)
            .getBytes(StandardCharsets.UTF_8);
    var registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.createContext(
        "/registry",
        exchange -> {
          try (exchange) {
            exchange.sendResponseHeaders(200, replicas.length);
            exchange.getResponseBody().write(replicas);
          }
        });
    registry.start();
    return registry;
  }

  private static String modulePath() throws IOException, URISyntaxException {
    List<String> path = new ArrayList<>();
    path.add(home(OpenAiKServe.class).toString());
    path.add(home(GrpcBackend.class).toString());
    Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> NEEDED.matcher(Path.of(entry).getFileName().toString()).matches())
        .forEach(path::add);
    return path.stream().collect(Collectors.joining(File.pathSeparator));
  }

  private static Path home(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static Path compile(String modulePath) throws Exception {
    Path sources =
        Path.of(
            Objects.requireNonNull(ModulePathTest.class.getResource("/modular-application"))
                .toURI());
    Path app = directory.resolve("app");
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "--release",
                "17",
                "-Xlint:all",
                "-Werror",
                "--module-path",
                modulePath,
                "-d",
                app.toString(),
                sources.resolve("module-info.java").toString(),
                sources.resolve("app/Main.java").toString());
    assertThat(result).isZero();
    return app;
  }
}
