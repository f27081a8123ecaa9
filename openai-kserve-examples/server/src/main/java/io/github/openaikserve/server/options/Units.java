package io.github.openaikserve.server.options;

import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses numbers with units: durations and sizes. */
final class Units {
  static final String DURATION = "[0-9]+(?:ms|s|m|h)?";
  static final String SIZE = "[0-9]+(?:KiB|MiB|GiB)?";

  /** A hundred years, which still fits into a long in nanoseconds. */
  private static final long MAX_MILLIS = Duration.ofDays(36_500).toMillis();

  private static final Pattern NUMBER = Pattern.compile("([0-9]+)(\\w*)");
  private static final Map<String, Long> MILLIS =
      Map.of("ms", 1L, "", 1000L, "s", 1000L, "m", 60_000L, "h", 3_600_000L);
  private static final Map<String, Long> BYTES =
      Map.of("", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

  private Units() {}

  /** Reads a duration such as {@code 500ms}, {@code 30s} or {@code 2h}; the default unit is s. */
  static Duration duration(Value value, long min, long max) {
    BigInteger millis = number(value, DURATION, MILLIS, "a duration such as 30s, 10m or 500ms");
    long most = Math.min(max, MAX_MILLIS);
    if (min > 0 && millis.signum() == 0) {
      throw value.wrong("must be more than 0" + value.found());
    }
    if (outside(millis, min, most)) {
      throw value.outside(shown(Math.max(0, min)) + " to " + shown(most));
    }
    return Duration.ofMillis(millis.longValue());
  }

  private static String shown(long millis) {
    for (String unit : new String[] {"h", "m", "s"}) {
      long length = MILLIS.getOrDefault(unit, 1L);
      if (millis > 0 && millis % length == 0) {
        return millis / length + unit;
      }
    }
    return millis == 0 ? "0s" : millis + "ms";
  }

  /** Reads a size such as {@code 4096}, {@code 512KiB} or {@code 64MiB}. */
  static long size(Value value, long min, long max) {
    BigInteger bytes =
        number(value, SIZE, BYTES, "a number of bytes such as 4096, 512KiB or 64MiB");
    if (outside(bytes, min, max)) {
      throw value.outside(min + " to " + max + " bytes");
    }
    return bytes.longValue();
  }

  private static boolean outside(BigInteger number, long min, long max) {
    return number.compareTo(BigInteger.valueOf(min)) < 0
        || number.compareTo(BigInteger.valueOf(max)) > 0;
  }

  private static BigInteger number(
      Value value, String form, Map<String, Long> units, String expected) {
    Matcher matcher = NUMBER.matcher(value.scalar());
    if (!value.scalar().matches(form) || value.scalar().length() > 40 || !matcher.matches()) {
      throw value.expected(expected);
    }
    return new BigInteger(matcher.group(1))
        .multiply(BigInteger.valueOf(units.getOrDefault(matcher.group(2), 1L)));
  }
}
