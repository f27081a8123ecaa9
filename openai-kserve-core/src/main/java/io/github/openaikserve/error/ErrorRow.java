package io.github.openaikserve.error;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table {@link ErrorRows}. Immutable.
 *
 * @param from the reported codes to which the row applies
 * @param code the code that replaces the reported one
 * @param words a pattern for the beginning of a sentence; it takes linear time. Its optional groups
 *     {@code size} and {@code limit} capture the numbers in the message
 */
record ErrorRow(Set<BackendCode> from, BackendCode code, Pattern words) {
  /** The codes of servers that do not distinguish invalid requests from their own failures. */
  private static final Set<BackendCode> ANY_FAULT =
      Set.of(
          BackendCode.UNKNOWN,
          BackendCode.INTERNAL,
          BackendCode.INVALID_ARGUMENT,
          BackendCode.OUT_OF_RANGE,
          BackendCode.FAILED_PRECONDITION,
          BackendCode.RESOURCE_EXHAUSTED);

  /** Returns a row for a prompt that does not fit into the model's context. */
  static ErrorRow tooLong(String words) {
    return new ErrorRow(ANY_FAULT, BackendCode.CONTEXT_LENGTH_EXCEEDED, pattern(words));
  }

  /** Returns a row for another invalid request. */
  static ErrorRow invalid(String words) {
    return new ErrorRow(ANY_FAULT, BackendCode.INVALID_ARGUMENT, pattern(words));
  }

  /** Returns a row for a message reported with this code or with any unspecific code. */
  static ErrorRow meaning(BackendCode code, String words) {
    return new ErrorRow(ANY_FAULT, code, pattern(words));
  }

  /** Returns a row for a message reported with one code only. */
  static ErrorRow of(BackendCode from, BackendCode code, String words) {
    return new ErrorRow(Set.of(from), code, pattern(words));
  }

  private static Pattern pattern(String words) {
    return Pattern.compile(words);
  }

  /** Returns the match at the first sentence that the pattern matches; null for none. */
  @Nullable Matcher match(BackendCode reported, ServerWords said) {
    if (!from.contains(reported)) {
      return null;
    }
    Matcher matcher = words.matcher(said.searched());
    for (int begin : said.clauses()) {
      if (matcher.region(begin, said.searched().length()).lookingAt()) {
        return matcher;
      }
    }
    return null;
  }

  /**
   * Returns a number that a group captured; null if the pattern has no such group, or the group
   * matched nothing.
   */
  @Nullable String number(Matcher match, String name) {
    String value = words.pattern().contains("(?<" + name + ">") ? match.group(name) : null;
    return value == null || value.isEmpty() ? null : value;
  }
}
