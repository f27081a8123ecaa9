package io.github.openaikserve.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.server.testing.Wait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher with scripts in place of a JDK; {@code QuickStartTest} has a real one. */
@DisabledOnOs(OS.WINDOWS) // The launcher is a shell script.
@Timeout(60)
final class LauncherTest {
  private static final Path LAUNCHER = Path.of("deploy", "openai-kserve-server").toAbsolutePath();
  private static final String UNSAFE = "--sun-misc-unsafe-memory-access=allow";

  /** Creates the file that the options name, in place of the JVM. */
  private static final String WRITE =
      "for a; do case $a in -XX:*Output=*|-XX:Archive*) file=${a#*=}; touch \"$file\";; esac;"
          + " done\n";

  private static final String FAIL_TO_MAKE =
      "case $* in *AtExit*) echo 'no space'; exit 1;; esac\n";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @SuppressWarnings("NullAway.Init")
  private Path archives;

  @BeforeEach
  void createFolders() throws IOException {
    Files.createDirectories(folder.resolve("jdk/bin"));
    Files.createFile(folder.resolve("server.jar"));
    archives = Files.createDirectory(folder.resolve("archives"));
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "JAVA_VERSION=\"17.0.9\", none, 17.0.9, jsa",
        "JAVA_VERSION=\"25\", none, 25, aot",
        "JAVA_VERSION=\"25.0.1\" JAVA_RUNTIME_VERSION=\"25.0.1+8-LTS\", none, 25.0.1+8-LTS, aot",
        "MODULES=\"java.base\", OpenJDK Runtime Environment (build 21+35), 21+35, jsa",
        "none, OpenJDK Runtime Environment Temurin-25+36 (build 25+36-LTS), 25+36-LTS, aot",
        "none, IBM Semeru Runtime Open Edition 17.0.15.0 (build 17.0.15+6), 17.0.15+6, jsa",
        "none, openjdk version \"17.0.15\" 2025-04-15, 17.0.15, jsa",
        "none, Java(TM) SE Runtime Environment (build 24-ea+3-12), 24-ea+3-12, jsa",
      })
  void theVersionOfTheJdkSelectsOptionsAndArchive(
      @Nullable String release, @Nullable String printed, String version, String kind)
      throws Exception {
    jdk(release, printed, WRITE + "echo \"$*\"");

    List<String> archive = run("--make-archive");

    assertThat(archive).singleElement().asString().contains("/" + version + "-").endsWith(kind);
    String options = run().get(0);
    assertThat(options).contains("-jar", "--port 0", archive.get(0));
    assertThat(options.contains(UNSAFE)).isEqualTo(version.compareTo("24") >= 0);
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {"none, none", "MODULES=\"java.base\", ''", "none, java"})
  void aJdkOfUnknownVersionStartsWithoutAnArchive(
      @Nullable String release, @Nullable String printed) throws Exception {
    jdk(release, printed, "echo \"$*\"");

    assertThat(run()).singleElement().asString().contains("-jar").doesNotContain(UNSAFE, "Archive");
    assertThat(run("--make-archive")).singleElement().asString().contains("cannot make an archive");
    assertThat(files()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"17, -XX:SharedArchiveFile=", "25, -XX:AOTCache="})
  void foldersMayHaveSpacesInTheirNames(String version, String option) throws Exception {
    archives = Files.createDirectory(folder.resolve("a b  c"));
    jdk("JAVA_VERSION=\"" + version + "\"", "", WRITE + "printf '<%s>\\n' \"$@\"");

    List<String> archive = run("--make-archive");

    assertThat(archive).singleElement().asString().startsWith(archives + "/");
    assertThat(run()).contains("<" + option + archive.get(0) + ">", "<-jar>", "<--port>", "<0>");
  }

  @Test
  void aFailedRunLeavesNoFile() throws Exception {
    jdk("JAVA_VERSION=\"17\"", "", WRITE + "exit 1");

    assertThat(run("--make-archive")).singleElement().asString().contains("cannot make an archive");
    assertThat(files()).isEmpty();
  }

  @Test
  void aFailedRunSaysWhatTheJvmPrinted() throws Exception {
    jdk("JAVA_VERSION=\"17\"", "", WRITE + "echo 'a line'; echo 'no answer' >&2; exit 1");

    assertThat(run("--make-archive"))
        .containsExactly(
            "a line",
            "no answer",
            "openai-kserve-server: cannot make an archive in '" + archives + "' for Java '17'");
    assertThat(files()).isEmpty();
  }

  @Test
  void aStartReportsWhyTheLastOneHasNoArchive() throws Exception {
    jdk("JAVA_VERSION=\"17\"", "", FAIL_TO_MAKE + "echo \"$*\"");

    assertThat(run()).singleElement().asString().contains("-jar");
    awaitReport();

    assertThat(run())
        .hasSize(4)
        .startsWith(
            "openai-kserve-server: the last start could not create a class archive:",
            "no space",
            "openai-kserve-server: cannot make an archive in '" + archives + "' for Java '17'");
    awaitReport();
  }

  @Test
  void anArchiveEndsTheReportOfAFailure() throws Exception {
    jdk("JAVA_VERSION=\"17\"", "", FAIL_TO_MAKE + "echo \"$*\"");
    run();
    awaitReport();
    jdk("JAVA_VERSION=\"17\"", "", WRITE + "echo \"$*\"");

    assertThat(run("--make-archive")).isEqualTo(files());
  }

  @Test
  void theServerStartsWhereNoReportCanBeWritten() throws Exception {
    jdk("JAVA_VERSION=\"17\"", "", FAIL_TO_MAKE + "echo \"$*\"");
    run();
    Path report = awaitReport();
    Files.delete(report);
    Files.createDirectories(report.resolve("not empty"));

    assertThat(run()).last().asString().contains("-jar");

    archives = Files.createFile(folder.resolve("no folder"));
    assertThat(run()).singleElement().asString().contains("-jar");
  }

  @Test
  void aTerminatedRunLeavesNoFileAndNoProcess() throws Exception {
    jdk(
        "JAVA_VERSION=\"25\"",
        "",
        WRITE + "touch \"$file.config\" \"$file.ready\"; exec sleep 1000");
    Process making = start("--make-archive");
    while (files().stream().noneMatch(file -> file.endsWith(".ready"))) {
      assertThat(making.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    List<ProcessHandle> children = making.descendants().toList();

    making.destroy();

    assertThat(making.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(making.exitValue()).isEqualTo(143);
    assertThat(children).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    assertThat(files()).isEmpty();
  }

  /** Writes a script in place of {@code java}, which prints its version or runs {@code action}. */
  private void jdk(@Nullable String release, @Nullable String printed, String action)
      throws IOException {
    if (release != null) {
      Files.writeString(folder.resolve("jdk/release"), release.replace("\" ", "\"\n") + "\n");
    }
    String version = printed == null ? "exit 1" : "echo '" + printed + "' >&2; exit 0";
    Path java = folder.resolve("jdk/bin/java");
    Files.writeString(
        java, "#!/bin/sh\nif [ \"$1\" = -version ]; then " + version + "; fi\n" + action + "\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private List<String> run(String... arguments) throws Exception {
    Process process = start(arguments.length == 0 ? new String[] {"--port", "0"} : arguments);
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return out.lines().toList();
  }

  private Process start(String... arguments) throws IOException {
    var builder = new ProcessBuilder(LAUNCHER.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    builder.environment().put("OPENAI_KSERVE_JAR", folder.resolve("server.jar").toString());
    builder.environment().put("OPENAI_KSERVE_ARCHIVES", archives.toString());
    builder.environment().remove("JAVA_OPTS");
    return builder.redirectErrorStream(true).start();
  }

  /** Waits for the report of a failed run in the background; returns its file. */
  private Path awaitReport() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      for (String file : files()) {
        if (file.endsWith(".failed") && Files.readString(Path.of(file)).contains("cannot make")) {
          return Path.of(file);
        }
      }
      assertThat(System.nanoTime()).isLessThan(deadline);
      Wait.pause();
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(archives)) {
      return files.map(Path::toString).toList();
    }
  }
}
