package io.github.openaikserve.internal.http;

import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.decisions.DecisionChat;
import io.github.openaikserve.internal.json.read.RequestJson;
import io.github.openaikserve.internal.json.write.DecisionWriter;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.decisions.CreateDecisionRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The endpoint {@code POST /v1/decisions}. */
record DecisionsEndpoint(Engine engine, RequestJson requests) implements Endpoint {
  @Override
  public List<String> methods(String rest) {
    return rest.isEmpty() ? List.of("POST") : List.of();
  }

  @Override
  public CompletableFuture<ApiResponse> answer(
      ApiRequest http, String rest, CallContext context, RequestLog log) {
    CreateDecisionRequest request = requests.decision(http.body());
    log.setModel(request.model());
    return GenerationEndpoint.whole(
        engine.chat(new DecisionChat(request), false, context), DecisionWriter::write);
  }
}
