package io.github.openaikserve.dialect;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings with which a model is called and its answers are parsed. Immutable.
 *
 * @param model the model's id
 * @param dialect the name of the dialect; null if the model does not generate text
 * @param embeddings the name of the dialect for embeddings; null if the model does not support
 *     embeddings
 * @param reason the reason for the dialect: the server's metadata of the model, or {@code
 *     configured}
 * @param streams whether the server streams a streamed answer
 * @param toolCalls the name of the tool call format; null if requests with tools are rejected
 * @param reasoning the name of the reasoning format; null if reasoning remains in the text
 * @param evidence how each of these formats was determined
 * @param others the names of the dialects for requests answered by tensors, by kind of request
 */
public record ModelSettings(
    String model,
    @Nullable String dialect,
    @Nullable String embeddings,
    String reason,
    boolean streams,
    @Nullable String toolCalls,
    @Nullable String reasoning,
    List<String> evidence,
    Map<RequestKind, String> others) {
  /** Copies the list and the map. */
  public ModelSettings {
    evidence = List.copyOf(evidence);
    others = Map.copyOf(others);
  }
}
