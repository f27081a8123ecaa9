package io.github.openaikserve.chat.format;

import io.github.openaikserve.internal.json.JsonPush;
import io.github.openaikserve.internal.literal.ParameterTypes;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The grammar of a name followed by its arguments as a JSON object. Not thread-safe. */
final class NamedBody extends CallBody {
  /** Kimi's ids, which contain the name. */
  private static final Pattern NUMBERED = Pattern.compile("(?:functions\\.)?([^:]+)(?::\\d+)?");

  private static final String CALL_ID = "[CALL_ID]";

  private final ParameterTypes tools;
  private final boolean known;
  private final StringBuilder header = new StringBuilder();
  private final JsonPush json = new JsonPush();
  private boolean begun;
  private boolean inArguments;
  private boolean done;
  private String unread = "";

  /**
   * Creates a body.
   *
   * @param known whether only the name of a known function identifies a tool call
   */
  NamedBody(
      Target target,
      ToolCallFormat format,
      List<String> opening,
      ParameterTypes tools,
      boolean known) {
    super(target, format, opening);
    this.tools = tools;
    this.known = known;
  }

  /** Creates a body with the name that a header contained. */
  NamedBody(Target target, ToolCallFormat format, ParameterTypes tools, String name) {
    super(target, format, List.of());
    this.tools = tools;
    known = false;
    begun = true;
    target.begin(null, name);
    target.arguments(""); // the header was complete, so this is not only a mention
  }

  @Override
  Step step(char c) {
    if (inArguments) {
      return argument(c);
    }
    if (c == '{') {
      inArguments = true;
      return begun || begin() ? argument(c) : Step.REJECTED;
    }
    if (begun) {
      return beforeArguments(c);
    }
    header.append(c);
    if (header.length() > MAX_NAME) {
      return Step.REJECTED;
    }
    if (format.addressesContent()) {
      return recipient();
    }
    for (List<String> opening : format.openings) {
      String marker = opening.get(0);
      if (endsWith(marker)) { // no name contains a marker
        header.setLength(header.length() - marker.length());
        unread = marker;
        return beginWithoutArguments() ? Step.CALL_BEFORE : Step.REJECTED;
      }
    }
    for (String closing : format.closings) {
      if (endsWith(closing) && !isNameEnd(closing)) {
        header.setLength(header.length() - closing.length());
        return begin() ? noArguments(Step.LAST_CALL) : Step.REJECTED;
      }
    }
    return Step.MORE;
  }

  /** Reads the name of a recipient, which ends at its line. */
  private Step recipient() {
    String name = header.toString().strip();
    boolean ended = header.indexOf("\n") >= 0;
    if (ended && name.equals(format.markers.contentName)) {
      return Step.CONTENT;
    }
    boolean valid = isName(name) && (!ended || tools.isKnown(name));
    return name.isEmpty() || valid ? Step.MORE : Step.REJECTED;
  }

  private Step beforeArguments(char c) {
    if (Character.isWhitespace(c)) {
      return Step.MORE;
    }
    return c == '<' ? noArguments(Step.CALL_BEFORE) : Step.REJECTED;
  }

  private Step noArguments(Step step) {
    target.arguments("{}");
    done = true;
    return step;
  }

  private boolean endsWith(String text) {
    int start = header.length() - text.length();
    return start >= 0 && header.indexOf(text, start) == start;
  }

  private boolean isNameEnd(String closing) {
    return format.markers.nameEnd.contains(closing)
        || format.markers.alsoNameEnds.contains(closing);
  }

  private Step argument(char c) {
    if (!json.next(c)) {
      return Step.REJECTED;
    }
    target.arguments(String.valueOf(c));
    while (json.poll() != null) {
      done = json.depth() == 0;
    }
    return done ? Step.LAST_CALL : Step.MORE;
  }

  /** Starts the call of the function that the header names. */
  private boolean begin() {
    String text = withoutNameEnd(header.toString());
    if (format.markers.namePrefix.equals("functions.")) {
      Matcher numbered = NUMBERED.matcher(text);
      return numbered.matches() && begin(text.contains(":") ? text : null, numbered.group(1));
    }
    int idEnd = format.markers.idEnd.isEmpty() ? -1 : text.indexOf(format.markers.idEnd);
    if (idEnd >= 0) {
      return begin(
          text.substring(0, idEnd).strip(),
          text.substring(idEnd + format.markers.idEnd.length()).strip());
    }
    String prefix = format.markers.readPrefix.strip();
    if (!prefix.isEmpty() && text.startsWith(prefix)) {
      text = text.substring(prefix.length()).strip();
    }
    int idAt = text.indexOf(CALL_ID);
    String id = idAt < 0 ? null : text.substring(idAt + CALL_ID.length()).strip();
    return begin(id, idAt < 0 ? text : text.substring(0, idAt).strip());
  }

  private boolean begin(@Nullable String id, String name) {
    begun = isName(name) && (!known || tools.isKnown(name));
    if (begun) {
      target.begin(id, name);
    }
    return begun;
  }

  private String withoutNameEnd(String text) {
    String name = text.strip();
    boolean changed = true;
    while (changed) {
      changed = false;
      for (String end : format.markers.nameEnds()) {
        if (!end.isEmpty() && name.endsWith(end)) {
          name = name.substring(0, name.length() - end.length()).strip();
          changed = true;
        }
      }
    }
    return name;
  }

  /** Begins a call of a known function that ends after its name, in a format without end tags. */
  private boolean beginWithoutArguments() {
    boolean ends = format.closings.isEmpty();
    boolean named = ends && format.markers.nameEnds().stream().anyMatch(this::endsName);
    if (named && tools.isKnown(withoutNameEnd(header.toString())) && begin()) {
      noArguments(Step.LAST_CALL);
      return true;
    }
    return false;
  }

  private boolean endsName(String end) {
    return !end.isEmpty() && header.toString().stripTrailing().endsWith(end);
  }

  @Override
  String unread(char c) {
    return unread.isEmpty() ? super.unread(c) : unread;
  }

  @Override
  boolean end(boolean cut) {
    return (begun && done) || (!begun && !cut && beginWithoutArguments());
  }
}
