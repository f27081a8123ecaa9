package io.github.openaikserve.chat.format;

import io.github.openaikserve.chat.format.ToolCallFormat.Style;
import io.github.openaikserve.internal.json.JsonCodec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A writer of tool calls in a model's format. Immutable. */
final class CallWriter {
  private final ToolCallFormat format;

  CallWriter(ToolCallFormat format) {
    this.format = format;
  }

  /** Returns the text with which a call begins; empty if calls have no marker. */
  Optional<String> opening(@Nullable String function, int earlier) {
    CallMarkers markers = format.markers;
    boolean json = markers.style == Style.JSON;
    String before =
        markers.begin + numbered(json ? markers.objectBegin : markers.namePrefix, earlier);
    if (function == null) {
      return before.isEmpty() ? Optional.empty() : Optional.of(before);
    }
    String quoted = JsonCodec.writeValue(function);
    String name = json ? quoted.substring(1, quoted.length() - 1) : function;
    // Ends before a space, because tokenizers join a space with the following text.
    return Optional.of(
        before + name + (json ? markers.objectMiddle : numbered(markers.nameEnd, earlier)));
  }

  private String numbered(String text, int number) {
    String before = format.markers.numbered;
    return before.isEmpty() ? text : text.replace(before + "0", before + number);
  }

  /** Returns a tool call in the format. */
  String write(String function, Object arguments) {
    String json = JsonCodec.writeValue(arguments);
    String closing = format.closing().orElse(null);
    if (closing != null) {
      return format.opening(function).orElse("") + " " + json + closing;
    }
    var call =
        new StringBuilder(format.markers.begin).append(function).append(format.markers.nameEnd);
    Map<?, ?> values = arguments instanceof Map<?, ?> map ? map : Map.of("arguments", arguments);
    String separator =
        format.markers.style == Style.TAGS ? "" : format.markers.style == Style.PYTHON ? ", " : ",";
    int count = 0;
    for (Map.Entry<?, ?> value : values.entrySet()) {
      call.append(count++ == 0 ? "" : separator)
          .append(parameter(value.getKey(), value.getValue()));
    }
    String closed =
        format.markers.style == Style.PYTHON
            ? ")"
            : format.markers.style == Style.LITERAL ? "}" : "";
    return call.append(closed).append(format.markers.end).toString();
  }

  private String parameter(Object name, @Nullable Object value) {
    String json = JsonCodec.writeValue(value);
    boolean text = value instanceof String;
    return switch (format.markers.style) {
      case PYTHON -> name + "=" + json;
      case LITERAL ->
          name + ":" + (text ? format.markers.quote + value + format.markers.quote : json);
      default -> {
        String end = format.markers.valueEnd.replace("KEY", String.valueOf(name));
        yield format.markers.key + name + keyEnd(value) + (text ? value : json) + end;
      }
    };
  }

  /** Returns the end of a parameter's name tag, which in some formats contains the value's type. */
  private String keyEnd(@Nullable Object value) {
    if (value instanceof String) {
      return format.markers.keyEnd;
    }
    String type =
        value instanceof Boolean
            ? "boolean"
            : value instanceof Map ? "object" : value instanceof List ? "array" : "number";
    return format
        .markers
        .keyEnd
        .replace("string=\"true\"", "string=\"false\"")
        .replace("type=\"string\"", "type=\"" + (value == null ? "null" : type) + "\"");
  }

  /** Returns a one-line pattern of a call in this format, with placeholders. */
  String pattern() {
    String call =
        switch (format.markers.style) {
          case JSON -> format.markers.objectBegin + "NAME" + format.markers.objectMiddle + " JSON}";
          case NAMED, HARMONY ->
              format.markers.namePrefix + "NAME" + format.markers.nameEnd + "JSON";
          case TAGS -> {
            String parameter =
                format.markers.key
                    + "KEY"
                    + format.markers.keyEnd
                    + "VALUE"
                    + format.markers.valueEnd;
            yield "NAME" + format.markers.nameEnd + parameter;
          }
          case PYTHON -> "NAME(KEY=VALUE)";
          case LITERAL -> "NAME{KEY:" + format.markers.quote + "VALUE" + format.markers.quote + "}";
        };
    return (format.markers.begin + call + format.markers.end).replace("\n", "\\n");
  }
}
