package io.github.openaikserve.internal.literal;

import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.literal.ArgumentSchema.Allowed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A reader of values written as nested tags, as MiniMax-M3 writes objects and lists: each field in
 * a tag with its name, each element in a tag named {@code item}. Not thread-safe.
 */
final class NestedTags {
  private static final int MAX_DEPTH = 50;
  private static final String ITEM = "item";

  private final String text;
  private final String open;
  private final ArgumentSchema schemas;
  private int at;

  /**
   * Creates a reader.
   *
   * @param open the text before the name of a tag
   */
  NestedTags(String text, String open, ArgumentSchema schemas) {
    this.text = text;
    this.open = open;
    this.schemas = schemas;
  }

  /**
   * Returns the value as JSON; a string if it is malformed.
   *
   * @param schema the schema of the value; null for none
   */
  String json(@Nullable Object schema) {
    Object value = value(schema, 0);
    return JsonCodec.writeValue(at == text.length() ? value : text);
  }

  /** Reads up to the next end tag, or to the end of the text. */
  private @Nullable Object value(@Nullable Object schema, int depth) {
    Allowed allowed = schemas.allowed(schema);
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    List<@Nullable Object> items = new ArrayList<>();
    while (text.startsWith(open, at) && !text.startsWith("/", at + open.length())) {
      int end = text.indexOf('>', at + open.length());
      if (end < 0 || depth > MAX_DEPTH) {
        return text;
      }
      String name = text.substring(at + open.length(), end);
      at = end + 1;
      boolean element = name.equals(ITEM) && !allowed.isOnly("object");
      Object value =
          value(element ? schemas.elements(schema) : schemas.field(schema, name), depth + 1);
      String close = open + "/" + name + ">";
      if (!text.startsWith(close, at)) {
        return text;
      }
      at += close.length();
      skipLineBreaks();
      fields.put(name, value);
      items.add(value);
    }
    if (items.isEmpty()) {
      return leaf(schema, allowed);
    }
    boolean list = fields.keySet().equals(Set.of(ITEM)) && !allowed.isOnly("object");
    return list ? items : fields;
  }

  private @Nullable Object leaf(@Nullable Object schema, Allowed allowed) {
    int end = text.indexOf(open, at);
    String written = text.substring(at, end < 0 ? text.length() : end);
    at = end < 0 ? text.length() : end;
    if (schema != null) {
      return JsonCodec.readValue(ParameterTypes.json(allowed, written)).orElse(null);
    }
    Object value = JsonCodec.readValue(written.strip()).orElse(written);
    return value instanceof Number || value instanceof Boolean ? value : written;
  }

  private void skipLineBreaks() {
    while (at < text.length() && text.charAt(at) == '\n') {
      at++;
    }
  }
}
