package io.github.openaikserve.internal.request.field;

import io.github.openaikserve.internal.json.JsonCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A reader of a model's {@code generation_config.json}. Reads the same fields as vLLM.
 *
 * <p>Source: {@code vllm-project/vllm}: {@code get_diff_sampling_param} of {@code
 * vllm/config/model.py}.
 */
public final class GenerationConfig {
  /** The maximum size in bytes. Real files have a few hundred bytes. */
  private static final int MAX_SIZE = 1 << 20;

  /** The names in requests, by the names in the file. */
  private static final Map<String, String> NAMES =
      Map.of(
          "temperature", "temperature",
          "top_p", "top_p",
          "top_k", "top_k",
          "min_p", "min_p",
          "repetition_penalty", "repetition_penalty",
          "max_new_tokens", "max_tokens");

  private GenerationConfig() {}

  /**
   * Returns the values of sampling fields, by their JSON names in requests.
   *
   * @throws UncheckedIOException if the file cannot be read
   * @throws IllegalArgumentException if it is not a JSON object of at most 1 MiB
   */
  public static Map<String, Object> read(Path file) {
    Map<String, @Nullable Object> config = object(file);
    Map<String, Object> values = new LinkedHashMap<>();
    config.forEach(
        (key, value) -> {
          String name = NAMES.get(key);
          if (name != null && value != null) {
            values.put(name, value);
          }
        });
    return values;
  }

  private static Map<String, @Nullable Object> object(Path file) {
    try {
      if (Files.size(file) > MAX_SIZE) {
        throw new IllegalArgumentException(file + " is larger than 1 MiB");
      }
      return JsonCodec.readObject(Files.readString(file))
          .orElseThrow(() -> new IllegalArgumentException(file + " is not a JSON object"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
