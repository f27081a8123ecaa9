package io.github.openaikserve.chat;

import io.github.openaikserve.chat.format.ModelFormat;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.jinja.JinjaException;
import io.github.openaikserve.internal.jinja.JinjaRefusal;
import io.github.openaikserve.internal.jinja.JinjaTemplate;
import io.github.openaikserve.openai.ContentPart;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A template in Jinja, rendered as Hugging Face's transformers renders it. */
final class JinjaChatTemplate implements BosChoice {
  private final JinjaTemplate template;
  private final TemplateTraits traits;
  private final boolean keepsBos;
  private final Supplier<LocalDateTime> clock;
  private final String source;
  private volatile @Nullable TemplateNeeds needs;
  private volatile @Nullable ModelFormat format;

  /**
   * Reads a template.
   *
   * @throws JinjaException naming the line and what cannot be read
   */
  JinjaChatTemplate(String source, TemplateTraits traits) {
    this(JinjaTemplate.parse(source), source, traits, null, false, LocalDateTime::now);
  }

  private JinjaChatTemplate(
      JinjaTemplate template,
      String source,
      TemplateTraits traits,
      @Nullable TemplateNeeds needs,
      boolean keepsBos,
      Supplier<LocalDateTime> clock) {
    this.template = template;
    this.source = source;
    this.traits = traits;
    this.needs = needs;
    this.keepsBos = keepsBos;
    this.clock = clock;
  }

  @Override
  public BosChoice keepingBos() {
    return new JinjaChatTemplate(template, source, traits, needs, true, clock);
  }

  /** The same at another time. */
  JinjaChatTemplate at(Supplier<LocalDateTime> clock) {
    return new JinjaChatTemplate(template, source, traits, needs, keepsBos, clock);
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

  /** Found when first asked for; two threads that both do so find the same. */
  @Override
  public ModelFormat format() {
    ModelFormat known = format;
    if (known == null) {
      known = new FormatProbe(this::rendered, source, traits, probed()).format();
      format = known;
    }
    return known;
  }

  @Override
  public Set<String> controlTokens() {
    var probe =
        new ControlTokenProbe(
            conversation -> rendered(new TemplateContext(traits, needs()).of(conversation)));
    return probe.tokens(source, traits, this);
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

  private String rendered(Map<String, ?> context) {
    return template.render(context, clock);
  }

  /** What was found by rendering; two threads that both do so find the same. */
  private TemplateNeeds probed() {
    TemplateNeeds known = needs;
    if (known == null) {
      known = new TemplateProbe(this::rendered, traits, source.contains("developer")).needs();
      needs = known;
    }
    return known;
  }

  /** Calls that the template has no place for are written as the model writes them. */
  private TemplateNeeds needs() {
    TemplateNeeds known = probed();
    boolean text = known.takesTools() && !known.takesCalls();
    return text ? known.writingCallsAs(format().toolCalls()) : known;
  }
}
