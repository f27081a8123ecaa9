package io.github.openaikserve.server.command;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.ModelCheck;
import io.github.openaikserve.dialect.ModelSettings;
import io.github.openaikserve.server.config.ChatConfig;
import io.github.openaikserve.server.config.ModelConfig;
import io.github.openaikserve.server.config.ServerConfig;
import io.github.openaikserve.server.config.TemplateChoice;
import io.github.openaikserve.server.service.StartCheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The report of the command {@code check} about one model. Immutable.
 *
 * @param settings empty if the dialect is not known
 * @param template the name of the chat template
 */
record ModelReport(ModelCheck check, Optional<ModelSettings> settings, String template) {
  static ModelReport of(ModelCheck check, OpenAiKServe openai, ServerConfig config) {
    return new ModelReport(check, openai.settings(check.model()), template(check, config));
  }

  private static String template(ModelCheck check, ServerConfig config) {
    Optional<ModelConfig> model =
        config.models().stream().filter(m -> m.id().equals(check.model())).findFirst();
    Optional<ChatConfig> chat =
        model
            .map(ModelConfig::chat)
            .or(() -> config.discover().stream().findFirst().map(each -> each.chat()));
    boolean embedded =
        model.isPresent() && config.backend(model.get().backend().orElse("")).worker().embedded();
    return chat.flatMap(ChatConfig::chatTemplate)
        .map(TemplateChoice::name)
        .orElse(embedded ? "the model's own" : "plain");
  }

  /** Returns the report as lines; the first one has the outcome. */
  List<String> lines() {
    List<String> lines = new ArrayList<>(List.of(StartCheck.line(check)));
    settings.ifPresent(
        known -> {
          lines.add("  dialect: " + dialects(known) + " (" + known.reason() + ")");
          if (known.dialect() != null) {
            lines.add(
                "  streaming: %s, chat template: %s, tool calls: %s, reasoning: %s"
                    .formatted(
                        known.streams() ? "yes" : "no, a streamed answer arrives as one chunk",
                        template,
                        orNone(known.toolCalls()),
                        orNone(known.reasoning())));
            known.evidence().forEach(sentence -> lines.add("  " + sentence));
          }
        });
    return lines;
  }

  private static String dialects(ModelSettings known) {
    List<String> names = new ArrayList<>();
    if (known.dialect() != null) {
      names.add(known.dialect());
    }
    known.others().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(other -> names.add(other.getValue() + " for " + other.getKey().apiName()));
    return String.join(", ", names);
  }

  private static String orNone(@Nullable String name) {
    return name == null ? "none" : name;
  }

  Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("model", check.model());
    json.put("outcome", check.outcome().value());
    json.put("ok", check.isGood());
    json.put("findings", check.findings());
    if (settings.isPresent()) {
      ModelSettings known = settings.get();
      json.put("dialect", known.dialect());
      json.put("embeddings", known.embeddings());
      Map<String, @Nullable Object> others = new TreeMap<>();
      known.others().forEach((kind, name) -> others.put(kind.apiName(), name));
      json.put("tensors", others);
      json.put("reason", known.reason());
      json.put("streaming", known.streams());
      json.put("chat_template", template);
      json.put("tool_calls", known.toolCalls());
      json.put("reasoning", known.reasoning());
      json.put("evidence", known.evidence());
    }
    return json;
  }
}
