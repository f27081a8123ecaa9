package io.github.openaikserve.examples.server.config;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads a served model. */
final class ModelReader {
  /** The word for a dialect that the server is asked for. */
  static final String AUTO = "auto";

  private final List<BackendConfig> backends;

  /** A reader of models that are at these backends. */
  ModelReader(List<BackendConfig> backends) {
    this.backends = backends;
  }

  ModelConfig read(Section section) {
    BackendConfig backend = backend(section, backends);
    Optional<Dialect> embeddings = section.find("embeddings").map(ModelReader::embeddings);
    Optional<Value> said = section.find("dialect");
    boolean auto = said.filter(value -> value.isText() && value.text().equals(AUTO)).isPresent();
    Optional<Dialect> dialect = auto ? Optional.empty() : said.map(ModelReader::dialect);
    Optional<Value> modelName = section.find("model_name");
    if (modelName.isPresent() && dialect.filter(Dialects.ANYSERVE::equals).isPresent()) {
      throw modelName
          .get()
          .wrong(
              "has no effect with the dialect 'anyserve', which calls 'generate' and"
                  + " 'generate_stream'; write dialect: {anyserve: {type: NAME, stream_type: NAME,"
                  + " model: NAME}} for other capabilities");
    }
    boolean silent = said.isEmpty() && embeddings.isEmpty();
    return new ModelConfig(
        section.require("id").text(),
        section.find("aliases").map(names -> names.list(Value::text)).orElse(List.of()),
        backend.name(),
        dialect,
        auto || (silent && !(backend instanceof BackendConfig.Embedded)),
        embeddings,
        modelName.map(Value::text),
        section.find("model_version").map(Value::scalar),
        ChatConfig.read(section),
        Patience.read(section),
        section.find("concurrency").map(many -> many.integer(1, 1024)),
        section.find("strict").map(Value::flag).orElse(false),
        section.find("unary_answers").map(Value::flag).orElse(false),
        section.find("owned_by").map(Value::text),
        section.find("generation_config").map(ModelReader::generationConfig),
        section
            .find("defaults")
            .map(value -> value.section(ModelReader::defaults))
            .orElse(Map.of()),
        section.find("constants").map(ModelConstants::read).orElse(ModelConstants.NONE),
        section.find("default").map(Value::flag).orElse(false));
  }

  /** The backend that is named; the only one where none is. */
  static BackendConfig backend(Section section, List<BackendConfig> backends) {
    Optional<Value> named = section.find("backend");
    if (named.isEmpty() && backends.size() == 1) {
      return backends.get(0);
    }
    return section
        .require("backend")
        .oneOf(
            backends.stream().map(BackendConfig::name).toList(),
            name -> backends.stream().filter(b -> b.name().equals(name)).findFirst().orElseThrow());
  }

  private static Path generationConfig(Value value) {
    Path file = value.file();
    try {
      OpenAiKServe.builder().model("checked", m -> m.generationConfig(file));
    } catch (UncheckedIOException | IllegalArgumentException e) {
      throw value.wrong(String.valueOf(e.getMessage()));
    }
    return file;
  }

  private static Map<String, Object> defaults(Section section) {
    Map<String, Object> defaults = new LinkedHashMap<>();
    section
        .entries()
        .forEach(
            (name, value) -> {
              Object parameter = value.json();
              try {
                OpenAiKServe.builder().model(name, m -> m.defaultParameter(name, parameter));
              } catch (IllegalArgumentException e) {
                throw value.wrong(String.valueOf(e.getMessage()));
              }
              defaults.put(name, parameter);
            });
    return defaults;
  }

  private static Dialect dialect(Value value) {
    return value.isText()
        ? value.oneOf(
            Stream.concat(Stream.of(AUTO), Dialects.names()).toList(),
            name -> Dialects.byName(name).orElseThrow())
        : value.section(DialectReader::read);
  }

  private static Dialect embeddings(Value value) {
    return value.isText()
        ? value.oneOf(
            Dialects.embeddingNames().toList(),
            name -> Dialects.embeddingsByName(name).orElseThrow())
        : value.section(EmbeddingReader::read);
  }
}
