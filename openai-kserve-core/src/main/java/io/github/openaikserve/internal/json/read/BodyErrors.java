package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonLimits;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** The errors of bodies that are not JSON or exceed a limit. */
final class BodyErrors {
  /**
   * The maximum number of levels of a path in an error message, such as {@code
   * tools[0].function.parameters}.
   */
  private static final int SHOWN_LEVELS = 4;

  private static final int SHOWN_NAME = 64;

  private BodyErrors() {}

  /** Returns an error of a body with too many values of a kind. */
  static InvalidRequestException tooMany(String what, int limit) {
    return notJson(
        null, "json_above_max_size", ": it contains more than %d %s".formatted(limit, what));
  }

  /**
   * Returns an error of a body with a value that exceeds a limit.
   *
   * @param context the position of the value
   */
  static InvalidRequestException tooMuch(
      StreamConstraintsException e, JsonStreamContext context, JsonLimits limits) {
    // In every version of Jackson, only the first word of the message identifies the exceeded
    // limit.
    String jacksons = String.valueOf(e.getOriginalMessage());
    if (context.getNestingDepth() > limits.depth()) {
      return over(
          context,
          e,
          "nesting_above_max_depth",
          "is nested more than %d levels deep",
          limits.depth());
    }
    if (jacksons.startsWith("String")) {
      return over(
          context, e, "string_above_max_length", "is longer than %d characters", limits.string());
    }
    if (jacksons.startsWith("Number")) {
      return over(
          context,
          e,
          "number_above_max_length",
          "is a number of more than %d characters",
          limits.digits());
    }
    return notJson(": a number, a string or a name is too long" + where(e));
  }

  private static InvalidRequestException over(
      JsonStreamContext context,
      StreamConstraintsException e,
      String code,
      String what,
      int limit) {
    String field = field(context);
    return notJson(
        field,
        code,
        ": %s %s%s"
            .formatted(
                field == null ? "a value" : "'" + field + "'", what.formatted(limit), where(e)));
  }

  /**
   * Returns the beginning of the path, up to the first name that does not look like a field name,
   * because other names may be text of the caller. Null if nothing remains.
   */
  private static @Nullable String field(JsonStreamContext innermost) {
    Deque<JsonStreamContext> levels = new ArrayDeque<>();
    for (JsonStreamContext level = innermost;
        level != null && !level.inRoot();
        level = level.getParent()) {
      levels.push(level);
    }
    var path = new StringBuilder();
    int shown = 0;
    for (JsonStreamContext level : levels) {
      if (shown++ == SHOWN_LEVELS) {
        break;
      }
      if (level.inArray()) {
        path.append('[').append(level.getCurrentIndex()).append(']');
      } else if (isWord(level.getCurrentName())) {
        path.append(path.isEmpty() ? "" : ".").append(level.getCurrentName());
      } else {
        break;
      }
    }
    return path.isEmpty() ? null : path.toString();
  }

  private static boolean isWord(@Nullable String name) {
    return name != null
        && !name.isEmpty()
        && name.length() <= SHOWN_NAME
        && name.chars().allMatch(c -> (c >= 'a' && c <= 'z') || c == '_');
  }

  /** Returns the position of an error in the body; empty if unknown. */
  static String where(Exception e) {
    JsonLocation location = e instanceof JsonProcessingException j ? j.getLocation() : null;
    return location == null
        ? ""
        : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
  }

  /**
   * Returns an error of a body that is not JSON.
   *
   * @param why what follows "your request": a reason after a colon, a position, or nothing
   */
  static InvalidRequestException notJson(String why) {
    return notJson(null, null, why);
  }

  /** Returns an error without the parser's exception, because its message quotes the body. */
  private static InvalidRequestException notJson(
      @Nullable String param, @Nullable String code, String why) {
    return InvalidRequestException.badValue(
        param,
        code,
        "We could not parse the JSON body of your request%s. The OpenAI API expects a JSON payload."
            .formatted(why));
  }
}
