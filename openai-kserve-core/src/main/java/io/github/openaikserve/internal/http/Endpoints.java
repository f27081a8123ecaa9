package io.github.openaikserve.internal.http;

import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.http.response.KeepAlive;
import io.github.openaikserve.internal.http.response.StreamedResponse;
import io.github.openaikserve.internal.json.JsonLimits;
import io.github.openaikserve.internal.json.read.RequestJson;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.tokens.TokenService;
import io.github.openaikserve.resilience.RequestLimits;
import java.util.HashMap;
import java.util.Map;

/** The endpoints of the API by path. */
final class Endpoints {
  private Endpoints() {}

  /** Returns the endpoints of services. */
  static Map<String, Endpoint> of(Services services, HttpSettings settings) {
    Map<String, Endpoint> endpoints = new HashMap<>();
    var requests = new RequestJson(jsonLimits(settings.limits()));
    var answers =
        new StreamedResponse.Settings(
            new KeepAlive(settings.keepAlive(), settings.scheduler()),
            settings.abortFailedStreams(),
            settings.reasoning());
    Engine engine = services.engine();
    addGenerations(endpoints, services, new GenerationEndpoints(engine, requests, answers));
    new BatchEndpoints(engine, requests).addTo(endpoints);
    var audio = new AudioEndpoints(engine, requests, answers);
    endpoints.put(Routes.TRANSCRIPTIONS, audio.transcription(false));
    endpoints.put(Routes.TRANSLATIONS, audio.transcription(true));
    endpoints.put("/v1/audio/speech", audio.speech());
    var tokens = new TokenService(engine, services.registry());
    new TokenEndpoints(engine, tokens, requests).addTo(endpoints);
    addOperations(endpoints, services.registry(), settings);
    return Map.copyOf(endpoints);
  }

  private static void addGenerations(
      Map<String, Endpoint> endpoints, Services services, GenerationEndpoints generations) {
    RequestJson requests = generations.requests();
    endpoints.put("/v1/chat/completions", generations.chat());
    endpoints.put("/v1/completions", generations.completion());
    endpoints.put("/v1/decisions", generations.decision());
    endpoints.put(
        "/v1/responses",
        new ResponsesEndpoint(
            services.responses(), requests, generations.response(services.responses())));
    if (services.conversations() != null) {
      endpoints.put(
          "/v1/conversations", new ConversationsEndpoint(services.conversations(), requests));
    }
    endpoints.put(
        "/v1/messages",
        new MessagesEndpoint(
            services.messages(), requests, generations.message(services.messages())));
  }

  private static void addOperations(
      Map<String, Endpoint> endpoints, ModelRegistry registry, HttpSettings settings) {
    boolean control = settings.modelControl();
    endpoints.put(Routes.MODELS, new ModelsEndpoint(registry, control));
    endpoints.put(
        Routes.HEALTH,
        new HealthEndpoint(registry.backends(), settings.health(), settings.scheduler()));
    endpoints.put("/openapi.json", new OpenApiEndpoint(path -> isServed(path, endpoints, control)));
  }

  /** Returns whether an endpoint serves a path of the OpenAPI document. */
  private static boolean isServed(
      String path, Map<String, Endpoint> endpoints, boolean modelControl) {
    boolean control = path.endsWith("/load") || path.endsWith("/unload");
    return (!control || modelControl)
        && endpoints.keySet().stream()
            .anyMatch(served -> path.equals(served) || path.startsWith(served + "/"));
  }

  private static JsonLimits jsonLimits(RequestLimits limits) {
    return new JsonLimits(
        limits.depth(), limits.digits(), limits.string(), limits.nodes(), limits.numbers());
  }
}
