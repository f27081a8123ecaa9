package io.github.openaikserve.dialect;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the calls to a model are made and its answers are read. Immutable.
 *
 * @param model the model's id
 * @param dialect the name of the dialect; null if the model does not generate text
 * @param embeddings the name of the dialect for embeddings; null if the model does not embed
 * @param reason why the dialect is used: what the server reports of the model, or {@code
 *     configured}
 * @param streams whether a streamed answer comes as a stream from the server
 * @param toolCalls the name of the format of tool calls; null if requests with tools are rejected
 * @param reasoning the name of the format of reasoning; null if reasoning stays in the text
 * @param evidence how each of these formats was found
 * @param others the names of the dialects for requests that are answered by tensors, by their kind
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
