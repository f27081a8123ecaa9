package io.github.openaikserve.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** One value of a configuration file, which knows where it stands. */
public final class Value {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)?");
  private static final Pattern SIZE = Pattern.compile("([0-9]{1,18})(KiB|MiB|GiB)?");
  private static final Map<String, Long> UNITS =
      Map.of("ms", 1L, "s", 1000L, "m", 60_000L, "h", 3_600_000L);
  private static final Map<String, Long> SIZES =
      Map.of("KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

  private final Source source;
  private final Node node;
  private final String path;

  Value(Source source, Node node, String path) {
    this.source = source;
    this.node = node;
    this.path = path;
  }

  /** A failure at this value; {@code message} says what was expected. */
  public ConfigException wrong(String message) {
    return source.wrong(node.getStartMark(), path, message);
  }

  /** Whether it is neither a list nor a mapping. */
  public boolean isText() {
    return node instanceof ScalarNode;
  }

  /** Whether it is true or false. */
  public boolean isFlag() {
    return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL);
  }

  /** Whether it is written as a whole number. */
  public boolean isInteger() {
    return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.INT);
  }

  /** A text of at least one letter, with what it refers to put in. */
  public String text() {
    String text = scalar();
    if (text.isBlank()) {
      throw wrong("must not be empty");
    }
    return text;
  }

  /** The text, which may be empty. */
  String scalar() {
    if (!(node instanceof ScalarNode scalar) || scalar.getTag().equals(Tag.NULL)) {
      throw expected("a text");
    }
    if (!scalar.getTag().getValue().startsWith(Tag.PREFIX)) {
      throw wrong("tags such as " + scalar.getTag().getValue() + " are not read");
    }
    return source.resolved(scalar.getValue(), node.getStartMark(), path);
  }

  /** A whole number within bounds. */
  public int integer(int least, int most) {
    return (int) integer((long) least, most);
  }

  /** A whole number within bounds. */
  public long integer(long least, long most) {
    try {
      long number = Long.parseLong(scalar());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw expected("a whole number");
    }
    throw wrong("must be from %d to %d".formatted(least, most) + found());
  }

  /** Any number. */
  public double number() {
    try {
      return Double.parseDouble(scalar());
    } catch (NumberFormatException e) {
      throw expected("a number");
    }
  }

  /** True or false. */
  public boolean flag() {
    return switch (scalar()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw expected("true or false");
    };
  }

  /** A length of time such as {@code 500ms}, {@code 30s}, {@code 10m}, {@code 2h}; else seconds. */
  public Duration duration() {
    Matcher matcher = DURATION.matcher(scalar());
    if (!matcher.matches()) {
      throw expected("a length of time such as 30s, 10m or 500ms");
    }
    String unit = matcher.group(2) == null ? "s" : matcher.group(2);
    return Duration.ofMillis(Long.parseLong(matcher.group(1)) * UNITS.getOrDefault(unit, 1L));
  }

  /** The same, and more than nothing. */
  public Duration positiveDuration() {
    Duration duration = duration();
    if (duration.isZero()) {
      throw wrong("must be more than 0");
    }
    return duration;
  }

  /** A number of bytes such as {@code 4096}, {@code 512KiB}, {@code 64MiB}. */
  public long size(long least, long most) {
    Matcher matcher = SIZE.matcher(scalar());
    if (!matcher.matches()) {
      throw expected("a number of bytes such as 4096, 512KiB or 64MiB");
    }
    long unit = matcher.group(2) == null ? 1 : SIZES.getOrDefault(matcher.group(2), 1L);
    long number = Long.parseLong(matcher.group(1));
    if (number > most / unit || number * unit < least) {
      throw wrong("must be from %d to %d bytes".formatted(least, most) + found());
    }
    return number * unit;
  }

  /** A file, beside the configuration unless its path is absolute. Whether it is there is open. */
  public Path file() {
    return beside(text());
  }

  /** A file of that name, beside the configuration unless the path is absolute. */
  Path beside(String name) {
    return source.file(name);
  }

  /** Returns the value as JSON has it: text, number, boolean, list or map. */
  public Object json() {
    if (node instanceof SequenceNode) {
      return list(Value::json);
    }
    if (node instanceof MappingNode) {
      return section(
          section -> {
            Map<String, Object> map = new LinkedHashMap<>();
            section.entries().forEach((key, value) -> map.put(key, value.json()));
            return map;
          });
    }
    if (isInteger()) {
      return integer(Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (isFlag()) {
      return flag();
    }
    return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.FLOAT)
        ? (Object) number()
        : scalar();
  }

  /** One of a few words. */
  public <T> T oneOf(Collection<String> words, Function<String, T> meaning) {
    String word = text();
    if (!words.contains(word)) {
      String meant =
          Nearest.to(word, words).map(near -> "; did you mean '" + near + "'?").orElse("");
      throw wrong(
          "expected one of "
              + String.join(", ", words.stream().sorted().toList())
              + found()
              + meant);
    }
    return meaning.apply(word);
  }

  /** The values of a list. */
  public List<Value> list() {
    if (!(node instanceof SequenceNode sequence)) {
      throw expected("a list");
    }
    List<Value> values = new ArrayList<>();
    for (Node element : sequence.getValue()) {
      values.add(new Value(source, element, path + "[" + values.size() + "]"));
    }
    return values;
  }

  /** What a reader makes of every value of a list. */
  public <T> List<T> list(Function<Value, T> reader) {
    return list().stream().map(reader).toList();
  }

  /**
   * What a reader makes of a mapping.
   *
   * @throws ConfigException if the reader leaves a key unread, or fails with what builders throw
   */
  public <T> T section(Function<Section, T> reader) {
    if (!(node instanceof MappingNode mapping)) {
      throw expected("a mapping of keys to values");
    }
    var section = new Section(source, mapping, path);
    try {
      T made = reader.apply(section);
      section.end();
      return made;
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private ConfigException expected(String what) {
    return wrong("expected " + what + found());
  }

  /** As it is written: what a reference stands for may be a secret. */
  private String found() {
    if (node instanceof ScalarNode scalar) {
      return scalar.getTag().equals(Tag.NULL)
          ? ", found nothing"
          : ", found '" + scalar.getValue() + "'";
    }
    return node instanceof SequenceNode ? ", found a list" : ", found a mapping";
  }
}
