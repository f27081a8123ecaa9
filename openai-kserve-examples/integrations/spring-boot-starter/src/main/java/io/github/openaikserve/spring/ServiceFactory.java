package io.github.openaikserve.spring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.ModelBuilder;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.core.io.ResourceLoader;

/** Creates a builder of the service from the properties. */
final class ServiceFactory {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MODELS = "openai-kserve.models.";

  private final OpenAiKServeProperties properties;
  private final ConfiguredBackends backends;
  private final ResourceLoader resources;

  ServiceFactory(
      OpenAiKServeProperties properties, ConfiguredBackends backends, ResourceLoader resources) {
    this.properties = properties;
    this.backends = backends;
    this.resources = resources;
  }

  /**
   * Returns a builder with the models and settings.
   *
   * @throws IllegalStateException if a property is invalid; names the property
   */
  OpenAiKServe.Builder builder() {
    OpenAiKServe.Builder service = OpenAiKServe.builder();
    backends.all().forEach((name, backend) -> service.backendName(backend, name));
    properties.models().forEach((name, model) -> service.model(name, m -> apply(name, model, m)));
    if (properties.discover()) {
      service.discover(backends.get(null, "openai-kserve.discover"), each -> {});
    }
    if (properties.defaultModel() != null) {
      service.defaultModel(properties.defaultModel());
    }
    return service
        .strict(properties.strict())
        .forwardHeaders(properties.forwardHeaders().toArray(String[]::new))
        .keepAlive(properties.keepAlive())
        .shutdownTimeout(properties.shutdownTimeout())
        .abortFailedStreams(properties.abortFailedStreams());
  }

  private void apply(String name, OpenAiKServeProperties.Model model, ModelBuilder builder) {
    String property = MODELS + name;
    builder.backend(backends.get(model.backend(), property + ".backend"));
    if (model.dialect() != null) {
      builder.dialect(
          named(property + ".dialect", model.dialect(), Dialects::byName, Dialects.names()));
    }
    if (model.embeddings() != null) {
      Dialect dialect =
          named(
              property + ".embeddings",
              model.embeddings(),
              Dialects::embeddingsByName,
              Dialects.embeddingNames());
      builder.embeddingDialect(dialect);
    }
    builder.detect(model.dialect() == null && model.embeddings() == null);
    template(property, model, builder);
    model.aliases().forEach(builder::alias);
    limits(model, builder);
    model.defaults().forEach((field, value) -> builder.defaultParameter(field, json(value)));
    builder.emulateResponseFormat(model.emulateResponseFormat());
  }

  /** Returns the JSON value of a text, because property files have only texts. */
  private static Object json(Object value) {
    if (!(value instanceof String text)) {
      return value;
    }
    try {
      Object read = JSON.readValue(text, Object.class);
      return read == null ? text : read;
    } catch (JsonProcessingException e) {
      return text;
    }
  }

  private static void limits(OpenAiKServeProperties.Model model, ModelBuilder builder) {
    if (model.modelName() != null) {
      builder.modelName(model.modelName());
    }
    if (model.modelVersion() != null) {
      builder.modelVersion(model.modelVersion());
    }
    if (model.timeout() != null) {
      builder.timeout(model.timeout());
    }
    if (model.firstTokenTimeout() != null) {
      builder.firstTokenTimeout(model.firstTokenTimeout());
    }
    if (model.interTokenTimeout() != null) {
      builder.interTokenTimeout(model.interTokenTimeout());
    }
    if (model.maxConcurrentCalls() != null) {
      builder.concurrencyLimit(ConcurrencyLimit.of(model.maxConcurrentCalls()));
    }
  }

  private void template(String property, OpenAiKServeProperties.Model model, ModelBuilder builder) {
    if (model.template() != null) {
      builder.chatTemplate(
          named(
              property + ".template",
              model.template(),
              ChatTemplates::byName,
              ChatTemplates.names().stream()));
    } else if (model.templateLocation() != null) {
      builder.chatTemplate(read(property + ".template-location", model.templateLocation()));
    }
  }

  private ChatTemplate read(String property, String location) {
    try (InputStream in = resources.getResource(location).getInputStream()) {
      if (location.endsWith(".gguf")) {
        return ChatTemplates.fromGguf(in);
      }
      return location.endsWith(".json")
          ? ChatTemplates.fromTokenizerConfig(in)
          : ChatTemplates.fromJinja(in);
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      throw new IllegalStateException(property + ": cannot read " + location, e);
    }
  }

  private static <T> T named(
      String property, String name, Function<String, Optional<T>> byName, Stream<String> names) {
    return byName
        .apply(name)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "%s: unknown name '%s'; expected one of %s"
                        .formatted(
                            property, name, names.collect(Collectors.toCollection(TreeSet::new)))));
  }
}
