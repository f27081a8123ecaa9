package io.github.openaikserve.internal.request;

import io.github.openaikserve.error.InvalidRequestException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The names of another API's fields for those of the chat that answers its request. Immutable.
 *
 * @param conversation the name of the field that makes the messages, whose elements have other
 *     numbers than the messages
 * @param names by the names of a chat's fields
 */
public record FieldNames(String conversation, Map<String, String> names) {
  /** Names are the client's and go into a header: only words do, and not all of them. */
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  private static final int MAX_SHOWN = 32;

  /** Stands for the names that are not words. */
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

  /** Returns a failure of the chat with the other API's name of its field. */
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

  /** Returns names that a client chose, as they may stand in a header: distinct, at most 32. */
  public static List<String> shown(Stream<String> clients) {
    return clients
        .map(name -> WORD.matcher(name).matches() ? name : NO_WORD)
        .distinct()
        .limit(MAX_SHOWN)
        .toList();
  }
}
