package io.github.openaikserve.internal.request;

import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.openai.ChatCompletionTool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The structures of required tool calls, for servers with constrained decoding. */
final class CallStructures {
  private static final Map<String, Object> NO_PARAMETERS =
      Map.of("type", "object", "properties", Map.of(), "additionalProperties", false);

  /** If a schema has one of these keywords, it is not changed. */
  private static final Set<String> KINDS = Set.of("type", "$ref", "anyOf", "oneOf", "allOf");

  private CallStructures() {}

  /**
   * Returns the value of {@link io.github.openaikserve.dialect.RequestField#TOOL_CALL_STRUCTURES};
   * null if no tool call is required, or if the format does not write arguments as JSON.
   *
   * @param earlier the number of tool calls in the conversation
   */
  static @Nullable Map<String, Object> of(OutputPlan plan, int earlier) {
    ToolCallFormat format = plan.format().toolCalls();
    if (format == null || plan.opening().isEmpty() || format.closing().isEmpty()) {
      return null;
    }
    List<Map<String, Object>> structures = new ArrayList<>();
    for (ChatCompletionTool tool : plan.tools()) {
      String opening = format.opening(tool.name(), earlier).orElse("");
      if (opening.startsWith(plan.opening())) {
        structures.add(
            Map.of(
                "begin",
                opening.substring(plan.opening().length()),
                "schema",
                schema(tool.definition().get("parameters")),
                "end",
                format.closing().get()));
      }
    }
    return structures.isEmpty() ? null : Map.of("structures", List.copyOf(structures));
  }

  /** Returns the schema of the arguments, which are always an object. */
  private static Map<?, ?> schema(@Nullable Object parameters) {
    if (!(parameters instanceof Map<?, ?> schema)) {
      return NO_PARAMETERS;
    }
    if (!Collections.disjoint(schema.keySet(), KINDS)) {
      return schema;
    }
    Map<Object, @Nullable Object> typed = new LinkedHashMap<>(schema);
    typed.put("type", "object");
    return typed;
  }
}
