package io.github.openaikserve.openai;

import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tool that the model may call. Immutable.
 *
 * @param type {@code function} or {@code custom}
 * @param definition the value of the field named like the type; for a function, its name,
 *     description and parameters (a JSON Schema)
 */
public record ChatCompletionTool(String type, Map<String, @Nullable Object> definition) {
  /** Copies the map. */
  public ChatCompletionTool {
    definition = FieldChecks.json(definition);
  }

  /**
   * Returns a function tool.
   *
   * @param description what the function does; null for none
   * @param parameters a JSON Schema of an object, as plain JSON values; null for no parameters
   */
  public static ChatCompletionTool function(
      String name,
      @Nullable String description,
      @Nullable Map<String, ? extends @Nullable Object> parameters) {
    Map<String, @Nullable Object> definition = new LinkedHashMap<>();
    definition.put("name", name);
    if (description != null) {
      definition.put("description", description);
    }
    if (parameters != null) {
      definition.put("parameters", parameters);
    }
    return new ChatCompletionTool("function", definition);
  }

  /** Returns the name; empty if the definition has none. */
  public String name() {
    return definition.get("name") instanceof String name ? name : "";
  }
}
