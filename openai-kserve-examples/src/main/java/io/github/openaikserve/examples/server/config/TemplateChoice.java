package io.github.openaikserve.examples.server.config;

import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ChatTemplates;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which chat template a name means. */
public final class TemplateChoice {
  private static final Logger log = LoggerFactory.getLogger(TemplateChoice.class);

  private TemplateChoice() {}

  /**
   * The template of that name, or in that file.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static ChatTemplate named(String name) {
    return named(name, Path::of);
  }

  /** The same with files found by {@code toFile}. */
  static ChatTemplate named(String name, Function<String, Path> toFile) {
    Optional<ChatTemplate> known = ChatTemplates.byName(name);
    if (known.isPresent()) {
      return known.get();
    }
    try {
      Path file = toFile.apply(name);
      if (name.endsWith(".jinja")) {
        return ChatTemplates.fromJinja(file);
      }
      if (name.endsWith(".json")) {
        return ChatTemplates.fromTokenizerConfig(file);
      }
      if (name.endsWith(".gguf")) {
        return ChatTemplates.fromGguf(file);
      }
    } catch (UncheckedIOException e) {
      throw new IllegalArgumentException("cannot read " + name, e);
    }
    throw new IllegalArgumentException(
        "there is no '%s', only %s and files"
            .formatted(name, ChatTemplates.names().stream().sorted().toList()));
  }

  /** A model's own template; ChatML for one that has none. */
  public static ChatTemplate of(Path gguf) {
    try {
      return ChatTemplates.fromGguf(gguf);
    } catch (IllegalArgumentException e) {
      log.warn("the model's own chat template cannot be used, ChatML is: {}", e.getMessage());
      return ChatTemplates.CHATML;
    }
  }
}
