package io.github.openaikserve.server.service;

import io.github.openaikserve.ModelBuilder;
import io.github.openaikserve.ModelRoute;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.server.EmbeddedWorker;
import io.github.openaikserve.server.config.BackendConfig;
import io.github.openaikserve.server.config.ChatConfig;
import io.github.openaikserve.server.config.ConstantTensor;
import io.github.openaikserve.server.config.DialectChoice;
import io.github.openaikserve.server.config.DiscoverConfig;
import io.github.openaikserve.server.config.ListenConfig;
import io.github.openaikserve.server.config.ListenConfig.UnsupportedTools;
import io.github.openaikserve.server.config.ModelConfig;
import io.github.openaikserve.server.config.RouteConfig;
import io.github.openaikserve.server.config.ServerConfig;
import io.github.openaikserve.server.config.TimeoutConfig;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Creates the service of a configuration. */
public final class ServerFactory {
  private static final double PERCENT = 100;

  private final Map<String, Backends.Opened> backends = new HashMap<>();

  private ServerFactory() {}

  /**
   * Opens a configuration, without reloading and without a status.
   *
   * @param resources receives the resources that have to be closed
   * @throws IOException if the embedded worker does not start
   * @throws IllegalStateException if no model can be served
   */
  public static OpenAiKServe open(ServerConfig config, Resources resources) throws IOException {
    DisabledModels.requireOthers(config);
    return open(
        config,
        resources,
        new Backends(),
        new Watchers(resources.add(new Metrics()), Optional.empty()));
  }

  /**
   * Opens a configuration.
   *
   * @param resources receives the resources that have to be closed
   * @param watchers receive the service's calls
   * @throws IOException if the embedded worker does not start
   */
  static OpenAiKServe open(
      ServerConfig config, Resources resources, Backends backends, Watchers watchers)
      throws IOException {
    var assembly = new ServerFactory();
    for (BackendConfig backend : config.backends()) {
      assembly.backends.put(backend.name(), backends.use(backend, resources));
    }
    ListenConfig server = config.server();
    OpenAiKServe.Builder openai =
        OpenAiKServe.builder()
            .listener(watchers.metrics().listener())
            .listener(watchers.status().listener())
            .listener(watchers.limits().listener())
            .readiness(server.ready())
            .requestLimits(server.limits().toRequestLimits())
            .keepAlive(server.keepAlive())
            .abortFailedStreams(server.abortFailedStreams())
            .reasoningFields(server.reasoningFields())
            .rejectHostedTools(server.unsupportedTools() == UnsupportedTools.REJECT)
            .modelControl(server.modelControl())
            .forwardHeaders(server.forwardHeaders().toArray(String[]::new));
    server.affinityHeader().ifPresent(openai::affinityHeader);
    watchers.responses().ifPresent(openai::responseStore);
    assembly.backends.forEach((name, opened) -> openai.backendName(opened.backend(), name));
    assembly.addModels(config, openai);
    for (RouteConfig route : config.routes()) {
      openai.route(route.id(), builder -> configure(builder, route));
    }
    for (DiscoverConfig discovery : config.discover()) {
      if (discovery.chat().unusable().isPresent()) {
        continue;
      }
      openai.discover(
          assembly.opened(config, discovery.backend()).backend(),
          m -> assembly.configure(m, discovery, config));
    }
    return openai.build();
  }

  /** Adds the models. A request for a disabled default model must not reach another model. */
  private void addModels(ServerConfig config, OpenAiKServe.Builder openai) {
    ModelConfig byDefault = config.defaultModel().orElse(null);
    for (ModelConfig model : config.models()) {
      boolean disabled = model.chat().unusable().isPresent(); // see DisabledModels
      if (!disabled) {
        openai.model(model.id(), m -> configure(m, model, config));
      }
      if (model.equals(byDefault)) {
        if (disabled) {
          openai.withoutDefaultModel();
        } else {
          openai.defaultModel(model.id());
        }
      }
    }
  }

  private Backends.Opened opened(ServerConfig config, Optional<String> name) {
    Backends.Opened opened = backends.get(config.backend(name.orElse("")).name());
    if (opened == null) {
      throw new IllegalStateException("no backend has the name " + name);
    }
    return opened;
  }

  private void configure(ModelBuilder builder, DiscoverConfig discovery, ServerConfig config) {
    Backends.Opened opened = opened(config, discovery.backend());
    timeouts(builder, discovery.timeouts().orElse(opened.config().timeouts()));
    chat(builder, discovery.chat(), opened);
  }

  private void configure(ModelBuilder builder, ModelConfig model, ServerConfig config) {
    Backends.Opened opened = opened(config, model.backend());
    builder.backend(opened.backend());
    dialect(builder, model, opened);
    opened.worker().flatMap(EmbeddedWorker::tokenizer).ifPresent(builder::tokenCounter);
    model.aliases().forEach(builder::alias);
    model.modelName().ifPresent(builder::modelName);
    model.modelVersion().ifPresent(builder::modelVersion);
    timeouts(builder, model.timeouts().orElse(opened.config().timeouts()));
    model.concurrency().ifPresent(builder::maxConcurrentChoices);
    model.ownedBy().ifPresent(builder::ownedBy);
    model.shutdownDate().ifPresent(builder::shutdownDate);
    model.adapters().forEach(builder::adapter);
    model.adapterSeparator().ifPresent(builder::adapterSeparator);
    builder.labels(model.labels().toArray(String[]::new));
    builder.shortensVectors(model.shortensVectors());
    model.moderation().byLabel().forEach(builder::moderationCategory);
    builder.moderationThreshold(model.moderation().threshold() / PERCENT);
    model.generationConfig().ifPresent(builder::generationConfig);
    model.defaults().forEach(builder::defaultParameter);
    model.constants().forEach(constant -> constant(builder, constant));
    builder.strict(model.strict());
    builder.unaryAnswers(model.unaryAnswers());
    chat(builder, model.chat(), opened);
  }

  private static void configure(ModelRoute.Builder builder, RouteConfig route) {
    route.targets().forEach(target -> builder.to(target.model(), target.weight()));
    route.fallback().ifPresent(builder::fallback);
  }

  private static void dialect(ModelBuilder builder, ModelConfig model, Backends.Opened opened) {
    model.dialect().flatMap(DialectChoice::dialect).ifPresent(builder::dialect);
    model.embeddings().ifPresent(builder::embeddingDialect);
    if (model.detects(opened.config())) {
      builder.detect(true);
    } else if (model.dialect().isEmpty() && model.embeddings().isEmpty()) {
      // Only models of the embedded worker may omit the dialect.
      opened.worker().map(EmbeddedWorker::dialect).ifPresent(builder::dialect);
    }
  }

  private static void constant(ModelBuilder builder, ConstantTensor constant) {
    if (constant.json().isEmpty()) {
      builder.constant(constant.tensorOfValue());
    } else {
      constant.json().forEach((key, value) -> builder.constantJson(constant.tensor(), key, value));
    }
  }

  private static void timeouts(ModelBuilder builder, TimeoutConfig limits) {
    limits.timeout().ifPresent(builder::timeout);
    limits.firstTokenTimeout().ifPresent(builder::firstTokenTimeout);
    limits.interTokenTimeout().ifPresent(builder::interTokenTimeout);
  }

  private static void chat(ModelBuilder builder, ChatConfig chat, Backends.Opened opened) {
    chat.template().or(opened::template).ifPresent(builder::chatTemplate);
    chat.toolCalls().ifPresent(builder::toolCallFormat);
    chat.reasoning().ifPresent(builder::reasoningFormat);
    builder.tools(chat.hasTools());
    builder.separateReasoning(chat.separatesReasoning());
    builder.controlTokens(chat.controlTokens());
    builder.emulateResponseFormat(chat.emulateResponseFormat());
  }
}
