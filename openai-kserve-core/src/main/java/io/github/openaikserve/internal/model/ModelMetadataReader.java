package io.github.openaikserve.internal.model;

import io.github.openaikserve.backend.ModelDescription;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.kserve.TensorMetadata;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.time.Scheduler;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A reader of a server's metadata of one model, for clients. Thread-safe. */
final class ModelMetadataReader {
  /** The maximum time that a client waits for the server. */
  private static final Duration WAIT = Duration.ofMillis(500);

  /** The maximum number of tensors in a list. */
  private static final int MAX_TENSORS = 256;

  private final Route route;
  private final Scheduler scheduler;
  private final SingleFlight flight;
  private volatile @Nullable ModelDescription last;

  ModelMetadataReader(Route route, Scheduler scheduler) {
    this.route = route;
    this.scheduler = scheduler;
    this.flight = new SingleFlight(scheduler);
  }

  /** Returns a model under one of its names, with its server's metadata. Never fails. */
  static CompletableFuture<Model> described(String name, RegisteredModel registered) {
    return registered
        .metadata()
        .thenApply(metadata -> model(name, registered).toBuilder().metadata(metadata).build());
  }

  /** Returns a model under one of its names. */
  static Model model(String name, RegisteredModel registered) {
    Model model = registered.configured().model();
    return model.toBuilder()
        .id(name)
        .parent(registered.adapter(name).isPresent() ? model.id() : null)
        .build();
  }

  /**
   * Queries the server, at most once a second.
   *
   * @param known the route with its dialects, if known
   * @return never fails; the last known metadata if the server does not answer in time
   */
  CompletableFuture<Map<String, Object>> read(Optional<Route> known) {
    String version = route.modelVersion() == null ? "" : route.modelVersion();
    return SingleFlight.ask(
            () ->
                flight.run(
                    () -> ModelDescription.read(route.backend(), route.modelName(), version),
                    (ModelDescription described, Throwable failure) -> {
                      if (described != null) {
                        last = described;
                      }
                      return SingleFlight.DEFAULT_TTL;
                    }),
            WAIT,
            scheduler)
        .handle((done, late) -> values(known.orElse(route), last));
  }

  private static Map<String, Object> values(Route route, @Nullable ModelDescription described) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("name", route.modelName());
    Stream<Dialect> others =
        route.others().entrySet().stream()
            .sorted(Map.Entry.comparingByKey()) // the map has no order
            .map(Map.Entry::getValue);
    Stream.concat(Stream.ofNullable(route.dialect()), others)
        .findFirst()
        .map(Dialect::name)
        .ifPresent(name -> values.put("dialect", name));
    if (described != null) {
      described.server().ifPresent(server -> values.put("server", server(server)));
      described
          .metadata()
          .ifPresent(
              model -> {
                if (!model.platform().isEmpty()) {
                  values.put("platform", model.platform());
                }
                if (!model.versions().isEmpty()) {
                  values.put("versions", model.versions());
                }
                values.put("inputs", tensors(model.inputs()));
                values.put("outputs", tensors(model.outputs()));
              });
    }
    return values;
  }

  private static Map<String, Object> server(ServerMetadata server) {
    return Map.of("name", server.name(), "version", server.version());
  }

  private static List<Map<String, Object>> tensors(List<TensorMetadata> tensors) {
    return tensors.stream().limit(MAX_TENSORS).map(ModelMetadataReader::tensor).toList();
  }

  private static Map<String, Object> tensor(TensorMetadata tensor) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("name", tensor.name());
    values.put("datatype", tensor.datatype());
    values.put("shape", tensor.shape());
    return values;
  }
}
