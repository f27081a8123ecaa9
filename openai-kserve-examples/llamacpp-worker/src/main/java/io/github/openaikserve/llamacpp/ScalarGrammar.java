package io.github.openaikserve.llamacpp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Creates expressions for texts and numbers of a schema. */
final class ScalarGrammar {
  private static final int MAX_CHARACTERS = 2000;

  /** Integers without a limit have up to 16 digits; longer limits than this are not enforced. */
  private static final int MAX_DIGITS = 40;

  private static final int DIGITS = 16;

  private ScalarGrammar() {}

  /** Returns an expression for the texts of a schema; null if no text can match. */
  static @Nullable String string(GrammarRules rules, ObjectNode schema) {
    int least = limit(schema, "minLength", 0);
    int most = limit(schema, "maxLength", Integer.MAX_VALUE);
    if (least > most) {
      return null;
    }
    String pattern =
        schema.path("pattern").isTextual()
            ? PatternGrammar.of(schema.path("pattern").textValue())
            : null;
    if (pattern != null && rules.reserve(pattern.length())) {
      return quoted(rules, pattern);
    }
    String format = format(schema.path("format").asText());
    return format.isEmpty() ? characters(rules, least, most) : quoted(rules, format);
  }

  private static String format(String format) {
    return switch (format) {
      case "date", "time", "uuid" -> format;
      case "date-time" -> "date \"T\" time";
      default -> "";
    };
  }

  private static String characters(GrammarRules rules, int least, int most) {
    int from = Math.min(least, MAX_CHARACTERS);
    boolean endless = most > MAX_CHARACTERS;
    boolean free = (from == 0 && endless) || !rules.reserve(endless ? from : most);
    if (free) {
      return "string";
    }
    return quoted(rules, most == 0 ? "" : "char{" + from + "," + (endless ? "" : most) + "}");
  }

  private static String quoted(GrammarRules rules, String content) {
    return rules.add("\"\\\"\" " + content + " \"\\\"\" space");
  }

  /** Returns an expression for the numbers of a schema; null if no number can match. */
  static @Nullable String number(GrammarRules rules, ObjectNode schema, String type) {
    BigDecimal from = larger(bound(schema, "minimum"), bound(schema, "exclusiveMinimum"));
    BigDecimal to = smaller(bound(schema, "maximum"), bound(schema, "exclusiveMaximum"));
    if (from != null && to != null && from.compareTo(to) > 0) {
      return null;
    }
    return type.equals("integer") ? integer(rules, schema, from, to) : type;
  }

  private static @Nullable String integer(
      GrammarRules rules, ObjectNode schema, @Nullable BigDecimal from, @Nullable BigDecimal to) {
    if ((from == null && to == null) || isLong(from) || isLong(to)) {
      return "integer";
    }
    BigInteger least = from == null ? null : from.setScale(0, RoundingMode.CEILING).toBigInteger();
    BigInteger most = to == null ? null : to.setScale(0, RoundingMode.FLOOR).toBigInteger();
    if (least != null && isExcluded(schema, "exclusiveMinimum", least)) {
      least = least.add(BigInteger.ONE);
    }
    if (most != null && isExcluded(schema, "exclusiveMaximum", most)) {
      most = most.subtract(BigInteger.ONE);
    }
    BigInteger first = least == null ? outermost(most).negate() : least;
    BigInteger last = most == null ? outermost(least) : most;
    if (first.compareTo(last) > 0) {
      return null;
    }
    String range = IntegerGrammar.range(first, last);
    return rules.reserve(range.length() / 4) ? rules.add("( " + range + " ) space") : "integer";
  }

  /** Returns the largest integer with as many digits as those without a limit, or one more. */
  private static BigInteger outermost(@Nullable BigInteger limit) {
    int digits = limit == null ? 0 : limit.abs().toString().length();
    return BigInteger.TEN.pow(Math.max(DIGITS, digits + 1)).subtract(BigInteger.ONE);
  }

  private static boolean isExcluded(ObjectNode schema, String keyword, BigInteger limit) {
    BigDecimal bound = bound(schema, keyword);
    return bound != null && bound.compareTo(new BigDecimal(limit)) == 0;
  }

  private static boolean isLong(@Nullable BigDecimal bound) {
    return bound != null && bound.precision() - bound.scale() > MAX_DIGITS;
  }

  private static @Nullable BigDecimal bound(ObjectNode schema, String keyword) {
    JsonNode bound = schema.path(keyword);
    boolean number = bound.isNumber() && Double.isFinite(bound.doubleValue());
    return number ? bound.decimalValue() : null;
  }

  private static @Nullable BigDecimal larger(@Nullable BigDecimal one, @Nullable BigDecimal other) {
    return one == null ? other : other == null ? one : one.max(other);
  }

  private static @Nullable BigDecimal smaller(
      @Nullable BigDecimal one, @Nullable BigDecimal other) {
    return one == null ? other : other == null ? one : one.min(other);
  }

  /** Returns a count of a schema; {@code otherwise} if the schema has none. */
  static int limit(ObjectNode schema, String keyword, int otherwise) {
    JsonNode limit = schema.path(keyword);
    return limit.isNumber() ? (int) Math.max(0, limit.doubleValue()) : otherwise;
  }
}
