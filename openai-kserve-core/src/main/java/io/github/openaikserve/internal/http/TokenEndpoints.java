package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.answer.ChatForm;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.http.response.Responses;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.json.read.ChatBody;
import io.github.openaikserve.internal.json.read.DetokenizeRequest;
import io.github.openaikserve.internal.json.read.RequestJson;
import io.github.openaikserve.internal.json.read.TokenRequest;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.request.field.FieldNames;
import io.github.openaikserve.internal.tokens.TokenService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints {@code POST /tokenize}, {@code /detokenize} and {@code /apply-template}, compatible
 * with vLLM's and llama.cpp's servers.
 */
record TokenEndpoints(Engine engine, TokenService service, RequestJson requests) {
  /** Adds the endpoints to a map by path. */
  void addTo(Map<String, Endpoint> endpoints) {
    endpoints.put(
        "/tokenize",
        Endpoint.of(
            requests::tokenize,
            TokenRequest::model,
            (request, context, log) ->
                tokens(request, context)
                    .thenApply(tokens -> json(values(request, tokens), dropped(request, tokens)))));
    endpoints.put(
        "/detokenize",
        Endpoint.of(
            requests::detokenize,
            DetokenizeRequest::model,
            (request, context, log) ->
                service
                    .decode(request.model(), request.tokens())
                    .thenApply(text -> json(texts(text), shown(request.unknown())))));
    endpoints.put(
        "/apply-template",
        Endpoint.of(
            requests::chat,
            body -> body.request().model(),
            (body, context, log) ->
                engine
                    .prompt(form(body), context)
                    .thenApply(
                        prompt -> json(Map.of("prompt", prompt.text()), prompt.droppedParams()))));
  }

  private CompletableFuture<TokenService.Tokens> tokens(TokenRequest request, CallContext context) {
    ChatBody chat = request.chat();
    return chat != null
        ? service.encode(form(chat), request.pieces(), context)
        : service.encode(request.model(), String.valueOf(request.text()), request.pieces());
  }

  private static ChatForm<?, ?> form(ChatBody body) {
    return ChatForm.of(body.request(), body.legacyFunctions(), body.legacyChoice());
  }

  /** Returns the text under the names of both servers. */
  private static Map<String, Object> texts(String text) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("prompt", text);
    values.put("content", text);
    return values;
  }

  private static Map<String, @Nullable Object> values(
      TokenRequest request, TokenService.Tokens tokens) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    if (request.style() == TokenRequest.Style.LLAMA_CPP) {
      values.put("tokens", request.pieces() ? pieces(tokens) : tokens.ids());
      return values;
    }
    values.put("count", tokens.ids().size());
    values.put("max_model_len", null);
    values.put("tokens", tokens.ids());
    values.put("token_strs", request.pieces() ? tokens.pieces() : null);
    return values;
  }

  private static List<Map<String, Object>> pieces(TokenService.Tokens tokens) {
    List<Map<String, Object>> pieces = new ArrayList<>();
    for (int i = 0; i < tokens.ids().size(); i++) {
      pieces.add(Map.of("id", tokens.ids().get(i), "piece", tokens.pieces().get(i)));
    }
    return pieces;
  }

  private static List<String> dropped(TokenRequest request, TokenService.Tokens tokens) {
    List<String> dropped = new ArrayList<>(shown(request.unknown()));
    dropped.addAll(tokens.droppedParams());
    return dropped;
  }

  private static List<String> shown(List<String> names) {
    return FieldNames.shown(names.stream());
  }

  private static ApiResponse json(
      Map<String, ? extends @Nullable Object> values, List<String> dropped) {
    return Responses.json(JsonCodec.writeBytes(values), dropped);
  }
}
