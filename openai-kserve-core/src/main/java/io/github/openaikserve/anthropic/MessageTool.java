package io.github.openaikserve.anthropic;

import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tool that the model may use. Immutable.
 *
 * @param type {@code custom}, or the type of a tool that Anthropic defines, such as {@code
 *     web_search_20250305}
 * @param definition the other fields of the tool, as plain JSON values
 */
public record MessageTool(String type, Map<String, @Nullable Object> definition) {
  /** The type of tools that the client defines and runs. */
  public static final String CUSTOM = "custom";

  /** Copies the map. */
  public MessageTool {
    definition = FieldChecks.json(definition);
  }

  /**
   * Returns a tool that the client defines and runs.
   *
   * @param description what the tool does; null for none
   * @param inputSchema a JSON Schema of an object, as plain JSON values
   */
  public static MessageTool custom(
      String name,
      @Nullable String description,
      Map<String, ? extends @Nullable Object> inputSchema) {
    Map<String, @Nullable Object> definition = new LinkedHashMap<>();
    definition.put("name", name);
    if (description != null) {
      definition.put("description", description);
    }
    definition.put("input_schema", inputSchema);
    return new MessageTool(CUSTOM, definition);
  }

  /** Returns the name; empty if the definition has none. */
  public String name() {
    return definition.get("name") instanceof String name ? name : "";
  }
}
