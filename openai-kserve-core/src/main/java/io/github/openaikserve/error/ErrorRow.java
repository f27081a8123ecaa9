package io.github.openaikserve.error;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table of {@link ServerErrors}. Immutable.
 *
 * @param from the codes under which the words are looked for
 * @param code what the words mean
 * @param words a pattern that takes linear time, from the beginning of a sentence; its groups
 *     {@code size} and {@code limit}, if it has them, are the numbers of a message
 */
record ErrorRow(Set<BackendCode> from, BackendCode code, Pattern words) {
  /** The codes of a server that does not tell a mistake of the request from its own. */
  private static final Set<BackendCode> ANY_FAULT =
      Set.of(
          BackendCode.UNKNOWN,
          BackendCode.INTERNAL,
          BackendCode.INVALID_ARGUMENT,
          BackendCode.OUT_OF_RANGE,
          BackendCode.FAILED_PRECONDITION,
          BackendCode.RESOURCE_EXHAUSTED);

  /** A prompt that does not fit the model's context. */
  static ErrorRow tooLong(String words) {
    return new ErrorRow(ANY_FAULT, BackendCode.CONTEXT_LENGTH_EXCEEDED, pattern(words));
  }

  /** Another mistake of the request. */
  static ErrorRow invalid(String words) {
    return new ErrorRow(ANY_FAULT, BackendCode.INVALID_ARGUMENT, pattern(words));
  }

  /** A meaning that words have under one code or any of the others that say too little. */
  static ErrorRow meaning(BackendCode code, String words) {
    return new ErrorRow(ANY_FAULT, code, pattern(words));
  }

  /** A meaning that words have under one code only. */
  static ErrorRow of(BackendCode from, BackendCode code, String words) {
    return new ErrorRow(Set.of(from), code, pattern(words));
  }

  private static Pattern pattern(String words) {
    return Pattern.compile(words);
  }

  /** Returns the match at the first sentence that has the words; null for none. */
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

  /** Returns a number of a match; null if the words have none by that name. */
  @Nullable String number(Matcher match, String name) {
    String value = words.pattern().contains("(?<" + name + ">") ? match.group(name) : null;
    return value == null || value.isEmpty() ? null : value;
  }
}
