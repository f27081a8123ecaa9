package io.github.openaikserve.server.config;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A served model. Immutable. */
public record ModelConfig(
    String id,
    List<String> aliases,
    Optional<String> backend,
    @Setting(type = DialectChoice.Named.class) Optional<DialectChoice> dialect,
    List<ConstantTensor> constants,
    @Setting(type = EmbeddingTable.Named.class) Optional<Dialect> embeddings,
    List<String> labels,
    ModerationConfig moderation,
    boolean shortensVectors,
    Optional<String> modelName,
    @Setting(min = 0) Optional<String> modelVersion,
    ChatConfig chat,
    TimeoutConfig timeouts,
    @Setting(max = 1024) Optional<Integer> concurrency,
    boolean strict,
    boolean unaryAnswers,
    @Setting(type = ModelDefaults.GenerationConfig.class) Optional<Path> generationConfig,
    @Setting(type = ModelDefaults.class) Map<String, Object> defaults,
    Map<String, String> adapters,
    Optional<String> adapterSeparator,
    Optional<String> ownedBy,
    Optional<LocalDate> shutdownDate,
    @Setting(key = "default") boolean isDefault) {
  /** Checks that the name of the model has an effect. */
  public ModelConfig {
    boolean fixed =
        dialect.flatMap(DialectChoice::dialect).filter(Dialects.ANYSERVE::equals).isPresent();
    if (fixed && modelName.isPresent()) {
      throw new Mistake(
          "model_name",
          "has no effect with the dialect 'anyserve', which calls 'generate' and"
              + " 'generate_stream'; write dialect: {anyserve: {type: NAME, stream_type: NAME,"
              + " model: NAME}} for other capabilities");
    }
  }

  /** Returns whether the dialect is detected from the server. */
  public boolean detects(BackendConfig server) {
    return dialect.isPresent()
        ? dialect.get().dialect().isEmpty()
        : embeddings.isEmpty() && !server.worker().embedded();
  }
}
