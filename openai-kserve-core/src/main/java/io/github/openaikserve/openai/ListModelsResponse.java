package io.github.openaikserve.openai;

import java.util.List;

/** The models that are served. Immutable. */
public record ListModelsResponse(List<Model> data) {
  /** Copies the list. */
  public ListModelsResponse {
    data = List.copyOf(data);
  }
}
