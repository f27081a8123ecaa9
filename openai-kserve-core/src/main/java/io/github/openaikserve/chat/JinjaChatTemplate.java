package io.github.openaikserve.chat;

import io.github.openaikserve.chat.format.ModelFormat;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.jinja.JinjaException;
import io.github.openaikserve.internal.jinja.JinjaTemplate;
import io.github.openaikserve.internal.jinja.TemplateRaisedException;
import io.github.openaikserve.openai.ContentPart;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A Jinja template, rendered as in Hugging Face's transformers. */
final class JinjaChatTemplate implements BosAwareTemplate {
  private final JinjaTemplate template;
  private final TemplateMetadata traits;
  private final boolean keepsBos;
  private final Supplier<LocalDateTime> clock;
  private final String source;
  private volatile @Nullable TemplateCapabilities needs;
  private volatile @Nullable ModelFormat format;

  /**
   * Parses a template.
   *
   * @throws JinjaException naming the line and the problem, if the template is invalid
   */
  JinjaChatTemplate(String source, TemplateMetadata traits) {
    this(JinjaTemplate.parse(source), source, traits, null, false, LocalDateTime::now);
  }

  private JinjaChatTemplate(
      JinjaTemplate template,
      String source,
      TemplateMetadata traits,
      @Nullable TemplateCapabilities needs,
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
  public BosAwareTemplate includeBosToken() {
    return new JinjaChatTemplate(template, source, traits, needs, true, clock);
  }

  /** Returns a copy of this template with another clock. */
  JinjaChatTemplate at(Supplier<LocalDateTime> clock) {
    return new JinjaChatTemplate(template, source, traits, needs, keepsBos, clock);
  }

  @Override
  public ChatPrompt render(Conversation conversation) {
    TemplateCapabilities needs = needs();
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

  /** Returns the formats. Determined on first use; concurrent first uses find the same result. */
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
    } catch (TemplateRaisedException e) {
      throw refusal("Invalid 'messages': this model's chat template says: " + e.problem(), e);
    } catch (JinjaException e) {
      throw refusal(
          "Invalid 'messages': this model's chat template cannot render them: " + e.getMessage(),
          e);
    }
  }

  private static InvalidRequestException refusal(String message, JinjaException cause) {
    return new InvalidRequestException(400, "unsupported_value", "messages", message, cause);
  }

  private String rendered(Map<String, ?> context) {
    return template.render(context, clock);
  }

  /** Returns the needs found by probing. Concurrent first uses find the same result. */
  private TemplateCapabilities probed() {
    TemplateCapabilities known = needs;
    if (known == null) {
      known = new TemplateProbe(this::rendered, traits, source.contains("developer")).needs();
      needs = known;
    }
    return known;
  }

  /**
   * Returns the needs. Tool calls that the template does not support are rendered in the model's
   * format.
   */
  private TemplateCapabilities needs() {
    TemplateCapabilities known = probed();
    boolean text = known.takesTools() && !known.takesCalls();
    return text ? known.writingCallsAs(format().toolCalls()) : known;
  }
}
