package io.github.openaikserve.chat;

import io.github.openaikserve.internal.json.JsonCodec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The chat template data in a {@code tokenizer_config.json} and the files in its directory.
 *
 * <p>Source: {@code huggingface/transformers}: {@code tokenization_utils_base.py}, {@code
 * processing_utils.py}.
 */
final class TokenizerConfig {
  private static final String FILE = "tokenizer_config.json";
  private static final String TOKENIZER_FILE = "tokenizer.json";
  private static final String TEMPLATE_FILE = "chat_template.jinja";
  private static final String PROCESSOR_FILE = "chat_template.json";
  private static final String DIRECTORY = "additional_chat_templates";
  private static final String SUFFIX = ".jinja";
  private static final String FIELD = "chat_template";
  private static final String DEFAULT = "default";

  private final String name;
  private final Map<String, @Nullable Object> fields;
  private final Map<String, String> files;
  private final Set<String> addedTokens;

  private TokenizerConfig(
      String name, String json, Map<String, String> files, Set<String> addedTokens) {
    this.name = name;
    this.fields =
        JsonCodec.readObject(json)
            .orElseThrow(() -> new IllegalArgumentException(name + " is not a JSON object"));
    this.files = files;
    this.addedTokens = addedTokens;
  }

  /**
   * Reads the file.
   *
   * @param path the file or its directory
   * @throws IllegalArgumentException if a file is not a JSON object
   */
  static TokenizerConfig read(Path path) throws IOException {
    Path file = Files.isDirectory(path) ? path.resolve(FILE) : path;
    return new TokenizerConfig(
        file.toString(), Files.readString(file), files(file), addedTokens(file));
  }

  /**
   * Returns the special tokens that the tokenizer adds to its vocabulary. Newer configurations do
   * not repeat them.
   */
  private static Set<String> addedTokens(Path config) throws IOException {
    Path tokenizer = config.resolveSibling(TOKENIZER_FILE);
    if (!Files.isRegularFile(tokenizer)) {
      return Set.of();
    }
    try (InputStream json = Files.newInputStream(tokenizer)) {
      return JsonCodec.readField(json, "added_tokens").orElse(null) instanceof List<?> added
          ? SpecialTokens.added(added)
          : Set.of();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          tokenizer
              + " is not a JSON object. It has the model's special tokens: if it is a pointer of Git"
              + " LFS, run 'git lfs pull', otherwise replace or remove it",
          e);
    }
  }

  /** Returns the templates in separate files of the directory, by name. */
  private static Map<String, String> files(Path config) throws IOException {
    Map<String, String> templates = new TreeMap<>();
    Path processor = config.resolveSibling(PROCESSOR_FILE);
    if (Files.exists(processor)) {
      Object template =
          JsonCodec.readObject(Files.readString(processor)).map(o -> o.get(FIELD)).orElse(null);
      if (!(template instanceof String source)) {
        throw new IllegalArgumentException(processor + " has no text " + FIELD);
      }
      templates.put(DEFAULT, source);
    }
    Path own = config.resolveSibling(TEMPLATE_FILE);
    if (Files.exists(own)) {
      templates.put(DEFAULT, Files.readString(own));
    }
    Path directory = config.resolveSibling(DIRECTORY);
    if (Files.isDirectory(directory)) {
      try (DirectoryStream<Path> more = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
        for (Path file : more) {
          String name = String.valueOf(file.getFileName());
          templates.put(name.substring(0, name.length() - SUFFIX.length()), Files.readString(file));
        }
      }
    }
    return templates;
  }

  /**
   * Reads the configuration from JSON text.
   *
   * @throws IllegalArgumentException if the text is not a JSON object
   */
  static TokenizerConfig read(String json) {
    return new TokenizerConfig("the tokenizer configuration", json, Map.of(), Set.of());
  }

  ChatTemplate template() {
    Set<String> special = SpecialTokens.declared(fields);
    special.addAll(addedTokens);
    var tokens = new SpecialTokens(token("bos_token"), token("eos_token"), special);
    Map<String, String> sources = sources();
    if (!sources.containsKey("default")) {
      throw new IllegalArgumentException(
          name
              + (sources.isEmpty()
                  ? " has no chat_template"
                  : " has no chat_template named default")
              + ", and there is no "
              + TEMPLATE_FILE
              + " in its directory");
    }
    boolean addsBos = !Boolean.FALSE.equals(fields.get("add_bos_token"));
    return ChatTemplates.named(sources, tokens, addsBos, name);
  }

  /** Returns the templates by name. Separate files take precedence over the configuration. */
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
    sources.putAll(files);
    return sources;
  }

  private void named(Map<String, String> sources, @Nullable Object element) {
    if (element instanceof Map<?, ?> entry
        && entry.get("name") instanceof String name
        && entry.get("template") instanceof String source) {
      sources.put(name, source);
    } else {
      throw malformed("an element of chat_template has no name or no template");
    }
  }

  /**
   * Returns a token's text, which is given as text or in an object with properties; empty if
   * absent.
   */
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
