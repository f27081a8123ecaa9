package io.github.openaikserve.server.config;

import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.server.options.Type;
import io.github.openaikserve.server.options.Value;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A chat template of the configuration. Immutable.
 *
 * @param name the configured name or file
 * @param template empty if it cannot be used
 * @param unusable why the template cannot be used, with its place; empty if it can
 */
public record TemplateChoice(
    String name, Optional<ChatTemplate> template, Optional<String> unusable) {
  private static final Logger log = LoggerFactory.getLogger(TemplateChoice.class);

  /** Returns the template in a model's file; ChatML if the file has no usable template. */
  public static ChatTemplate of(Path gguf) {
    try {
      return ChatTemplates.fromGguf(gguf);
    } catch (IllegalArgumentException e) {
      log.warn(
          "chat template of the model not usable, using ChatML file={} reason=\"{}\"",
          gguf,
          e.getMessage());
      return ChatTemplates.CHATML;
    }
  }

  static final class Name implements Type<TemplateChoice> {
    @Override
    public TemplateChoice read(Value value) {
      String name = value.text();
      Optional<ChatTemplate> known = ChatTemplates.byName(name);
      if (known.isPresent()) {
        return new TemplateChoice(name, known, Optional.empty());
      }
      if (!name.matches(".*\\.(jinja|json|gguf)")) {
        throw value.wrong(
            "unknown chat template '%s', expected one of %s or a .jinja, .json or .gguf file"
                .formatted(name, ChatTemplates.names().stream().sorted().toList()));
      }
      try {
        return new TemplateChoice(name, Optional.of(in(value.path(name))), Optional.empty());
      } catch (UncheckedIOException e) {
        throw value.wrong("cannot read " + name);
      } catch (IllegalArgumentException e) {
        return new TemplateChoice(
            name,
            Optional.empty(),
            Optional.of(String.valueOf(value.wrong(String.valueOf(e.getMessage())).getMessage())));
      }
    }

    private static ChatTemplate in(Path file) {
      String name = file.toString();
      if (name.endsWith(".jinja")) {
        return ChatTemplates.fromJinja(file);
      }
      return name.endsWith(".json")
          ? ChatTemplates.fromTokenizerConfig(file)
          : ChatTemplates.fromGguf(file);
    }

    @Override
    public String label() {
      return "NAME|FILE";
    }
  }
}
