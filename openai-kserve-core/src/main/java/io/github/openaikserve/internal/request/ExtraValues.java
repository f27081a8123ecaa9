package io.github.openaikserve.internal.request;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads fields that are not OpenAI's but that many servers have; each names what is wrong. */
final class ExtraValues {
  private ExtraValues() {}

  static int integer(String name, @Nullable Object value) {
    if (value instanceof Number number) {
      try {
        return new BigDecimal(number.toString()).intValueExact();
      } catch (ArithmeticException | NumberFormatException e) {
        throw RequestFields.wrongType(name, "an integer of 32 bits", e);
      }
    }
    throw RequestFields.wrongType(name, "an integer", null);
  }

  static double decimal(String name, Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw RequestFields.wrongType(name, "a number", null);
  }

  static boolean bool(String name, Object value) {
    if (value instanceof Boolean bool) {
      return bool;
    }
    throw RequestFields.wrongType(name, "a boolean", null);
  }

  static int[] integers(String name, Object value) {
    if (value instanceof List<?> list) {
      int[] integers = new int[list.size()];
      for (int i = 0; i < integers.length; i++) {
        integers[i] = integer(name + "[" + i + "]", list.get(i));
      }
      return integers;
    }
    throw RequestFields.wrongType(name, "an array of integers", null);
  }

  static Map<?, ?> object(String name, Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw RequestFields.wrongType(name, "an object", null);
  }
}
