package io.github.openaikserve.server.config;

import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.server.options.EnumType;
import io.github.openaikserve.server.options.Section;
import io.github.openaikserve.server.options.Setting;
import io.github.openaikserve.server.options.Type;
import io.github.openaikserve.server.options.Value;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A request field, written as its name or as {@code {field: NAME}}. Immutable. */
record JsonField(@Setting("Name of the request field.") RequestField field) {
  private static final Section<JsonField> OPTIONS = Section.of(JsonField.class);

  static RequestField of(Value value) {
    return value.isScalar() ? new Name().read(value) : OPTIONS.read(value).field();
  }

  private static final class Name extends EnumType<RequestField> {
    Name() {
      super(
          () -> Arrays.stream(RequestField.values()).map(Name::word).toList(),
          word -> RequestField.valueOf(word.toUpperCase(Locale.ROOT)));
    }

    private static String word(RequestField field) {
      return field.name().toLowerCase(Locale.ROOT);
    }
  }

  static final class Keys implements Type<Map<String, RequestField>> {
    @Override
    public Map<String, RequestField> read(Value value) {
      Map<String, RequestField> keys = new LinkedHashMap<>();
      value.entries().forEach((key, found) -> keys.put(key, of(found)));
      return keys;
    }

    @Override
    public Map<String, Object> schema() {
      return Map.of("type", "object");
    }
  }
}
