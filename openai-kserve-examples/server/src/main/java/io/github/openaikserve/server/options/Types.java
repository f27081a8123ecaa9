package io.github.openaikserve.server.options;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
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
          ? new ListType<>(of(argument(generic, 0), setting), setting.filled())
          : new MapType<>(of(argument(generic, 1), setting));
    }
    if (type instanceof Class<?> raw && raw.isRecord()) {
      SectionType<?> section = new SectionType<>(Section.of(raw.asSubclass(Record.class)));
      return setting.switchable() ? new Switch<>(section, setting.initial()) : section;
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
      case "boolean", "Boolean" -> new Plain<>(Value::flag, schema("boolean"), "true|false");
      case "String" ->
          new Plain<>(setting.min() == 0 ? Value::scalar : Value::text, schema("string"), "TEXT");
      case "Path" -> new Plain<>(Value::file, schema("string"), "FILE");
      case "Duration" -> duration(setting);
      case "LocalDate" -> new Plain<>(Types::date, schema("string"), "YYYY-MM-DD");
      case "Value" -> new Plain<>(value -> value, ANY, "VALUE");
      case "Object" -> new Plain<>(Value::json, ANY, "VALUE");
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
    return new Plain<>(
        value -> (int) value.integer(setting.min(), max), written(schema, "[0-9]+"), "NUMBER");
  }

  private static Type<?> size(Setting setting, boolean small) {
    long max = small ? Math.min(setting.max(), Integer.MAX_VALUE) : setting.max();
    Map<String, Object> schema = written(NUMBER, Units.SIZE);
    return small
        ? new Plain<>(value -> (int) Units.size(value, setting.min(), max), schema, "SIZE")
        : new Plain<>(value -> Units.size(value, setting.min(), max), schema, "SIZE");
  }

  private static Type<Duration> duration(Setting setting) {
    return new Plain<>(
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

  /** A type whose values a function reads. */
  private record Plain<T>(Function<Value, T> reader, Map<String, Object> schema, String label)
      implements Type<T> {
    @Override
    public T read(Value value) {
      return reader.apply(value);
    }
  }

  /** A list; on a command line, each occurrence of the flag adds an element. */
  private record ListType<T>(Type<T> element, boolean filled) implements Type<List<T>> {
    @Override
    public List<T> read(Value value) {
      List<T> list = value.list().stream().map(element::read).toList();
      if (filled && list.isEmpty()) {
        throw value.wrong("must not be empty; remove the key to set none");
      }
      return list;
    }

    @Override
    public Map<String, Object> schema() {
      Map<String, Object> list = new LinkedHashMap<>(Map.of("type", "array"));
      list.put("items", element.schema());
      return list;
    }

    @Override
    public Optional<Section<?>> section() {
      return element.section();
    }

    @Override
    public String label() {
      return element.label();
    }

    @Override
    public String suffix() {
      return "[]" + element.suffix();
    }
  }

  /** A mapping with any keys. */
  private record MapType<T>(Type<T> element) implements Type<Map<String, T>> {
    @Override
    public Map<String, T> read(Value value) {
      Map<String, T> map = new LinkedHashMap<>();
      value.entries().forEach((key, found) -> map.put(key, element.read(found)));
      return map;
    }

    @Override
    public Map<String, Object> schema() {
      Map<String, Object> map = new LinkedHashMap<>(Map.of("type", "object"));
      map.put("additionalProperties", element.schema());
      return map;
    }
  }

  /** A mapping whose keys are options. */
  private record SectionType<R extends Record>(Section<R> options) implements Type<R> {
    @Override
    public R read(Value value) {
      return options.read(value);
    }

    @Override
    public Map<String, Object> schema() {
      return options.schema();
    }

    @Override
    public Optional<Section<?>> section() {
      return Optional.of(options);
    }
  }

  /** A mapping, or true for its defaults, or false for no mapping. */
  private record Switch<R extends Record>(SectionType<R> mapping, String initial)
      implements Type<Optional<R>> {
    @Override
    public Optional<R> read(Value value) {
      if (!value.isScalar()) {
        return Optional.of(mapping.read(value));
      }
      return switch (value.scalar()) {
        case "true" -> Optional.of(mapping.options().defaults(value));
        case "false" -> Optional.empty();
        default -> throw value.expected(wanted());
      };
    }

    private String wanted() {
      List<String> keys =
          mapping.options().options().stream().map(option -> option.key() + ": ...").toList();
      return (initial.equals("true") ? "false" : "true")
          + " or a mapping {"
          + String.join(", ", keys)
          + "}";
    }

    @Override
    public Map<String, Object> schema() {
      return Map.of("anyOf", Arrays.asList(Types.schema("boolean"), mapping.schema()));
    }

    @Override
    public Optional<Section<?>> section() {
      return mapping.section();
    }
  }

  /** Returns the value of an option that is not set and has no default; null if required. */
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
