package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.None;
import io.github.openaikserve.internal.jinja.value.Numbers;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Types;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of one call. After {@link Signature#bind} the values are at the positions of their
 * parameters; null if not given.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and made for every call
public record Args(@Nullable Object[] values, Map<String, Object> named) {
  public static final Args NONE = new Args(new Object[0], Map.of());

  public int size() {
    return values.length;
  }

  boolean has(int index) {
    return index < values.length && values[index] != null;
  }

  public Object get(int index) {
    Object value = values[index];
    if (value == null) {
      throw new TemplateError("argument " + (index + 1) + " is missing");
    }
    return value;
  }

  Object or(int index, Object otherwise) {
    Object value = index < values.length ? values[index] : null;
    return value != null ? value : otherwise;
  }

  /** Returns the argument, unless it was omitted or is None. */
  @Nullable Object some(int index) {
    Object value = index < values.length ? values[index] : null;
    return value == None.NONE ? null : value;
  }

  public boolean truth(int index) {
    Object value = index < values.length ? values[index] : null;
    return value != null && Values.truth(value);
  }

  public long whole(int index, long otherwise) {
    Object value = some(index);
    return value == null ? otherwise : Numbers.whole(value);
  }

  public int size(int index, int otherwise) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, whole(index, otherwise)));
  }

  /** Returns an argument that must be a text, as in Python's methods. */
  public String text(int index) {
    Object value = get(index);
    if (value instanceof String text) {
      return text;
    }
    throw Types.wrong("a str is required, not '" + Types.name(value) + "'", value);
  }

  @Nullable String someText(int index) {
    return some(index) == null ? null : text(index);
  }
}
