package io.github.openaikserve.examples.server.config;

import io.github.openaikserve.dialect.Dialect;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A served model. Immutable; what is empty is left to the library.
 *
 * @param id what clients call it by
 * @param backend the name of the backend that has it
 * @param dialect how its server speaks
 * @param detects whether the server is to be asked how it speaks
 * @param embeddings how its server embeds
 * @param modelName what its server calls it
 * @param patience how long one call may take
 * @param concurrency how many generations of one request go on at the same time
 * @param strict whether fields that have no effect are refused
 * @param unaryAnswers whether whole answers are taken from unary calls
 * @param generationConfig a file of values of fields that requests leave out
 * @param defaults values of fields that requests leave out, by their JSON names
 * @param constants what every generation sends in addition to the dialect's inputs
 * @param isDefault whether requests that name no model are for it
 */
public record ModelConfig(
    String id,
    List<String> aliases,
    String backend,
    Optional<Dialect> dialect,
    boolean detects,
    Optional<Dialect> embeddings,
    Optional<String> modelName,
    Optional<String> modelVersion,
    ChatConfig chat,
    Patience patience,
    Optional<Integer> concurrency,
    boolean strict,
    boolean unaryAnswers,
    Optional<String> ownedBy,
    Optional<Path> generationConfig,
    Map<String, Object> defaults,
    ModelConstants constants,
    boolean isDefault) {
  /** Copies the list and the map. */
  public ModelConfig {
    defaults = Map.copyOf(defaults);
    aliases = List.copyOf(aliases);
  }
}
