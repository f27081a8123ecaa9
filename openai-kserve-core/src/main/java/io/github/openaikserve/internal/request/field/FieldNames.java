package io.github.openaikserve.internal.request.field;

import io.github.openaikserve.error.InvalidRequestException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A mapping from the fields of a chat request to the fields of another API whose request is
 * answered by a chat. Immutable.
 *
 * @param conversation the name of the other API's field for the conversation; its elements are
 *     numbered differently from the messages
 * @param names the other API's names, by the names of a chat's fields
 */
public record FieldNames(String conversation, Map<String, String> names) {
  /** The pattern of names that may appear in a header, because clients choose the names. */
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  private static final int MAX_SHOWN = 32;

  /** The replacement for names that do not match. */
  private static final String NO_WORD = "unknown";

  /** Copies the map. */
  public FieldNames {
    names = Map.copyOf(names);
  }

  /** Returns the other API's name of a chat's field, which may be a path. */
  public String of(String param) {
    if (param.startsWith("messages[")) {
      return conversation;
    }
    return names.getOrDefault(param, param).replace("].function.", "].").replace("].custom.", "].");
  }

  /** Returns a copy of a chat's failure with the other API's name of the field. */
  public InvalidRequestException renamed(InvalidRequestException failure) {
    String param = failure.param();
    if (param == null || of(param).equals(param)) {
      return failure;
    }
    return new InvalidRequestException(
        failure.status(),
        failure.code(),
        of(param),
        String.valueOf(failure.getMessage()).replace("'" + param, "'" + of(param)),
        failure);
  }

  /** Returns a client's names in a form that is safe in a header: distinct, at most 32. */
  public static List<String> shown(Stream<String> clients) {
    return clients
        .map(name -> WORD.matcher(name).matches() ? name : NO_WORD)
        .distinct()
        .limit(MAX_SHOWN)
        .toList();
  }
}
