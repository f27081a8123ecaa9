package io.github.openaikserve.server.config;

import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.server.options.Type;
import io.github.openaikserve.server.options.Value;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A chat template that is named in the configuration. Immutable.
 *
 * @param name as it is configured
 * @param template empty if it cannot be used
 * @param unusable the reason, with its place; empty if the template can be used
 */
public record TemplateChoice(
    String name, Optional<ChatTemplate> template, Optional<String> unusable) {
  private static final Logger log = LoggerFactory.getLogger(TemplateChoice.class);

  /** Returns a model's own template; ChatML for a model without one that can be used. */
  public static ChatTemplate of(Path gguf) {
    try {
      return ChatTemplates.fromGguf(gguf);
    } catch (IllegalArgumentException e) {
      log.warn("the model's own chat template cannot be used, ChatML is: {}", e.getMessage());
      return ChatTemplates.CHATML;
    }
  }

  /** The name of a template, or a file. */
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
            "there is no '%s', only %s and files"
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
    public Map<String, Object> schema() {
      return Map.of("type", "string");
    }

    @Override
    public String label() {
      return "NAME|FILE";
    }
  }
}
