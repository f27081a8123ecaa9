package io.github.openaikserve.server.options;

import java.util.ArrayList;
import java.util.List;

/** The table of options in the manual, with one row for each option. */
final class Manual {
  private Manual() {}

  /**
   * Returns the rows of the options whose names begin with {@code prefix}.
   *
   * @param others prefixes of options that have separate tables
   */
  static String table(Section<?> root, String prefix, List<String> others) {
    List<String> rows = new ArrayList<>();
    collect(root, "", new Rows(prefix, others, rows));
    return "| key | flag | what it sets | default |\n|---|---|---|---|\n"
        + String.join("\n", rows)
        + "\n";
  }

  private record Rows(String prefix, List<String> others, List<String> rows) {
    boolean wants(String path) {
      return path.startsWith(prefix) && others.stream().noneMatch(path::startsWith);
    }
  }

  private static void collect(Section<?> section, String prefix, Rows rows) {
    for (Declared option : section.options()) {
      String path = prefix + option.key();
      if (rows.wants(path)) {
        rows.rows().add(row(path, option));
      }
      option
          .type()
          .section()
          .ifPresent(inner -> collect(inner, path + option.type().suffix() + ".", rows));
    }
  }

  private static String row(String path, Declared option) {
    Setting setting = option.setting();
    String flag = setting.flag().isEmpty() ? "" : "`" + setting.flag() + "`";
    return "| `%s` | %s | %s | %s |"
        .formatted(path, flag, setting.value().replace("|", "\\|"), shownDefault(option))
        .replaceAll(" {2,}", " ");
  }

  private static String shownDefault(Declared option) {
    String unset = option.setting().unset();
    if (!unset.isEmpty()) {
      return unset;
    }
    if (!option.shownDefault().isEmpty()) {
      return "`" + option.shownDefault() + "`";
    }
    return option.isRequired() ? "required" : "";
  }
}
