package io.github.openaikserve.internal.literal;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A converter of Python's number literals to JSON. */
final class PythonNumber {
  private static final Pattern NUMBER =
      Pattern.compile(
          "([-+]*)(?:0[xX]([0-9a-fA-F_]+)|0[oO]([0-7_]+)|0[bB]([01_]+)"
              + "|((?:[0-9][0-9_]*)?)(\\.[0-9_]*)?([eE][-+]?[0-9]+)?)");

  private static final int MAX_LENGTH = 100;
  private static final int[] RADIX = {0, 0, 16, 8, 2};

  private PythonNumber() {}

  /** Returns a number literal as JSON; null if the word is not a number. */
  static @Nullable String json(String word) {
    Matcher matcher = NUMBER.matcher(word);
    if (word.length() > MAX_LENGTH || word.endsWith("_") || !matcher.matches()) {
      return null;
    }
    String sign = matcher.group(1).chars().filter(c -> c == '-').count() % 2 == 1 ? "-" : "";
    for (int group = 2; group < RADIX.length; group++) {
      if (matcher.group(group) != null) {
        String digits = matcher.group(group).replace("_", "");
        return digits.isEmpty() ? null : sign + new BigInteger(digits, RADIX[group]);
      }
    }
    return decimal(sign, matcher);
  }

  private static @Nullable String decimal(String sign, Matcher matcher) {
    String whole = matcher.group(5).replace("_", "");
    String fraction = matcher.group(6) == null ? "" : matcher.group(6).replace("_", "");
    String exponent = matcher.group(7) == null ? "" : matcher.group(7);
    boolean zeros = whole.length() > 1 && whole.startsWith("0");
    if ((whole.isEmpty() && fraction.length() < 2)
        || (zeros && !whole.matches("0+") && fraction.isEmpty())) {
      return null;
    }
    String digits = whole.isEmpty() ? "0" : new BigInteger(whole).toString();
    return sign + digits + (fraction.equals(".") ? ".0" : fraction) + exponent;
  }
}
