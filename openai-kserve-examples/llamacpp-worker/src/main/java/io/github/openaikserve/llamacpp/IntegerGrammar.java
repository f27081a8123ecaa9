package io.github.openaikserve.llamacpp;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Creates expressions for integers of a range. */
final class IntegerGrammar {
  private IntegerGrammar() {}

  /** Returns an expression for the integers of a range, both ends included. */
  static String range(BigInteger from, BigInteger to) {
    List<String> parts = new ArrayList<>();
    if (from.signum() < 0) {
      BigInteger smallest = to.signum() < 0 ? to.negate() : BigInteger.ONE;
      parts.add("\"-\" ( " + naturals(smallest, from.negate()) + " )");
    }
    if (to.signum() >= 0) {
      parts.add(naturals(from.max(BigInteger.ZERO), to));
    }
    return String.join(" | ", parts);
  }

  private static String naturals(BigInteger from, BigInteger to) {
    List<String> parts = new ArrayList<>();
    String first = from.toString();
    String last = to.toString();
    for (int digits = first.length(); digits <= last.length(); digits++) {
      String low = digits == first.length() ? first : "1" + "0".repeat(digits - 1);
      String high = digits == last.length() ? last : "9".repeat(digits);
      parts.add(sameLength(low, high));
    }
    return String.join(" | ", parts);
  }

  private static String sameLength(String low, String high) {
    int rest = low.length() - 1;
    char first = low.charAt(0);
    char last = high.charAt(0);
    if (rest == 0) {
      return digit(first, last);
    }
    String lowRest = low.substring(1);
    String highRest = high.substring(1);
    String zeros = "0".repeat(rest);
    String nines = "9".repeat(rest);
    if (first == last) {
      boolean all = lowRest.equals(zeros) && highRest.equals(nines);
      return digit(first, last)
          + (all ? " [0-9]{" + rest + "}" : group(sameLength(lowRest, highRest)));
    }
    List<String> parts = new ArrayList<>();
    if (!lowRest.equals(zeros)) {
      parts.add(digit(first, first) + group(sameLength(lowRest, nines)));
      first++;
    }
    String end = "";
    if (!highRest.equals(nines)) {
      end = digit(last, last) + group(sameLength(zeros, highRest));
      last--;
    }
    if (first <= last) {
      parts.add(digit(first, last) + " [0-9]{" + rest + "}");
    }
    if (!end.isEmpty()) {
      parts.add(end);
    }
    return String.join(" | ", parts);
  }

  private static String group(String expression) {
    return " ( " + expression + " )";
  }

  private static String digit(char from, char to) {
    return from == to ? "[" + from + "]" : "[" + from + "-" + to + "]";
  }
}
