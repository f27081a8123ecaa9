package io.github.openaikserve.openai;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A tool that the model may call. Immutable.
 *
 * @param type {@code function} or {@code custom}
 * @param definition what stands under the key named by the type, such as name, description and
 *     parameters (a JSON Schema) of a function
 */
public record ChatCompletionTool(String type, Map<String, @Nullable Object> definition) {
  /** Copies the map. */
  public ChatCompletionTool {
    definition = Limits.json(definition);
  }
}
