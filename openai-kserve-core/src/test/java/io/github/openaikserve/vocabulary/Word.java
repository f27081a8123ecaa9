package io.github.openaikserve.vocabulary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A word that the project does not use.
 *
 * @param kind what the pattern is matched with
 * @param instead what to write instead
 */
record Word(Kind kind, Pattern pattern, String instead) {
  enum Kind {
    TEXT,
    NAME
  }

  /** A space of a pattern also matches a line break in a comment or between joined strings. */
  private static final String SPACE = "[\\s*/+\"]{1,120}";

  static List<Word> read(Path list) throws IOException {
    return Files.readAllLines(list).stream()
        .filter(line -> !line.isBlank() && !line.startsWith("#"))
        .map(Word::parse)
        .toList();
  }

  /** Parses {@code kind | pattern | instead}. The pattern may contain {@code |} without spaces. */
  private static Word parse(String line) {
    String[] parts = line.split(" \\| ", 3);
    if (parts.length < 3) {
      throw new IllegalArgumentException("expected: kind | pattern | instead, found: " + line);
    }
    return switch (parts[0].strip()) {
      case "text" -> new Word(Kind.TEXT, Pattern.compile(parts[1].replace(" ", SPACE)), parts[2]);
      case "name" -> new Word(Kind.NAME, Pattern.compile("\\b" + parts[1] + "\\b"), parts[2]);
      default -> throw new IllegalArgumentException("unknown kind: " + line);
    };
  }
}
