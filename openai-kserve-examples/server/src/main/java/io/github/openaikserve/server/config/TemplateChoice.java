package io.github.openaikserve.server.config;

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

  /** A file's template that cannot be used, such as one with an unknown Jinja name. */
  static final class UnusableException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnusableException(IllegalArgumentException cause) {
      super(cause.getMessage(), cause);
    }
  }

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
    if (name.endsWith(".jinja") || name.endsWith(".json") || name.endsWith(".gguf")) {
      return in(toFile.apply(name), name);
    }
    throw new IllegalArgumentException(
        "there is no '%s', only %s and files"
            .formatted(name, ChatTemplates.names().stream().sorted().toList()));
  }

  private static ChatTemplate in(Path file, String name) {
    try {
      if (name.endsWith(".jinja")) {
        return ChatTemplates.fromJinja(file);
      }
      return name.endsWith(".json")
          ? ChatTemplates.fromTokenizerConfig(file)
          : ChatTemplates.fromGguf(file);
    } catch (UncheckedIOException e) {
      throw new IllegalArgumentException("cannot read " + name, e);
    } catch (IllegalArgumentException e) {
      throw new UnusableException(e);
    }
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
