package io.github.openaikserve.openai.responses;

import io.github.openaikserve.openai.CompletionUsage;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A response of the Responses API: complete, or the state within a stream. Immutable.
 *
 * @param createdAt seconds since 1970
 * @param completedAt seconds since 1970; null unless the response is complete
 * @param model the model's name in the request
 * @param error the failure; null unless the response failed
 * @param incompleteReason the reason why the output was cut off: {@code max_output_tokens} or
 *     {@code content_filter}; null if it was not
 * @param output the items in order
 * @param usage the token usage; null before the end
 * @param request the request, whose fields the JSON repeats
 * @param droppedParams the request fields that had no effect because the model server has no tensor
 *     for them; not part of the JSON
 */
public record Response(
    String id,
    long createdAt,
    @Nullable Long completedAt,
    String model,
    ResponseStatus status,
    @Nullable ResponseError error,
    @Nullable String incompleteReason,
    List<ResponseItem> output,
    @Nullable CompletionUsage usage,
    CreateResponseRequest request,
    List<String> droppedParams) {
  /** Copies the lists. */
  public Response {
    output = List.copyOf(output);
    droppedParams = List.copyOf(droppedParams);
  }

  /** Returns a copy of this response that is marked as not stored. */
  public Response unstored() {
    return Boolean.FALSE.equals(request.store())
        ? this
        : with(status, request.toBuilder().store(false).build());
  }

  /** Returns a copy of this response with another status. */
  public Response withStatus(ResponseStatus other) {
    return with(other, request);
  }

  private Response with(ResponseStatus newStatus, CreateResponseRequest newRequest) {
    return new Response(
        id,
        createdAt,
        completedAt,
        model,
        newStatus,
        error,
        incompleteReason,
        output,
        usage,
        newRequest,
        droppedParams);
  }

  /** Returns the concatenated texts of all messages; empty for none. */
  public String outputText() {
    return output.stream()
        .filter(ResponseItem.Message.class::isInstance)
        .map(item -> ((ResponseItem.Message) item).text())
        .collect(Collectors.joining());
  }

  /** Returns the function calls, in order. */
  public List<ResponseItem.FunctionCall> functionCalls() {
    return output.stream()
        .filter(ResponseItem.FunctionCall.class::isInstance)
        .map(ResponseItem.FunctionCall.class::cast)
        .toList();
  }
}
