package io.github.openaikserve.server.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Processes of this JVM with the classes of the tests. */
public final class JavaProcess {
  /** Selects the log of the server, as it is in its jar, in place of the log of the tests. */
  public static final String SERVER_LOG =
      "-Dlogback.configurationFile=" + Path.of("src/main/resources/logback.xml");

  /** Disables the optimizing compiler, which does not pay off in short processes. */
  private static final List<String> SHORT_LIVED =
      List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto");

  /** Permits what netty and protobuf do, like the launcher, so that the JVM prints no warning. */
  private static final List<String> PERMITTED =
      Runtime.version().feature() < 24
          ? List.of()
          : List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");

  private static final Pattern LISTENS =
      Pattern.compile("listens on http://127\\.0\\.0\\.1:(\\d+) ");

  private JavaProcess() {}

  /** Returns a builder of a process. */
  public static ProcessBuilder of(List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(SHORT_LIVED);
    command.addAll(PERMITTED);
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }

  /** Waits until the server's command has printed its port, and returns the port. */
  public static int port(Process process) throws IOException {
    return Integer.parseInt(await(process, LISTENS).group(1));
  }

  /** Reads lines until one contains a pattern. */
  public static Matcher await(Process process, Pattern pattern) throws IOException {
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher found = pattern.matcher(line);
      if (found.find()) {
        return found;
      }
    }
    throw new AssertionError("the process has ended before a line with " + pattern);
  }
}
