package io.github.openaikserve;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.internal.answer.CompositeListener;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.answer.RunningCalls;
import io.github.openaikserve.internal.answer.Watches;
import io.github.openaikserve.internal.http.HttpSettings;
import io.github.openaikserve.internal.http.Router;
import io.github.openaikserve.internal.model.DiscoveredModels;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.model.RegisteredModel;
import io.github.openaikserve.resilience.Load;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What all views of an {@link OpenAiKServe} share. */
record Service(
    Engine engine,
    ModelRegistry registry,
    Router router,
    Map<String, Load> loads,
    Duration shutdownTimeout) {
  /** A server all of whose models are served; null for the builder's backend. */
  record Discovery(@Nullable InferenceBackend backend, Consumer<ModelBuilder> each) {}

  static Service of(OpenAiKServe.Builder builder) {
    var defaults =
        new ModelBuilder.Defaults(
            builder.backend,
            builder.clock.instant().getEpochSecond(),
            builder.strict,
            builder.clock,
            builder.scheduler,
            builder.limits);
    List<RegisteredModel> configured = builder.models.stream().map(m -> m.build(defaults)).toList();
    List<DiscoveredModels> discovered =
        builder.discoveries.stream().map(d -> serverModels(d, defaults)).toList();
    var registry =
        new ModelRegistry(configured, builder.defaultModel, discovered, builder.scheduler);
    var listeners = new CompositeListener(builder.listeners);
    var engine =
        new Engine(registry, builder.ids, builder.clock, new Watches(listeners, builder.scheduler));
    var settings =
        new HttpSettings(
            builder.keepAlive,
            builder.forwardedHeaders,
            listeners.headers(),
            builder.affinityHeader,
            builder.scheduler,
            builder.limits);
    return new Service(
        engine,
        registry,
        new Router(engine, registry, builder.ids, settings),
        loads(configured),
        builder.shutdownTimeout);
  }

  private static Map<String, Load> loads(List<RegisteredModel> models) {
    return models.stream()
        .filter(model -> model.load().isPresent())
        .collect(
            Collectors.toUnmodifiableMap(RegisteredModel::id, model -> model.load().orElseThrow()));
  }

  private static DiscoveredModels serverModels(
      Discovery discovery, ModelBuilder.Defaults defaults) {
    InferenceBackend backend =
        discovery.backend() == null ? defaults.backend() : discovery.backend();
    if (backend == null) {
      throw new IllegalArgumentException("models cannot be discovered without a backend");
    }
    return new DiscoveredModels(
        backend,
        name ->
            ModelBuilder.configured(name, discovery.each())
                .discovered(defaults.withBackend(backend)),
        defaults.clock());
  }

  void close() {
    RunningCalls running = engine.running();
    running.shutdown();
    try {
      if (running.awaitTermination(shutdownTimeout)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    running.cancel();
  }
}
