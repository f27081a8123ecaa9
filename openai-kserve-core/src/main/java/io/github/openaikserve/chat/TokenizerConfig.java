package io.github.openaikserve.chat;

import io.github.openaikserve.internal.json.JsonCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code tokenizer_config.json} and the files beside it tell of a model's chat template.
 *
 * <p>Source: {@code huggingface/transformers}: {@code tokenization_utils_base.py}.
 */
final class TokenizerConfig {
  private static final String FILE = "tokenizer_config.json";
  private static final String TEMPLATE_FILE = "chat_template.jinja";

  private final String name;
  private final Map<String, @Nullable Object> fields;
  private final @Nullable String ownTemplate;

  private TokenizerConfig(String name, String json, @Nullable String ownTemplate) {
    this.name = name;
    this.fields =
        JsonCodec.readObject(json)
            .orElseThrow(() -> new IllegalArgumentException(name + " is not a JSON object"));
    this.ownTemplate = ownTemplate;
  }

  /**
   * Reads the file.
   *
   * @param path the file, or the directory it is in
   * @throws IllegalArgumentException if it is not a JSON object
   */
  static TokenizerConfig read(Path path) throws IOException {
    Path file = Files.isDirectory(path) ? path.resolve(FILE) : path;
    Path own = file.resolveSibling(TEMPLATE_FILE);
    return new TokenizerConfig(
        file.toString(), Files.readString(file), Files.exists(own) ? Files.readString(own) : null);
  }

  /**
   * Reads JSON.
   *
   * @throws IllegalArgumentException if it is not a JSON object
   */
  static TokenizerConfig read(String json) {
    return new TokenizerConfig("the tokenizer configuration", json, null);
  }

  BosChoice template() {
    String bos = token("bos_token");
    String eos = token("eos_token");
    Map<String, String> sources = sources();
    if (!sources.containsKey("default")) {
      throw new IllegalArgumentException(
          name
              + (sources.isEmpty()
                  ? " has no chat_template"
                  : " has no chat_template named default")
              + ", and there is no "
              + TEMPLATE_FILE
              + " beside it");
    }
    boolean addsBos = !Boolean.FALSE.equals(fields.get("add_bos_token"));
    return ChatTemplates.named(sources, bos, eos, addsBos, name);
  }

  /** The templates by name. A file of its own goes before what the configuration says. */
  private Map<String, String> sources() {
    Map<String, String> sources = new LinkedHashMap<>();
    Object template = fields.get("chat_template");
    if (template instanceof String source) {
      sources.put("default", source);
    } else if (template instanceof List<?> list) {
      list.forEach(element -> named(sources, element));
    } else if (template != null) {
      throw malformed("chat_template is neither a text nor a list");
    }
    if (ownTemplate != null) {
      sources.put("default", ownTemplate);
    }
    return sources;
  }

  private void named(Map<String, String> sources, @Nullable Object element) {
    if (element instanceof Map<?, ?> entry
        && entry.get("name") instanceof String name
        && entry.get("template") instanceof String source) {
      sources.put(name, source);
    } else {
      throw malformed("an element of chat_template lacks its name or its template");
    }
  }

  /** A token's text: given as such, or in an object with its properties. Empty when absent. */
  private String token(String name) {
    Object token = fields.get(name);
    if (token == null) {
      return "";
    }
    Object text = token instanceof Map<?, ?> properties ? properties.get("content") : token;
    if (text instanceof String string) {
      return string;
    }
    throw malformed(name + " is neither a text nor an object with its content");
  }

  private IllegalArgumentException malformed(String what) {
    return new IllegalArgumentException(name + ": " + what);
  }
}
