package io.github.openaikserve.server.options;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A record whose components are options. Immutable. */
public final class Section<R extends Record> {
  /** A component: an option, or a record that adds its options to this section. */
  private record Part(@Nullable Declared option, @Nullable Section<?> inlined) {}

  private final Class<R> type;
  private final List<Part> parts = new ArrayList<>();
  private final List<Declared> options = new ArrayList<>();

  private Section(Class<R> type) {
    this.type = type;
    for (RecordComponent component : type.getRecordComponents()) {
      Setting setting = component.getAnnotation(Setting.class);
      if (setting == null) {
        Section<?> inlined = of(component.getType().asSubclass(Record.class));
        parts.add(new Part(null, inlined));
        options.addAll(inlined.options);
      } else {
        var option = new Declared(component, setting);
        parts.add(new Part(option, null));
        options.add(option);
      }
    }
  }

  /** Returns the section of the options that a record declares. */
  public static <R extends Record> Section<R> of(Class<R> type) {
    return new Section<>(type);
  }

  List<Declared> options() {
    return options;
  }

  /** Returns the JSON schema of a file of these options. */
  public String jsonSchema() {
    return JsonSchema.text(this);
  }

  /**
   * Returns a table of the options whose names begin with {@code prefix}, in Markdown.
   *
   * @param others prefixes of options to leave out
   */
  public String manual(String prefix, List<String> others) {
    return Manual.table(this, prefix, others);
  }

  /** Returns all options as YAML, each with the source of its value. */
  public String effective(Value values) {
    return Effective.of(this, values.mapping());
  }

  /** Returns the names of changed options that require a restart. */
  public List<String> restarts(Value before, Value after) {
    return Flag.targets(this).stream()
        .filter(target -> target.option().setting().restart())
        .map(Flag.Target::path)
        .filter(path -> !before.textOf(path).equals(after.textOf(path)))
        .toList();
  }

  /**
   * Reads a mapping.
   *
   * @throws ConfigException if a key is unknown, a value is invalid, or values contradict each
   *     other
   */
  public R read(Value value) {
    List<String> known = options.stream().map(Declared::key).toList();
    value
        .mapping()
        .entries()
        .forEach(
            (key, entry) -> {
              if (!known.contains(key)) {
                throw unknown(value, key, entry.key(), known);
              }
            });
    return build(value);
  }

  private static ConfigException unknown(
      Value value, String key, Origin origin, List<String> known) {
    String path = value.path().isEmpty() ? key : value.path() + "." + key;
    Optional<String> near = Suggestions.to(key, known);
    return origin.wrong(
        path,
        near.map(meant -> "unknown key; did you mean '" + meant + "'?")
            .orElse("unknown key; allowed keys are " + String.join(", ", known)));
  }

  R defaults(Value place) {
    return read(new Value(Node.Mapping.empty(place.node().origin()), place.path(), false));
  }

  private R build(Value value) {
    List<@Nullable Object> arguments = new ArrayList<>();
    for (Part part : parts) {
      if (part.option() != null) {
        arguments.add(part.option().read(value));
      } else if (part.inlined() != null) {
        arguments.add(part.inlined().build(value));
      }
    }
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    return value.make(() -> made(types, arguments));
  }

  private R made(Class<?>[] types, List<@Nullable Object> arguments) {
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(arguments.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new LinkageError("cannot create a " + type.getSimpleName(), e);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("cannot create a " + type.getSimpleName(), e);
    }
  }

  /** Returns the JSON schema of a mapping of these options. */
  public Map<String, Object> schema() {
    Map<String, Object> properties = new LinkedHashMap<>();
    options.forEach(option -> properties.put(option.key(), JsonSchema.of(option)));
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    schema.put("properties", properties);
    List<String> required =
        options.stream().filter(Declared::isRequired).map(Declared::key).toList();
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    schema.put("additionalProperties", false);
    return schema;
  }
}
