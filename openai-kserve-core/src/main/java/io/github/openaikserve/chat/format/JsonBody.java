package io.github.openaikserve.chat.format;

import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.json.JsonPush;
import io.github.openaikserve.internal.literal.ParameterTypes;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of tool calls that are one JSON object or a list of them, with name and arguments in
 * any order and other fields between them. Not thread-safe.
 */
final class JsonBody extends CallBody {
  /** The evidence, apart from its fields, that an object is a tool call. */
  enum Strictness {
    /** A marker identifies the object as a tool call. */
    MARKED,
    /** The object is text if it has fields that no tool call has. */
    STRICT,
    /**
     * No marker identifies the object, so it is a tool call only if it names a known function or
     * follows a tool call in a list.
     */
    BARE
  }

  private static final Set<String> NAMES = Set.of("name", "function", "tool_name", "function_name");
  private static final Set<String> ARGUMENTS = Set.of("arguments", "parameters", "args");
  private static final Set<String> IDS = Set.of("id", "tool_call_id", "call_id");

  private final ParameterTypes tools;
  private final Strictness strictness;
  private final StringBuilder early = new StringBuilder();
  private @Nullable JsonPush json;
  private boolean inList;
  private boolean inObject;
  private int calls;
  private boolean comma = true;
  private String key = "";
  private @Nullable String id;
  private @Nullable String name;
  private boolean begun;
  private boolean argumentsBegun;
  private boolean argumentsDone;
  private boolean passing;
  private boolean unknown;
  private int level = 1;
  private int depth;

  JsonBody(
      Target target,
      ToolCallFormat format,
      List<String> opening,
      ParameterTypes tools,
      Strictness strictness) {
    super(target, format, opening);
    this.tools = tools;
    this.strictness = strictness;
  }

  @Override
  Step step(char c) {
    if (inObject) {
      return inObject(c);
    }
    if (Character.isWhitespace(c)) {
      return Step.MORE;
    }
    if (c == '[' && !inList && calls == 0) {
      inList = true;
      return Step.MORE;
    }
    if (c == ']' && inList && calls > 0) {
      return Step.END;
    }
    if (c == ',' && inList && !comma) {
      comma = true;
      return Step.MORE;
    }
    if (c != '{' || !comma) {
      return calls > 0 ? Step.END_BEFORE : Step.REJECTED;
    }
    start();
    return Step.MORE;
  }

  private void start() {
    json = null;
    inObject = true;
    comma = false;
    key = "";
    id = null;
    name = null;
    begun = false;
    argumentsBegun = false;
    argumentsDone = false;
    passing = false;
    unknown = false;
    level = 1;
    depth = 0;
    early.setLength(0);
  }

  private Step inObject(char c) {
    if (json == null) {
      return first(c);
    }
    JsonPush object = json;
    if (!object.next(c)) {
      return begun && argumentsDone ? Step.CALL_BEFORE : Step.REJECTED;
    }
    if (passing && !give(String.valueOf(c))) {
      return Step.REJECTED;
    }
    for (JsonPush.Event event = object.poll(); event != null; event = object.poll()) {
      if (!read(event, c)) {
        return Step.REJECTED;
      }
    }
    if (depth > 0) {
      return Step.MORE;
    }
    if (!closed()) {
      return Step.REJECTED;
    }
    inObject = false;
    calls++;
    return inList ? Step.CALL : Step.LAST_CALL;
  }

  /**
   * Reads the character after the brace. Most braces in text are rejected here, before a parser is
   * created.
   */
  private Step first(char c) {
    if (" \t\r\n".indexOf(c) >= 0) {
      return Step.MORE;
    }
    if (c != '"' && c != '}') {
      return Step.REJECTED;
    }
    json = new JsonPush();
    return inObject('{') == Step.MORE ? inObject(c) : Step.REJECTED;
  }

  private JsonPush json() {
    return Objects.requireNonNull(json);
  }

  private boolean read(JsonPush.Event event, char c) {
    boolean field = depth == level && !passing;
    switch (event) {
      case OBJECT -> {
        depth++;
        return !field || object(c);
      }
      case ARRAY -> {
        depth++;
        return !field || !ARGUMENTS.contains(key);
      }
      case OBJECT_END, ARRAY_END -> ended();
      case FIELD -> {
        if (field) {
          key = json().text();
          return isAllowed(key);
        }
      }
      default -> {
        return !field || value(event);
      }
    }
    return true;
  }

  private boolean isAllowed(String field) {
    boolean known =
        NAMES.contains(field)
            || ARGUMENTS.contains(field)
            || IDS.contains(field)
            || field.equals("type");
    unknown |= !known;
    return known || strictness == Strictness.MARKED;
  }

  /** Handles the start of an object that is the value of a field. */
  private boolean object(char c) {
    if (key.equals("function") && level == 1) {
      level = 2;
      return true;
    }
    boolean named = name == null && !argumentsBegun && tools.isKnown(key);
    if (named) {
      name = key; // {"get_weather": {"city": "Paris"}}
    }
    if (!named && !ARGUMENTS.contains(key)) {
      return !NAMES.contains(key);
    }
    if (argumentsBegun) {
      return false;
    }
    argumentsBegun = true;
    passing = true;
    return (name == null || begin(name)) && give(String.valueOf(c));
  }

  private void ended() {
    depth--;
    if (passing && depth == level) {
      passing = false;
      argumentsDone = true;
    } else if (level == 2 && depth == 1) {
      level = 1;
    }
  }

  /** Handles a value that is not an object or an array. */
  private boolean value(JsonPush.Event event) {
    if (NAMES.contains(key)) {
      if (event != JsonPush.Event.STRING || name != null) {
        return false;
      }
      name = json().text();
      return !argumentsBegun || begin(json().text());
    }
    if (IDS.contains(key)) {
      id = json().text();
      if (begun) {
        target.lateId(id);
      }
      return true;
    }
    return !ARGUMENTS.contains(key) || arguments(event);
  }

  /** Handles arguments that are null, or JSON in a string. */
  private boolean arguments(JsonPush.Event event) {
    boolean text = event == JsonPush.Event.STRING;
    if (argumentsBegun || (!text && event != JsonPush.Event.NULL)) {
      return false;
    }
    String object = text && !json().text().isBlank() ? json().text() : "{}";
    argumentsBegun = true;
    argumentsDone = true;
    if (JsonCodec.readObject(object).isEmpty() || (name != null && !begin(name))) {
      return false;
    }
    return give(object);
  }

  private boolean closed() {
    // Marked calls may omit the arguments, unless those are under an unknown name.
    boolean none = strictness == Strictness.MARKED && !unknown;
    if (name == null || !(argumentsBegun || none)) {
      return false;
    }
    if (!begun && !begin(name)) {
      return false;
    }
    if (!argumentsBegun) {
      give("{}");
    }
    argumentsDone = true;
    return true;
  }

  private boolean begin(String function) {
    boolean plausible = strictness != Strictness.BARE || calls > 0 || tools.isKnown(function);
    if (!isName(function) || !plausible) {
      return false;
    }
    begun = true;
    target.begin(id, function);
    if (!early.isEmpty()) {
      target.arguments(early);
    }
    return true;
  }

  private boolean give(CharSequence text) {
    if (begun) {
      target.arguments(text);
      return true;
    }
    early.append(text);
    return early.length() <= MAX_HELD;
  }

  @Override
  boolean end(boolean cut) {
    return begun && argumentsDone;
  }

  @Override
  boolean isBetweenCalls() {
    return !inObject;
  }
}
