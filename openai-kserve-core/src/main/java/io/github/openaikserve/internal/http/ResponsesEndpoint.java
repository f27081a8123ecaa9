package io.github.openaikserve.internal.http;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.http.response.RequestLog;
import io.github.openaikserve.internal.http.response.Responses;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.json.read.RequestJson;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.responses.ResponseService;
import io.github.openaikserve.openai.responses.CreateResponseRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The endpoint {@code /v1/responses}, including stored responses. */
final class ResponsesEndpoint implements Endpoint {
  private static final String CANCEL = "cancel";
  private static final String INPUT_ITEMS = "input_items";
  private static final String INPUT_TOKENS = "input_tokens";

  private final ResponseService responses;
  private final RequestJson requests;
  private final Endpoint create;

  /**
   * Creates the endpoint.
   *
   * @param requests reads requests
   * @param create the endpoint that creates responses
   */
  ResponsesEndpoint(ResponseService responses, RequestJson requests, Endpoint create) {
    this.responses = responses;
    this.requests = requests;
    this.create = create;
  }

  @Override
  public List<String> methods(String rest) {
    if (rest.isEmpty()) {
      return create.methods(rest);
    }
    if (rest.equals(INPUT_TOKENS)) {
      return List.of("POST");
    }
    String[] steps = rest.split("/", -1);
    if (steps[0].isEmpty() || steps.length > 2) {
      return List.of();
    }
    if (steps.length == 1) {
      return List.of("GET", "DELETE");
    }
    return switch (steps[1]) {
      case CANCEL -> List.of("POST");
      case INPUT_ITEMS -> List.of("GET");
      default -> List.of();
    };
  }

  @Override
  public CompletableFuture<ApiResponse> answer(
      ApiRequest request, String rest, CallContext context, RequestLog log) {
    if (rest.isEmpty()) {
      return create.answer(request, rest, context, log);
    }
    if (rest.equals(INPUT_TOKENS)) {
      return inputTokens(requests.response(request.body()), context, log);
    }
    String[] steps = rest.split("/", -1);
    if (steps.length == 1) {
      return request.method().equals("GET")
          ? retrieve(request, rest, context)
          : Responses.json(responses.deleted(rest, context));
    }
    return Responses.json(
        steps[1].equals(CANCEL)
            ? responses.cancel(steps[0], context)
            : responses.inputItems(steps[0], Query.of(request).page(), context));
  }

  private CompletableFuture<ApiResponse> inputTokens(
      CreateResponseRequest request, CallContext context, RequestLog log) {
    log.setModel(request.model());
    return Responses.json(
        responses
            .inputTokens(request, context)
            .thenApply(
                tokens ->
                    JsonCodec.writeBytes(
                        Map.of("object", "response.input_tokens", "input_tokens", tokens))));
  }

  private CompletableFuture<ApiResponse> retrieve(
      ApiRequest request, String id, CallContext context) {
    String stream = Query.of(request).get("stream");
    if (stream != null && !stream.equals("false")) {
      throw InvalidRequestException.badValue(
          "stream",
          "unsupported_parameter",
          "Unsupported parameter: 'stream'. A stored response cannot be streamed again. Omit"
              + " 'stream'.");
    }
    return Responses.json(responses.retrieve(id, context));
  }
}
