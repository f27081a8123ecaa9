package io.github.openaikserve.server.options;

import java.util.List;
import java.util.Map;

/** Prints the values of all options as YAML, each with its source. */
final class Effective {
  private static final String MASKED = "'***'";

  private final StringBuilder out = new StringBuilder();

  private Effective() {}

  static String of(Section<?> section, Node.Mapping values) {
    var effective = new Effective();
    effective.section(section, values, "");
    return effective.out.toString();
  }

  private void section(Section<?> section, Node.Mapping values, String indent) {
    for (Declared option : section.options()) {
      Node.Entry entry = values.entries().get(option.key());
      if (entry != null) {
        value(option, entry.value(), indent + option.key() + ":", indent);
      } else if (option.isMapping() && !option.setting().switchable() && !isOptional(option)) {
        int begin = out.length();
        section(inner(option), Node.Mapping.empty(Origin.DEFAULT), indent + "  ");
        if (out.length() > begin) { // YAML reads a key without a value as null
          out.insert(begin, indent + option.key() + ":\n");
        }
      } else if (!option.shownDefault().isEmpty()) {
        line(indent + option.key() + ": " + scalar(option.shownDefault()), Origin.DEFAULT);
      }
    }
  }

  private static boolean isOptional(Declared option) {
    return !option.isRequired() && option.isOptional();
  }

  private static Section<?> inner(Declared option) {
    return option.type().section().orElseThrow();
  }

  private void value(Declared option, Node value, String start, String indent) {
    boolean declared = option.type().section().isPresent();
    if (value instanceof Node.Mapping mapping && declared && option.isMapping()) {
      out.append(start).append('\n');
      section(inner(option), mapping, indent + "  ");
    } else if (value instanceof Node.Sequence list && declared) {
      out.append(start).append(list.elements().isEmpty() ? " []\n" : "\n");
      for (Node element : list.elements()) {
        element(inner(option), element, indent + "  ");
      }
    } else {
      line(start + " " + flow(value, option.setting().secret()), value.origin());
    }
  }

  private void element(Section<?> section, Node element, String indent) {
    int begin = out.length();
    if (element instanceof Node.Mapping mapping) {
      section(section, mapping, indent + "  ");
      out.replace(begin + indent.length(), begin + indent.length() + 2, "- ");
    } else {
      line(indent + "- " + flow(element, false), element.origin());
    }
  }

  private void line(String text, Origin origin) {
    out.append(text).append("  # ").append(origin.place()).append('\n');
  }

  private static String flow(Node value, boolean secret) {
    if (value instanceof Node.Sequence list) {
      List<String> all = list.elements().stream().map(each -> flow(each, secret)).toList();
      return "[" + String.join(", ", all) + "]";
    }
    if (value instanceof Node.Mapping mapping) {
      List<String> all =
          mapping.entries().entrySet().stream().map(entry -> entry(entry, secret)).toList();
      return "{" + String.join(", ", all) + "}";
    }
    Node.Scalar scalar = (Node.Scalar) value;
    return secret ? MASKED : scalar.kind() == Node.Scalar.Kind.NOTHING ? "null" : text(scalar);
  }

  private static String entry(Map.Entry<String, Node.Entry> entry, boolean secret) {
    return scalar(entry.getKey()) + ": " + flow(entry.getValue().value(), secret);
  }

  /** Returns the text of a scalar; quotes a text that YAML would read as another type. */
  private static String text(Node.Scalar scalar) {
    if (scalar.kind() == Node.Scalar.Kind.INTEGER || scalar.kind() == Node.Scalar.Kind.FLOAT) {
      return scalar.text();
    }
    boolean ambiguous =
        scalar.kind() == Node.Scalar.Kind.TEXT
            && scalar.origin().kind() == Origin.Kind.FILE
            && scalar.written().equals(scalar.text())
            && scalar
                .text()
                .matches("[-+]?[0-9]*[.]?[0-9]+(?:[eE][-+]?[0-9]+)?|0[xo].*|true|false|null|~|");
    return ambiguous ? quoted(scalar.text()) : scalar(scalar.text());
  }

  private static String scalar(String text) {
    return text.matches("[A-Za-z0-9_./][A-Za-z0-9_./:@%+=-]*") && !text.endsWith(":")
        ? text
        : quoted(text);
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append("\\x%02x".formatted((int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString().replace("${", "$${");
  }
}
