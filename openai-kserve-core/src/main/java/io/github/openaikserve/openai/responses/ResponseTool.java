package io.github.openaikserve.openai.responses;

import io.github.openaikserve.internal.fields.FieldChecks;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tool that the model may use. Immutable.
 *
 * @param type {@code function}, {@code custom}, {@code namespace}, or the type of a hosted tool
 *     such as {@code web_search}
 * @param definition the other fields of the tool, as plain JSON values
 */
public record ResponseTool(String type, Map<String, @Nullable Object> definition) {
  /** Copies the map. */
  public ResponseTool {
    definition = FieldChecks.json(definition);
  }

  /**
   * Returns a function tool.
   *
   * @param description what the function does; null for none
   * @param parameters a JSON Schema of an object, as plain JSON values; null for no parameters
   */
  public static ResponseTool function(
      String name,
      @Nullable String description,
      @Nullable Map<String, ? extends @Nullable Object> parameters) {
    return new ResponseTool("function", definition(name, description, "parameters", parameters));
  }

  /**
   * Returns a custom tool, which takes free text.
   *
   * @param description what the tool does; null for none
   * @param format the format of the text as OpenAI defines it; null for any text
   */
  public static ResponseTool custom(
      String name,
      @Nullable String description,
      @Nullable Map<String, ? extends @Nullable Object> format) {
    return new ResponseTool("custom", definition(name, description, "format", format));
  }

  private static Map<String, @Nullable Object> definition(
      String name, @Nullable String description, String field, @Nullable Object value) {
    Map<String, @Nullable Object> definition = new LinkedHashMap<>();
    definition.put("name", name);
    if (description != null) {
      definition.put("description", description);
    }
    if (value != null) {
      definition.put(field, value);
    }
    return definition;
  }

  /** Returns the name; empty if the tool has none. */
  public String name() {
    return definition.get("name") instanceof String name ? name : "";
  }
}
