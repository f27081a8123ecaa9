package io.github.openaikserve.chat;

import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.jinja.JinjaException;
import io.github.openaikserve.internal.jinja.JinjaRefusal;
import io.github.openaikserve.internal.jinja.JinjaTemplate;
import io.github.openaikserve.openai.ContentPart;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A template in Jinja, rendered as Hugging Face's transformers renders it. */
final class JinjaChatTemplate implements BosChoice {
  private final JinjaTemplate template;
  private final TemplateTraits traits;
  private final boolean keepsBos;
  private final Supplier<LocalDateTime> clock;
  private volatile @Nullable TemplateNeeds needs;

  JinjaChatTemplate(JinjaTemplate template, TemplateTraits traits, @Nullable TemplateNeeds needs) {
    this(template, traits, needs, false, LocalDateTime::now);
  }

  private JinjaChatTemplate(
      JinjaTemplate template,
      TemplateTraits traits,
      @Nullable TemplateNeeds needs,
      boolean keepsBos,
      Supplier<LocalDateTime> clock) {
    this.template = template;
    this.traits = traits;
    this.needs = needs;
    this.keepsBos = keepsBos;
    this.clock = clock;
  }

  @Override
  public BosChoice keepingBos() {
    return new JinjaChatTemplate(template, traits, needs, true, clock);
  }

  /** The same at another time. */
  JinjaChatTemplate at(Supplier<LocalDateTime> clock) {
    return new JinjaChatTemplate(template, traits, needs, keepsBos, clock);
  }

  @Override
  public ChatPrompt render(Conversation conversation) {
    TemplateNeeds needs = needs();
    var context = new TemplateContext(traits, needs).of(conversation);
    String text = written(context);
    if (!keepsBos && !traits.bos().isEmpty() && text.startsWith(traits.bos())) {
      text = text.substring(traits.bos().length());
    }
    List<ContentPart.Media> media =
        conversation.messages().stream().map(TemplateContext::media).flatMap(List::stream).toList();
    return new ChatPrompt(
        text, traits.stopSequences(), traits.endTokens(), traits.trims(text), media);
  }

  @Override
  public boolean reads(String templateArgument) {
    return template.reads(templateArgument);
  }

  @Override
  public Optional<ToolCallFormat> toolCallFormat() {
    return traits.toolCallFormat();
  }

  @Override
  public Optional<ReasoningFormat> reasoningFormat() {
    return traits.reasoningFormat();
  }

  private String written(Map<String, ?> context) {
    try {
      return template.render(context, clock);
    } catch (JinjaRefusal e) {
      throw refusal("Invalid 'messages': this model's chat template says: " + e.problem(), e);
    } catch (JinjaException e) {
      throw refusal(
          "Invalid 'messages': this model's chat template cannot write them down: "
              + e.getMessage(),
          e);
    }
  }

  private static InvalidRequestException refusal(String message, JinjaException cause) {
    return new InvalidRequestException(400, "unsupported_value", "messages", message, cause);
  }

  /** Found when first asked for; two threads that both do so find the same. */
  private TemplateNeeds needs() {
    TemplateNeeds known = needs;
    if (known == null) {
      known = new TemplateProbe(context -> template.render(context, clock), traits).needs();
      needs = known;
    }
    return known;
  }
}
