package io.github.openaikserve.server.options;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value with its place, which types read. Every error names the place and the key. */
public final class Value {
  private final Node node;
  private final String path;
  private final boolean secret;

  Value(Node node, String path, boolean secret) {
    this.node = node;
    this.path = path;
    this.secret = secret;
  }

  Node node() {
    return node;
  }

  String path() {
    return path;
  }

  /** Returns an error at this value. */
  public ConfigException wrong(String message) {
    return node.origin().wrong(path, message);
  }

  /** Returns an error that names what was expected and what was found. */
  public ConfigException expected(String what) {
    return wrong("expected " + what + found());
  }

  /** Returns what was found, as written, because a resolved reference may be a secret. */
  public String found() {
    if (node instanceof Node.Scalar scalar) {
      if (scalar.kind() == Node.Scalar.Kind.NOTHING) {
        return ", found nothing";
      }
      return secret ? "" : ", found '" + scalar.written() + "'";
    }
    return node instanceof Node.Sequence ? ", found a list" : ", found a mapping";
  }

  /** Returns whether this is neither a list nor a mapping. */
  public boolean isScalar() {
    return node instanceof Node.Scalar;
  }

  /** Returns whether this is true or false. */
  public boolean isFlag() {
    return node instanceof Node.Scalar scalar && scalar.kind() == Node.Scalar.Kind.BOOLEAN;
  }

  /** Returns whether this is written as an integer. */
  public boolean isInteger() {
    return node instanceof Node.Scalar scalar && scalar.kind() == Node.Scalar.Kind.INTEGER;
  }

  /** Returns the text of a scalar, which may be empty. */
  public String scalar() {
    if (!(node instanceof Node.Scalar scalar) || scalar.kind() == Node.Scalar.Kind.NOTHING) {
      throw expected("a text");
    }
    return scalar.text();
  }

  /** Returns a text that is not blank. */
  public String text() {
    String text = scalar();
    if (text.isBlank()) {
      throw wrong("must not be empty");
    }
    return text;
  }

  /** Returns an integer within bounds. */
  public long integer(long min, long max) {
    String text = scalar();
    if (!text.matches("[+-]?[0-9]+")) {
      throw expected("a whole number");
    }
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw outside(min + " to " + max);
    }
    throw outside(min + " to " + max);
  }

  ConfigException outside(String range) {
    return wrong("must be from " + range + found());
  }

  /** Returns a number. */
  public double number() {
    try {
      return Double.parseDouble(scalar());
    } catch (NumberFormatException e) {
      throw expected("a number");
    }
  }

  /** Returns true or false. */
  public boolean flag() {
    return switch (scalar()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw expected("true or false");
    };
  }

  /** Returns the path of a readable file. */
  public Path file() {
    Path file = path(text());
    if (!Files.isRegularFile(file)) {
      throw wrong(
          "cannot read " + file + ": " + (Files.exists(file) ? "not a file" : "no such file"));
    }
    if (!Files.isReadable(file)) {
      throw wrong("cannot read " + file + ": permission denied");
    }
    return file;
  }

  /** Returns the result of {@code maker}; its argument errors become errors at this value. */
  public <T> T make(Supplier<T> maker) {
    try {
      return maker.get();
    } catch (Mistake e) {
      String other = e.other();
      throw at(e.key())
          .wrong(
              e.getMessage()
                  + (other.isEmpty()
                      ? ""
                      : "; see " + other + " at " + at(other).node.origin().place()));
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  /** Returns a path, resolved against the directory of the configuration file. */
  public Path path(String name) {
    return node.origin().base().resolve(name);
  }

  /** Returns the elements of a list. */
  public List<Value> list() {
    if (!(node instanceof Node.Sequence sequence)) {
      throw expected("a list");
    }
    List<Value> values = new ArrayList<>();
    for (Node element : sequence.elements()) {
      values.add(new Value(element, path + "[" + values.size() + "]", secret));
    }
    return values;
  }

  Node.Mapping mapping() {
    if (node instanceof Node.Mapping mapping) {
      return mapping;
    }
    throw expected("a mapping of keys to values");
  }

  /** Returns the entries of a mapping, in order. */
  public Map<String, Value> entries() {
    Map<String, Value> values = new LinkedHashMap<>();
    mapping().entries().forEach((key, entry) -> values.put(key, child(key, entry.value(), secret)));
    return values;
  }

  /** Returns the value of a key; empty if the mapping does not contain it. */
  Optional<Value> find(String key, boolean secretValue) {
    Node.@Nullable Entry entry = mapping().entries().get(key);
    return entry == null
        ? Optional.empty()
        : Optional.of(child(key, entry.value(), secret || secretValue));
  }

  private Value child(String key, Node value, boolean secretValue) {
    return new Value(value, path.isEmpty() ? key : path + "." + key, secretValue);
  }

  /** Returns the value as a JSON value: text, number, boolean, list or map. */
  public Object json() {
    if (node instanceof Node.Sequence) {
      return list().stream().map(Value::json).toList();
    }
    if (node instanceof Node.Mapping) {
      Map<String, Object> map = new LinkedHashMap<>();
      entries().forEach((key, value) -> map.put(key, value.json()));
      return map;
    }
    if (isInteger()) {
      return integer(Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (isFlag()) {
      return flag();
    }
    return node instanceof Node.Scalar scalar && scalar.kind() == Node.Scalar.Kind.FLOAT
        ? (Object) number()
        : scalar();
  }

  /** Returns this mapping merged with another one, whose entries replace those of this. */
  public Value overlaid(Value above) {
    return new Value(mapping().overlaid(above.mapping()), path, secret);
  }

  /** Returns the values below a path as a text for comparison; empty if there are none. */
  String textOf(String relative) {
    Value found = at(relative);
    return found.path.equals(path.isEmpty() ? relative : path + "." + relative)
        ? found.text(found.node)
        : "";
  }

  private String text(Node any) {
    if (any instanceof Node.Mapping mapping) {
      StringBuilder all = new StringBuilder();
      mapping.entries().forEach((key, e) -> all.append(key).append('=').append(text(e.value())));
      return all.toString();
    }
    return any instanceof Node.Sequence list
        ? list.elements().stream().map(this::text).toList().toString()
        : ((Node.Scalar) any).text() + ";";
  }

  /** Returns the deepest existing value on a path such as {@code models[1].id}. */
  Value at(String relative) {
    Value at = this;
    for (String step : relative.replace("[", ".[").split("\\.", -1)) {
      Optional<Value> next = at.step(step);
      if (next.isEmpty()) {
        return at;
      }
      at = next.get();
    }
    return at;
  }

  private Optional<Value> step(String step) {
    if (step.startsWith("[")) {
      int index = Integer.parseInt(step.substring(1, step.length() - 1));
      return node instanceof Node.Sequence sequence && index < sequence.elements().size()
          ? Optional.of(list().get(index))
          : Optional.empty();
    }
    return node instanceof Node.Mapping ? find(step, false) : Optional.empty();
  }
}
