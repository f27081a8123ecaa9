package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.json.read.DetokenizeRequest;
import io.github.openaikserve.internal.json.read.RequestJson;
import io.github.openaikserve.internal.json.read.TokenRequest;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.request.FieldNames;
import io.github.openaikserve.internal.tokens.TokenService;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints {@code POST /tokenize}, {@code /detokenize} and {@code /apply-template}, compatible
 * with vLLM's and llama.cpp's servers.
 *
 * @param answer the function that answers a request body
 */
record TokensEndpoint(Answer answer) implements Endpoint {
  /** A function that answers a request body. */
  private interface Answer {
    CompletableFuture<ApiResponse> of(byte[] body, CallContext context, RequestLog log);
  }

  @Override
  public List<String> methods(String rest) {
    return rest.isEmpty() ? List.of("POST") : List.of();
  }

  @Override
  public CompletableFuture<ApiResponse> answer(
      ApiRequest request, String rest, CallContext context, RequestLog log) {
    return answer.of(request.body(), context, log);
  }

  /** Returns {@code POST /tokenize}. */
  static Endpoint tokenize(TokenService service, RequestJson requests) {
    return new TokensEndpoint(
        (body, context, log) -> {
          TokenRequest request = requests.tokenize(body);
          log.setModel(request.model());
          CreateChatCompletionRequest chat = request.chat();
          CompletableFuture<TokenService.Tokens> tokens =
              chat != null
                  ? service.encode(chat, request.pieces(), context)
                  : service.encode(
                      request.model(), String.valueOf(request.text()), request.pieces());
          return tokens.thenApply(found -> json(values(request, found), dropped(request, found)));
        });
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
    List<String> dropped = new ArrayList<>(FieldNames.shown(request.unknown().stream()));
    dropped.addAll(tokens.droppedParams());
    return dropped;
  }

  /**
   * Returns {@code POST /detokenize}. Its answer contains the text under the names of both servers.
   */
  static Endpoint detokenize(TokenService service, RequestJson requests) {
    return new TokensEndpoint(
        (body, context, log) -> {
          DetokenizeRequest request = requests.detokenize(body);
          log.setModel(request.model());
          return service
              .decode(request.model(), request.tokens())
              .thenApply(
                  text ->
                      json(
                          Map.of("prompt", text, "content", text),
                          FieldNames.shown(request.unknown().stream())));
        });
  }

  /** Returns {@code POST /apply-template}. */
  static Endpoint applyTemplate(Engine engine, RequestJson requests) {
    return new TokensEndpoint(
        (body, context, log) -> {
          CreateChatCompletionRequest chat = requests.chat(body).request();
          log.setModel(chat.model());
          return engine
              .prompt(chat, context)
              .thenApply(prompt -> json(Map.of("prompt", prompt.text()), prompt.droppedParams()));
        });
  }

  private static ApiResponse json(
      Map<String, ? extends @Nullable Object> values, List<String> dropped) {
    return Responses.json(JsonCodec.writeBytes(values), dropped);
  }
}
