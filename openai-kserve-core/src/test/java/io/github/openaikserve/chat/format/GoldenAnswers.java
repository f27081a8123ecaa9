package io.github.openaikserve.chat.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Answers in files, with what they consist of: blocks with a line of {@code ----} between them. */
final class GoldenAnswers {
  /** One file: format, name and blocks. */
  record Golden(String format, String name, List<String> blocks) {
    @Override
    public String toString() {
      return format + "/" + name;
    }
  }

  private GoldenAnswers() {}

  static List<Golden> in(String directory) {
    Path root = Path.of("src/test/resources", directory);
    try (Stream<Path> files = Files.walk(root)) {
      List<Golden> all = new ArrayList<>();
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        String text = Files.readString(file);
        all.add(
            new Golden(
                root.relativize(file).getName(0).toString(),
                String.valueOf(file.getFileName()),
                Arrays.asList(text.substring(0, text.length() - 1).split("\n----\n", -1))));
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
