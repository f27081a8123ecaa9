package io.github.openaikserve.internal.literal;

import io.github.openaikserve.internal.json.JsonCodec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A reader of values written as nested tags, as MiniMax-M3 writes objects and lists: each field in
 * a tag with its name, each element in a tag named {@code item}.
 */
public final class NestedTags {
  private static final int MAX_DEPTH = 50;

  private final String text;
  private final String open;
  private int at;

  private NestedTags(String text, String open) {
    this.text = text;
    this.open = open;
  }

  /**
   * Returns a value as JSON; a string if it is malformed.
   *
   * @param open the text before the name of a tag
   */
  public static String json(String text, String open) {
    var tags = new NestedTags(text, open);
    Object value = tags.value(0);
    return tags.at == text.length() ? JsonCodec.writeValue(value) : JsonCodec.writeValue(text);
  }

  /** Reads up to the next end tag, or to the end of the text. */
  private Object value(int depth) {
    Map<String, Object> fields = new LinkedHashMap<>();
    List<Object> items = new ArrayList<>();
    while (text.startsWith(open, at) && !text.startsWith("/", at + open.length())) {
      int end = text.indexOf('>', at + open.length());
      if (end < 0 || depth > MAX_DEPTH) {
        return text;
      }
      String name = text.substring(at + open.length(), end);
      at = end + 1;
      Object value = value(depth + 1);
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
      return leaf();
    }
    return fields.keySet().equals(Set.of("item")) ? items : fields;
  }

  private Object leaf() {
    int end = text.indexOf(open, at);
    String written = text.substring(at, end < 0 ? text.length() : end);
    at = end < 0 ? text.length() : end;
    Object value = JsonCodec.readValue(written.strip()).orElse(written);
    return value instanceof Number || value instanceof Boolean ? value : written;
  }

  private void skipLineBreaks() {
    while (at < text.length() && text.charAt(at) == '\n') {
      at++;
    }
  }
}
