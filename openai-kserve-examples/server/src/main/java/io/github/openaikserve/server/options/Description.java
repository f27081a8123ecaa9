package io.github.openaikserve.server.options;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An option as users read it: a line of {@code options.txt}. Immutable.
 *
 * @param sentence describes what the option sets, for help and pages
 * @param initial the default as a user would write it; empty if there is none
 * @param unset describes what applies if the option is not set and has no default
 * @param flag the flag that sets the option; empty for none. A flag that begins with {@code --no-}
 *     sets it to false. A flag of a mapping takes {@code KEY=VALUE}.
 * @param label the placeholder of the flag's value; empty for that of the option's type
 * @param help the sentence in {@code --help}
 */
record Description(
    String sentence, String initial, String unset, String flag, String label, String help) {
  private static final String FILE = "options.txt";
  private static final int COLUMNS = 6;

  /** The descriptions of each record's options by their keys. */
  private static final Map<String, Map<String, Description>> RECORDS = read();

  /** Returns the descriptions of a record's options by their keys. */
  static Map<String, Description> of(Class<?> type) {
    String name = type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
    return RECORDS.getOrDefault(name, Map.of());
  }

  private static Map<String, Map<String, Description>> read() {
    Map<String, Map<String, Description>> records = new LinkedHashMap<>();
    Map<String, Description> current = new LinkedHashMap<>();
    for (String line : text().split("\n")) {
      if (line.startsWith("[")) {
        current = new LinkedHashMap<>();
        records.put(line.substring(1, line.length() - 1), current);
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        List<String> columns = columns(line);
        current.put(columns.get(0), of(columns));
      }
    }
    return records;
  }

  private static String text() {
    try (InputStream in = Description.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(FILE + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the columns of a line; those that the line leaves out are empty. */
  private static List<String> columns(String line) {
    String[] columns = Arrays.copyOf(line.split(" \\|(?= |$)", -1), COLUMNS);
    return Arrays.stream(columns).map(column -> column == null ? "" : column.strip()).toList();
  }

  private static Description of(List<String> columns) {
    String sentence = columns.get(1);
    String[] flag = columns.get(4).split(" ", 2);
    return new Description(
        sentence,
        columns.get(2),
        columns.get(3),
        flag[0],
        flag.length == 1 ? "" : flag[1],
        columns.get(5).isEmpty() ? sentence : columns.get(5));
  }
}
