package io.github.openaikserve.chat;

import static io.github.openaikserve.chat.Renderings.FUNCTION;

import io.github.openaikserve.chat.format.CallMarkers;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.internal.json.JsonPush;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The derivation of tool call markers from rendered calls: the text around a name, around
 * arguments, and between two calls.
 *
 * <p>The idea is that of llama.cpp's automatic parser. Source: {@code ggml-org/llama.cpp}: {@code
 * docs/autoparser.md}.
 */
final class CallDerivation {
  static final String NAME = "derived";
  static final String KEY = "probe_one";
  static final String SECOND_KEY = "probe_two";
  static final String VALUE = "probe_red";
  static final String SECOND_VALUE = "probe_blue";

  /** The arguments of the rendered call. */
  static final String ARGUMENTS =
      "{\"" + KEY + "\": \"" + VALUE + "\", \"" + SECOND_KEY + "\": \"" + SECOND_VALUE + "\"}";

  private static final String ID = "probe0000";

  private CallDerivation() {}

  /**
   * Returns the markers of a call; null if the markup is not recognized.
   *
   * @param call the markup of a call of {@link Renderings#FUNCTION} with {@link #ARGUMENTS}
   */
  static @Nullable CallMarkers of(String call) {
    int name = call.indexOf(FUNCTION);
    if (name < 0 || call.indexOf(FUNCTION, name + 1) >= 0) {
      return null;
    }
    CallMarkers json = object(call, name);
    if (json != null) {
      return json;
    }
    int after = name + FUNCTION.length();
    int brace = call.indexOf('{', after);
    int brackets = brace < 0 ? -1 : objectEnd(call, brace);
    if (brackets > 0 && call.substring(brace, brackets).contains('"' + KEY + '"')) {
      return named(call.substring(0, name), call.substring(after, brace), call.substring(brackets));
    }
    return call.startsWith("(", after) ? python(call, name) : tags(call, name);
  }

  /** Returns the markers of a call that is a JSON object containing the name. */
  private static @Nullable CallMarkers object(String call, int name) {
    for (int start = call.lastIndexOf('{', name);
        start >= 0;
        start = start == 0 ? -1 : call.lastIndexOf('{', start - 1)) {
      int end = objectEnd(call, start);
      int arguments = call.indexOf('{', name);
      if (end > name && arguments > 0 && arguments < end) {
        return ToolCallFormat.json(NAME, call.substring(0, start), call.substring(end))
            .object(
                call.substring(start, name),
                call.substring(name + FUNCTION.length(), arguments).stripTrailing());
      }
    }
    return null;
  }

  /** Returns the position after the JSON object that begins here; -1 if there is none. */
  private static int objectEnd(String text, int start) {
    var json = new JsonPush();
    for (int i = start; i < text.length(); i++) {
      if (!json.next(text.charAt(i))) {
        return -1;
      }
      if (json.depth() == 0) {
        return i + 1;
      }
    }
    return -1;
  }

  private static CallMarkers named(String before, String between, String after) {
    int id = before.indexOf(ID);
    if (id >= 0) {
      String idEnd = before.substring(id + ID.length());
      return ToolCallFormat.named(NAME, before.substring(0, id), between, after)
          .namePrefix("call_0" + idEnd)
          .numbered("call_")
          .idEnd(idEnd);
    }
    String begin = before;
    String prefix = "";
    if (begin.endsWith("functions.")) {
      prefix = "functions.";
      begin = begin.substring(0, begin.length() - prefix.length());
    }
    return ToolCallFormat.named(NAME, begin, between.replace(ID, "call_0"), after)
        .namePrefix(prefix)
        .numbered(between.startsWith(":0") ? ":" : "call_");
  }

  private static @Nullable CallMarkers python(String call, int name) {
    int end = call.indexOf(SECOND_VALUE);
    int close = end < 0 ? -1 : call.indexOf(')', end);
    boolean keywords = call.contains(KEY + "=");
    return close < 0 || !keywords
        ? null
        : ToolCallFormat.python(NAME, call.substring(0, name), call.substring(close + 1));
  }

  /**
   * Returns the markers of a call with parameters between tags. The text that both parameters share
   * belongs to a parameter, the rest to the call.
   */
  private static @Nullable CallMarkers tags(String call, int name) {
    int key = call.indexOf(KEY, name);
    int value = key < 0 ? -1 : call.indexOf(VALUE, key);
    int secondKey = value < 0 ? -1 : call.indexOf(SECOND_KEY, value);
    int secondValue = secondKey < 0 ? -1 : call.indexOf(SECOND_VALUE, secondKey);
    if (secondValue < 0) {
      return null;
    }
    String before = call.substring(name + FUNCTION.length(), key);
    String keyEnd = call.substring(key + KEY.length(), value);
    String between = call.substring(value + VALUE.length(), secondKey);
    String after = call.substring(secondValue + SECOND_VALUE.length());
    String valueEnd = Renderings.wholeTags(Renderings.commonPrefix(between, after));
    String tag = between.substring(valueEnd.length());
    boolean same = keyEnd.equals(call.substring(secondKey + SECOND_KEY.length(), secondValue));
    if (tag.isBlank() || valueEnd.isBlank() || !before.endsWith(tag) || !same) {
      return null;
    }
    String nameEnd = before.substring(0, before.length() - tag.length());
    return ToolCallFormat.tags(
            NAME, call.substring(0, name), nameEnd, after.substring(valueEnd.length()))
        .parameter(tag, keyEnd, valueEnd);
  }

  /** The types of the parameters of the rendered calls. */
  static final Map<String, String> TYPES = Map.of(KEY, "string", SECOND_KEY, "string");
}
