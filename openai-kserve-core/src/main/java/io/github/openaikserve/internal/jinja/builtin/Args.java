package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.None;
import io.github.openaikserve.internal.jinja.value.Numbers;
import io.github.openaikserve.internal.jinja.value.StepLimit;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import io.github.openaikserve.internal.jinja.value.Types;
import io.github.openaikserve.internal.jinja.value.Values;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of one call, and the rendering that pays for it. After {@link Signature#bind} the
 * values are at the positions of their parameters; null if not given.
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and made for every call
public record Args(RenderContext run, @Nullable Object[] values, Map<String, Object> named) {
  private static final @Nullable Object[] NOTHING = {};

  /** Returns what pays for the call. */
  public StepLimit budget() {
    return run.budget;
  }

  public int size() {
    return values.length;
  }

  boolean isEmpty() {
    return values.length == 0 && named.isEmpty();
  }

  /** Returns these arguments without the first positional ones. */
  Args from(int index) {
    return size() <= index
        ? new Args(run, NOTHING, named)
        : new Args(run, Arrays.copyOfRange(values, index, size()), named);
  }

  @Nullable Object given(int index) {
    return index < values.length ? values[index] : null;
  }

  public Object get(int index) {
    Object value = values[index];
    if (value == null) {
      throw new TemplateError("argument " + (index + 1) + " is missing");
    }
    return value;
  }

  /** Returns all positional arguments of a call that was not bound to parameters. */
  Object[] all() {
    Object[] all = new Object[size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = get(i);
    }
    return all;
  }

  Object or(int index, Object otherwise) {
    Object value = given(index);
    return value != null ? value : otherwise;
  }

  /** Returns the argument, unless it was omitted or is None. */
  @Nullable Object some(int index) {
    Object value = given(index);
    return value == None.NONE ? null : value;
  }

  boolean truth(int index) {
    return truth(index, false);
  }

  boolean truth(int index, boolean otherwise) {
    Object value = given(index);
    return value == null ? otherwise : Values.truth(value);
  }

  long whole(int index, long otherwise) {
    Object value = some(index);
    return value == null ? otherwise : Numbers.whole(value);
  }

  int size(int index, int otherwise) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, whole(index, otherwise)));
  }

  /** Returns an argument that must be a text, as in Python's methods. */
  String text(int index) {
    Object value = get(index);
    if (value instanceof String text) {
      return text;
    }
    throw Types.wrong("a str is required, not '" + Types.name(value) + "'", value);
  }

  @Nullable String someText(int index) {
    return some(index) == null ? null : text(index);
  }

  String text(int index, String otherwise) {
    return some(index) == null ? otherwise : text(index);
  }

  /** Returns a function that reads the attribute that an argument names. */
  UnaryOperator<Object> part(int index) {
    return Subscripts.reader(some(index), budget());
  }

  /** Returns the indentation that an argument describes, as a text or as a number of spaces. */
  static String indentation(Object by, int most) {
    return by instanceof String text
        ? text
        : " ".repeat((int) Math.max(0, Math.min(most, Numbers.whole(by))));
  }
}
