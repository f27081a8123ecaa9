package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** A reader of integers. Accepts 5.0, because some clients have only floating-point numbers. */
final class JsonIntegers {
  /** The maximum length of an integer; far more digits than the largest long has. */
  private static final int MAX_DIGITS = 30;

  private JsonIntegers() {}

  static int intOf(JsonObject parent, String name, JsonNode value) {
    return value.isInt()
        ? value.intValue()
        : (int) whole(parent, name, value, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  static long longOf(JsonObject parent, String name, JsonNode value) {
    return whole(parent, name, value, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  /** Returns the integers of an array. */
  static List<Integer> listOf(JsonObject parent, String name, JsonNode array) {
    List<Integer> integers = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      JsonNode element = array.get(i);
      // A text has thousands of tokens, so the path is only computed for an invalid one.
      integers.add(
          element.isInt() ? element.intValue() : intOf(parent, name + "[" + i + "]", element));
    }
    return integers;
  }

  private static long whole(JsonObject parent, String name, JsonNode value, long min, long max) {
    if (!value.isIntegralNumber() && !isWhole(value)) {
      throw parent.wrongType(name, "an integer", value);
    }
    if (value.canConvertToLong() && value.longValue() >= min && value.longValue() <= max) {
      return value.longValue();
    }
    throw value.decimalValue().signum() > 0
        ? JsonErrors.integerAbove(parent.path(name), max)
        : JsonErrors.integerBelow(parent.path(name), min);
  }

  private static boolean isWhole(JsonNode number) {
    if (!number.isBigDecimal()) { // NaN, or infinity, which Jackson 2.15 reads from 1e400
      return false;
    }
    BigDecimal value = number.decimalValue();
    // Expanding 1e999999999 to find a fraction would exhaust the memory.
    boolean small = value.precision() - (long) value.scale() < MAX_DIGITS;
    return small && value.stripTrailingZeros().scale() <= 0;
  }
}
