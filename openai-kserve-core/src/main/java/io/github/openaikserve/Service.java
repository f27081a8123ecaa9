package io.github.openaikserve;

import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.call.CompositeListener;
import io.github.openaikserve.internal.answer.call.GuardedScheduler;
import io.github.openaikserve.internal.http.HttpSettings;
import io.github.openaikserve.internal.http.Router;
import io.github.openaikserve.internal.http.Services;
import io.github.openaikserve.internal.messages.MessageService;
import io.github.openaikserve.internal.model.DiscoveredModels;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.model.RegisteredModel;
import io.github.openaikserve.internal.responses.ConversationService;
import io.github.openaikserve.internal.responses.ResponseChat;
import io.github.openaikserve.internal.responses.ResponseService;
import io.github.openaikserve.internal.responses.ResponseStorage;
import io.github.openaikserve.resilience.Load;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The state that all views of one service share. Immutable. */
record Service(
    Services services, Router router, Map<String, Load> loads, Duration shutdownTimeout) {
  /**
   * The maximum size in bytes of a stored conversation that is continued, if the limit for bodies
   * is larger.
   */
  private static final int MAX_CONTINUED = 64 << 20;

  static Service of(OpenAiKServe.Builder builder) {
    Scheduler scheduler = GuardedScheduler.of(builder.scheduler);
    var models =
        new ModelFactory(
            builder.backend,
            builder.clock.instant().getEpochSecond(),
            builder.strict,
            builder.limits,
            scheduler);
    List<RegisteredModel> configured = builder.models.stream().map(models::build).toList();
    List<DiscoveredModels> discovered =
        builder.discoveries.stream().map(discovery -> discovery.apply(models)).toList();
    var registry =
        new ModelRegistry(
            configured,
            named -> builder.routes.stream().map(r -> r.models(named, scheduler)).toList(),
            builder.defaultModel,
            discovered,
            scheduler);
    var listeners = new CompositeListener(builder.listeners);
    var engine =
        new Engine(
            registry, builder.ids, builder.clock, listeners, scheduler, builder.chatRequests);
    Services services = services(builder, engine, registry, scheduler);
    HttpSettings settings = http(builder, listeners.headers(), scheduler);
    return new Service(
        services,
        new Router(services, builder.ids, settings),
        loads(configured),
        builder.shutdownTimeout);
  }

  private static Services services(
      OpenAiKServe.Builder builder, Engine engine, ModelRegistry registry, Scheduler scheduler) {
    ResponseStorage storage =
        builder.responseStore == null
            ? null
            : new ResponseStorage(
                builder.responseStore,
                scheduler,
                builder.ids,
                Math.min(builder.limits.body(), MAX_CONTINUED));
    var settings = new ResponseChat.Settings(builder.ids, builder.clock, builder.rejectHostedTools);
    return new Services(
        engine,
        registry,
        new ResponseService(engine, settings, storage, scheduler),
        storage == null ? null : new ConversationService(storage, builder.clock),
        new MessageService(engine, builder.rejectHostedTools));
  }

  private static HttpSettings http(
      OpenAiKServe.Builder builder, List<String> observedHeaders, Scheduler scheduler) {
    return new HttpSettings(
        builder.keepAlive,
        builder.abortFailedStreams,
        builder.reasoningFields,
        builder.executor,
        builder.forwardedHeaders,
        observedHeaders,
        builder.affinityHeader,
        scheduler,
        builder.limits,
        new HttpSettings.Health(builder.readiness, builder.backendNames),
        builder.modelControl);
  }

  private static Map<String, Load> loads(List<RegisteredModel> models) {
    return models.stream()
        .filter(model -> model.load().isPresent())
        .collect(
            Collectors.toUnmodifiableMap(RegisteredModel::id, model -> model.load().orElseThrow()));
  }
}
