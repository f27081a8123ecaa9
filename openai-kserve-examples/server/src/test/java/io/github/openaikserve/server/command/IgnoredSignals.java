package io.github.openaikserve.server.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The signals that this process ignores, as under {@code nohup} or in the background of a script.
 * Child processes inherit that, and a JVM does not change it.
 */
final class IgnoredSignals {
  static final int HANG_UP = 1;
  static final int INTERRUPT = 2;

  private IgnoredSignals() {}

  /** Returns whether the signal with this number is ignored; false if unknown. */
  static boolean contain(int signal) throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return false;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("SigIgn:"))
        .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
        .anyMatch(ignored -> (ignored & (1L << (signal - 1))) != 0);
  }
}
