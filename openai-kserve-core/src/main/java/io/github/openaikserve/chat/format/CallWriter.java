package io.github.openaikserve.chat.format;

import io.github.openaikserve.chat.format.ToolCallFormat.Style;
import io.github.openaikserve.internal.json.JsonCodec;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A writer of tool calls in a model's format. Immutable. */
final class CallWriter {
  private final ToolCallFormat format;

  CallWriter(ToolCallFormat format) {
    this.format = format;
  }

  /** Returns a tool call in the format. */
  String write(String function, Object arguments) {
    String json = JsonCodec.writeValue(arguments);
    String closing = format.closing().orElse(null);
    if (closing != null) {
      return format.opening(function).orElse("") + " " + json + closing;
    }
    var call = new StringBuilder(format.begin).append(function).append(format.nameEnd);
    Map<?, ?> values = arguments instanceof Map<?, ?> map ? map : Map.of("arguments", arguments);
    String separator = format.style == Style.TAGS ? "" : format.style == Style.PYTHON ? ", " : ",";
    int count = 0;
    for (Map.Entry<?, ?> value : values.entrySet()) {
      call.append(count++ == 0 ? "" : separator)
          .append(parameter(value.getKey(), value.getValue()));
    }
    String closed = format.style == Style.PYTHON ? ")" : format.style == Style.LITERAL ? "}" : "";
    return call.append(closed).append(format.end).toString();
  }

  private String parameter(Object name, @Nullable Object value) {
    String json = JsonCodec.writeValue(value);
    boolean text = value instanceof String;
    return switch (format.style) {
      case PYTHON -> name + "=" + json;
      case LITERAL -> name + ":" + (text ? format.quote + value + format.quote : json);
      default -> {
        String end = format.valueEnd.replace("KEY", String.valueOf(name));
        yield format.key + name + keyEnd(value) + (text ? value : json) + end;
      }
    };
  }

  /** Returns the end of a parameter's name tag, which in some formats contains the value's type. */
  private String keyEnd(@Nullable Object value) {
    if (value instanceof String) {
      return format.keyEnd;
    }
    String type =
        value instanceof Boolean
            ? "boolean"
            : value instanceof Map ? "object" : value instanceof List ? "array" : "number";
    return format
        .keyEnd
        .replace("string=\"true\"", "string=\"false\"")
        .replace("type=\"string\"", "type=\"" + (value == null ? "null" : type) + "\"");
  }

  /** Returns a one-line pattern of a call in this format, with placeholders. */
  String pattern() {
    String call =
        switch (format.style) {
          case JSON -> format.objectBegin + "NAME" + format.objectMiddle + " JSON}";
          case NAMED, HARMONY -> format.namePrefix + "NAME" + format.nameEnd + "JSON";
          case TAGS -> {
            String parameter = format.key + "KEY" + format.keyEnd + "VALUE" + format.valueEnd;
            yield "NAME" + format.nameEnd + parameter;
          }
          case PYTHON -> "NAME(KEY=VALUE)";
          case LITERAL -> "NAME{KEY:" + format.quote + "VALUE" + format.quote + "}";
        };
    return (format.begin + call + format.end).replace("\n", "\\n");
  }
}
