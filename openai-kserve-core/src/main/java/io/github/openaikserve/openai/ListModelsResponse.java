package io.github.openaikserve.openai;

import java.util.List;

/** A list of the served models. Immutable. */
public record ListModelsResponse(List<Model> data) {
  /** Copies the list. */
  public ListModelsResponse {
    data = List.copyOf(data);
  }
}
