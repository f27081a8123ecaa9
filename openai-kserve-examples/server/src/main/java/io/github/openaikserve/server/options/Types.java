package io.github.openaikserve.server.options;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The types of options, from the Java type and the {@link Setting} of a component. */
final class Types {
  private static final Map<String, Object> ANY = Map.of();

  /** A number; as a text, it may have a unit or be a reference to the environment. */
  private static final Map<String, Object> NUMBER = Map.of("type", List.of("integer", "string"));

  private Types() {}

  /** Returns the type of a component, or of the value of an Optional. */
  static Type<?> of(RecordComponent component, Setting setting) {
    if (setting.type() != void.class) {
      return custom(setting.type());
    }
    java.lang.reflect.Type type = component.getGenericType();
    boolean optional = component.getType() == Optional.class;
    return of(optional ? argument(type, 0) : type, setting);
  }

  private static Type<?> custom(Class<?> type) {
    try {
      var constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      return (Type<?>) constructor.newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " is not a type of options", e);
    }
  }

  private static java.lang.reflect.Type argument(java.lang.reflect.Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }

  private static Type<?> of(java.lang.reflect.Type type, Setting setting) {
    if (type instanceof ParameterizedType generic) {
      return generic.getRawType() == List.class
          ? list(of(argument(generic, 0), setting), setting.filled())
          : map(of(argument(generic, 1), setting));
    }
    if (type instanceof Class<?> raw && raw.isRecord()) {
      Section<?> section = Section.of(raw.asSubclass(Record.class));
      return setting.switchable() ? toggle(section, setting.initial()) : section(section);
    }
    return scalar((Class<?>) type, setting);
  }

  private static Type<?> scalar(Class<?> type, Setting setting) {
    if (type.isEnum()) {
      return word(type);
    }
    return switch (type.getSimpleName()) {
      case "int", "Integer" -> setting.bytes() ? size(setting, true) : integer(setting);
      case "long", "Long" -> size(setting, false);
      case "boolean", "Boolean" -> new Form<>(Value::flag, schema("boolean"), "true|false");
      case "String" ->
          new Form<>(setting.min() == 0 ? Value::scalar : Value::text, schema("string"), "TEXT");
      case "Path" -> new Form<>(Value::file, schema("string"), "FILE");
      case "Duration" -> duration(setting);
      case "LocalDate" -> new Form<>(Types::date, schema("string"), "YYYY-MM-DD");
      case "Value" -> new Form<>(value -> value, ANY, "VALUE");
      case "Object" -> new Form<>(Value::json, ANY, "VALUE");
      default -> throw new IllegalStateException("no type of options for " + type);
    };
  }

  private static LocalDate date(Value value) {
    try {
      return LocalDate.parse(value.text());
    } catch (DateTimeException e) {
      throw value.expected("a date such as 2027-03-31");
    }
  }

  private static Map<String, Object> schema(String type) {
    return Map.of("type", type);
  }

  private static Type<?> word(Class<?> type) {
    Map<String, Object> words = new LinkedHashMap<>();
    for (Object constant : type.getEnumConstants()) {
      words.put(((Enum<?>) constant).name().toLowerCase(Locale.ROOT), constant);
    }
    return new EnumType<>(words::keySet, words::get);
  }

  private static Type<Integer> integer(Setting setting) {
    long max = Math.min(setting.max(), Integer.MAX_VALUE);
    Map<String, Object> schema = new LinkedHashMap<>(NUMBER);
    schema.put("minimum", setting.min());
    schema.put("maximum", max);
    return new Form<>(
        value -> (int) value.integer(setting.min(), max), written(schema, "[0-9]+"), "NUMBER");
  }

  private static Type<?> size(Setting setting, boolean small) {
    long max = small ? Math.min(setting.max(), Integer.MAX_VALUE) : setting.max();
    Map<String, Object> schema = written(NUMBER, Units.SIZE);
    return small
        ? new Form<>(value -> (int) Units.size(value, setting.min(), max), schema, "SIZE")
        : new Form<>(value -> Units.size(value, setting.min(), max), schema, "SIZE");
  }

  private static Type<Duration> duration(Setting setting) {
    return new Form<>(
        value -> Units.duration(value, setting.min(), setting.max()),
        written(NUMBER, Units.DURATION),
        "DURATION");
  }

  /** Returns a schema for values that may also be a reference to the environment. */
  private static Map<String, Object> written(Map<String, Object> schema, String pattern) {
    Map<String, Object> all = new LinkedHashMap<>(schema);
    all.put("pattern", "^(?:" + pattern + "|.*\\$\\{.*)$");
    return all;
  }

  private record Form<T>(
      Function<Value, T> reader,
      Supplier<Map<String, Object>> schemas,
      Optional<Section<?>> section,
      String label,
      String suffix)
      implements Type<T> {
    Form(Function<Value, T> reader, Map<String, Object> schema, String label) {
      this(reader, () -> schema, Optional.empty(), label, "");
    }

    @Override
    public T read(Value value) {
      return reader.apply(value);
    }

    @Override
    public Map<String, Object> schema() {
      return schemas.get();
    }
  }

  /** Returns the type of a list; on a command line, each occurrence of the flag adds an element. */
  private static <T> Type<List<T>> list(Type<T> element, boolean filled) {
    return new Form<>(
        value -> {
          List<T> list = value.list().stream().map(element::read).toList();
          if (filled && list.isEmpty()) {
            throw value.wrong("must not be empty; remove the key to set none");
          }
          return list;
        },
        () -> schema("array", "items", element.schema()),
        element.section(),
        element.label(),
        "[]" + element.suffix());
  }

  /** Returns the type of a mapping with any keys. */
  private static <T> Type<Map<String, T>> map(Type<T> element) {
    return new Form<>(
        value -> {
          Map<String, T> map = new LinkedHashMap<>();
          value.entries().forEach((key, found) -> map.put(key, element.read(found)));
          return map;
        },
        () -> schema("object", "additionalProperties", element.schema()),
        Optional.empty(),
        "VALUE",
        "");
  }

  private static Map<String, Object> schema(String type, String key, Object elements) {
    Map<String, Object> schema = new LinkedHashMap<>(schema(type));
    schema.put(key, elements);
    return schema;
  }

  /** Returns the type of a mapping whose keys are options. */
  private static Type<?> section(Section<?> options) {
    return new Form<>(options::read, options::schema, Optional.of(options), "VALUE", "");
  }

  /** Returns the type of a mapping, or true for its defaults, or false for no mapping. */
  private static Type<?> toggle(Section<?> options, String initial) {
    return new Form<Optional<?>>(
        value -> toggled(value, options, initial),
        () -> Map.of("anyOf", List.of(schema("boolean"), options.schema())),
        Optional.of(options),
        "VALUE",
        "");
  }

  private static Optional<?> toggled(Value value, Section<?> options, String initial) {
    if (!value.isScalar()) {
      return Optional.of(options.read(value));
    }
    return switch (value.scalar()) {
      case "true" -> Optional.of(options.defaults(value));
      case "false" -> Optional.empty();
      default ->
          throw value.expected(
              (initial.equals("true") ? "false" : "true")
                  + " or a mapping {"
                  + options.options().stream()
                      .map(option -> option.key() + ": ...")
                      .collect(Collectors.joining(", "))
                  + "}");
    };
  }

  /** Returns whether an option without a default may be left out. */
  static boolean mayBeAbsent(Class<?> type) {
    return type == Integer.class || absent(type) != null;
  }

  /** Returns the value of an option that is left out; null also stands for no number. */
  static @Nullable Object absent(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "Optional" -> Optional.empty();
      case "List" -> List.of();
      case "Map" -> Map.of();
      case "boolean" -> false;
      default -> null;
    };
  }
}
