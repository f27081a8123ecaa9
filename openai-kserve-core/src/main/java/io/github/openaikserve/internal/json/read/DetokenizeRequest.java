package io.github.openaikserve.internal.json.read;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request to convert tokens to text. Immutable.
 *
 * @param model the model's name; null for the default model
 * @param unknown the names of fields that have no effect
 */
public record DetokenizeRequest(
    @Nullable String model, List<Integer> tokens, List<String> unknown) {
  /** Copies the lists. */
  public DetokenizeRequest {
    tokens = List.copyOf(tokens);
    unknown = List.copyOf(unknown);
  }
}
