package io.github.openaikserve.grpc.modules;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.grpc.faults.TokenServer;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
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

  @TempDir private Path directory;

  @Test
  void aModularApplicationCallsAModel() throws Exception {
    String modulePath = modulePath();
    Path app = compile(modulePath);
    try (var server = new TokenServer()) {
      Process run =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "--module-path",
                  modulePath + File.pathSeparator + app,
                  "--module",
                  "app/app.Main",
                  "127.0.0.1:" + server.port())
              .redirectErrorStream(true)
              .start();
      String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

      assertThat(run.waitFor()).as(said).isZero();
      assertThat(said).contains("app: " + "word ".repeat(TokenServer.TOKENS).strip());
    }
  }

  private String modulePath() throws IOException, URISyntaxException {
    List<String> path = new ArrayList<>();
    path.add(home(OpenAiKServe.class).toString());
    path.add(grpcJar().toString());
    Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> NEEDED.matcher(Path.of(entry).getFileName().toString()).matches())
        .forEach(path::add);
    return path.stream().collect(Collectors.joining(File.pathSeparator));
  }

  /** A jar, because only the manifest of a jar can have the module's name. */
  private Path grpcJar() throws IOException, URISyntaxException {
    Path home = home(GrpcBackend.class);
    if (Files.isRegularFile(home)) {
      return home;
    }
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Automatic-Module-Name", "openaikserve.grpc");
    Path jar = directory.resolve("openai-kserve-grpc.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        var entries = new JarOutputStream(out, manifest);
        Stream<Path> files = Files.walk(home)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        entries.putNextEntry(
            new JarEntry(home.relativize(file).toString().replace(File.separatorChar, '/')));
        Files.copy(file, entries);
      }
    }
    return jar;
  }

  private static Path home(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private Path compile(String modulePath) throws Exception {
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
