package io.github.openaikserve.server.config;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.server.options.Type;
import io.github.openaikserve.server.options.Value;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Default values of request fields, by the JSON names of the fields. */
final class ModelDefaults implements Type<Map<String, Object>> {
  @Override
  public Map<String, Object> read(Value value) {
    Map<String, Object> defaults = new LinkedHashMap<>();
    value
        .entries()
        .forEach(
            (name, found) -> {
              Object field = found.json();
              found.make(
                  () -> OpenAiKServe.builder().model(name, m -> m.defaultParameter(name, field)));
              defaults.put(name, field);
            });
    return defaults;
  }

  @Override
  public Map<String, Object> schema() {
    return Map.of("type", "object");
  }

  /** A model's {@code generation_config.json}. */
  static final class GenerationConfig implements Type<Path> {
    @Override
    public Path read(Value value) {
      Path file = value.file();
      try {
        return value.make(
            () -> {
              OpenAiKServe.builder().model("checked", m -> m.generationConfig(file));
              return file;
            });
      } catch (UncheckedIOException e) {
        throw value.wrong(String.valueOf(e.getMessage()));
      }
    }
  }
}
