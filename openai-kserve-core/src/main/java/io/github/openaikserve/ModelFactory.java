package io.github.openaikserve;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ControlTokens;
import io.github.openaikserve.chat.format.ModelFormat;
import io.github.openaikserve.chat.format.ReasoningFormat;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.internal.model.CallFeedback;
import io.github.openaikserve.internal.model.ConstantInputs;
import io.github.openaikserve.internal.model.ControlTokenGuard;
import io.github.openaikserve.internal.model.DiscoveredModels;
import io.github.openaikserve.internal.model.ModelNames;
import io.github.openaikserve.internal.model.RegisteredModel;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.model.TensorSettings;
import io.github.openaikserve.internal.model.Timeouts;
import io.github.openaikserve.openai.Model;
import io.github.openaikserve.resilience.LimitedBackend;
import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.time.Scheduler;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A factory of models from their builders. Its settings apply to a model that does not set its own.
 * Immutable.
 *
 * @param backend null if every model has its own
 * @param created the creation time of models, in seconds since 1970
 */
record ModelFactory(
    @Nullable InferenceBackend backend,
    long created,
    boolean strict,
    RequestLimits limits,
    Scheduler scheduler) {
  /** Returns the discovery of a server's models; null for the default backend. */
  DiscoveredModels discovery(@Nullable InferenceBackend other, Consumer<ModelBuilder> each) {
    InferenceBackend server = other == null ? backend : other;
    if (server == null) {
      throw new IllegalArgumentException(
          "models cannot be discovered without a backend; pass one to builder() or discover()");
    }
    var models = new ModelFactory(server, created, strict, limits, scheduler);
    return new DiscoveredModels(
        server, name -> models.discovered(ModelBuilder.configured(name, each)), scheduler);
  }

  /** Builds a discovered model, whose dialect is detected unless one was set. */
  private RegisteredModel discovered(ModelBuilder model) {
    return build(model.detect(model.dialect == null && model.others.isEmpty()));
  }

  RegisteredModel build(ModelBuilder model) {
    String separator = model.adapterSeparator;
    return new RegisteredModel(
        route(model),
        new ModelNames(
            model.aliases, model.adapters, separator == null ? null : model.id + separator),
        model.detect,
        scheduler);
  }

  private Route route(ModelBuilder model) {
    InferenceBackend server = server(model);
    checkDialect(model);
    return new Route(
        Model.builder(model.id)
            .created(model.created == null ? created : model.created.getEpochSecond())
            .ownedBy(model.ownedBy)
            .shutdownDate(model.shutdownDate)
            .build(),
        server,
        model.concurrencyLimit == null
            ? server
            : LimitedBackend.around(server, model.concurrencyLimit, scheduler),
        model.modelName,
        model.modelVersion,
        model.dialect,
        others(model),
        chat(model),
        calls(model),
        CallFeedback.NONE);
  }

  private InferenceBackend server(ModelBuilder model) {
    InferenceBackend server = model.backend == null ? backend : model.backend;
    if (server == null) {
      throw new IllegalArgumentException(
          "model '%s' has no backend; set one with backend() or pass one to builder()"
              .formatted(model.id));
    }
    return server;
  }

  private static void checkDialect(ModelBuilder model) {
    if (model.dialect != null && model.detect) {
      throw new IllegalArgumentException(
          "model '%s' has the dialect '%s' and detect(true); set only one of them"
              .formatted(model.id, model.dialect.name()));
    }
    if (model.dialect == null && model.others.isEmpty() && !model.detect) {
      throw new IllegalArgumentException(
          "model '%s' has no dialect; set dialect() or detect(true)".formatted(model.id));
    }
  }

  private Route.CallSettings calls(ModelBuilder model) {
    return new Route.CallSettings(
        new Timeouts(model.timeout, model.firstTokenTimeout, model.interTokenTimeout),
        limits,
        model.tokenCounter,
        model.maxConcurrentChoices,
        model.strict == null ? strict : model.strict,
        model.unaryAnswers,
        model.parameters,
        new ConstantInputs(model.constants, model.constantKeys),
        new TensorSettings(
            model.labels, model.categories, model.moderationThreshold, model.shortensVectors));
  }

  private static Route.ChatSettings chat(ModelBuilder model) {
    ModelFormat shown = model.chatTemplate.format();
    ToolCallFormat calls = model.toolCallFormat.orElse(shown.toolCalls());
    return new Route.ChatSettings(
        model.chatTemplate,
        new ModelFormat(
            model.separateReasoning ? model.reasoningFormat.orElse(shown.reasoning()) : null,
            model.tools ? calls : null,
            evidence(model, shown)),
        calls != null && calls.addressesContent() ? calls : null,
        controlTokenGuard(model),
        model.emulateResponseFormat);
  }

  /** Returns why each format is used: because of the model's settings, or of its template. */
  private static List<String> evidence(ModelBuilder model, ModelFormat shown) {
    List<String> evidence = new ArrayList<>();
    String named = ", because the model's settings name it: ";
    if (!model.separateReasoning) {
      evidence.add("reasoning: none, because the model's settings turn it off");
    } else if (model.reasoningFormat.isPresent()) {
      ReasoningFormat format = model.reasoningFormat.get();
      evidence.add("reasoning: " + format.name() + named + format.pattern());
    } else {
      shown.evidence().stream().filter(e -> e.startsWith("reasoning: ")).forEach(evidence::add);
    }
    if (!model.tools) {
      evidence.add("tool calls: none, because the model's settings turn them off");
    } else if (model.toolCallFormat.isPresent()) {
      ToolCallFormat format = model.toolCallFormat.get();
      evidence.add("tool calls: " + format.name() + named + format.pattern());
    } else {
      shown.evidence().stream().filter(e -> !e.startsWith("reasoning: ")).forEach(evidence::add);
    }
    return evidence;
  }

  private static ControlTokenGuard controlTokenGuard(ModelBuilder model) {
    if (model.controlTokens == ControlTokens.KEEP) {
      return ControlTokenGuard.NONE;
    }
    Set<String> tokens = model.chatTemplate.controlTokens();
    if (tokens.isEmpty()) {
      throw new IllegalArgumentException(
          "model '%s' has controlTokens(%s), but its chat template declares no control tokens; use the model's own template"
              .formatted(model.id, model.controlTokens));
    }
    return new ControlTokenGuard(model.controlTokens, tokens);
  }

  private static Map<RequestKind, Dialect> others(ModelBuilder model) {
    Map<RequestKind, Dialect> all = new EnumMap<>(RequestKind.class);
    if (model.dialect != null) {
      all.putAll(ModelBuilder.tensors(model.dialect));
    }
    all.putAll(model.others);
    return all;
  }
}
