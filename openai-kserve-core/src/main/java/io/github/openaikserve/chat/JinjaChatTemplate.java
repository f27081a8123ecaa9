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
  private volatile @Nullable TemplateCapabilities capabilities;
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
      @Nullable TemplateCapabilities capabilities,
      boolean keepsBos,
      Supplier<LocalDateTime> clock) {
    this.template = template;
    this.source = source;
    this.traits = traits;
    this.capabilities = capabilities;
    this.keepsBos = keepsBos;
    this.clock = clock;
  }

  @Override
  public BosAwareTemplate includeBosToken() {
    return new JinjaChatTemplate(template, source, traits, capabilities, true, clock);
  }

  /** Returns a copy of this template with another clock. */
  JinjaChatTemplate at(Supplier<LocalDateTime> clock) {
    return new JinjaChatTemplate(template, source, traits, capabilities, keepsBos, clock);
  }

  @Override
  public ChatPrompt render(Conversation conversation) {
    TemplateCapabilities capabilities = capabilities();
    var context = new TemplateContext(traits, capabilities).of(conversation);
    String text = renderForRequest(context);
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
      known = new FormatProbe(this::render, source, traits, probed()).format();
      format = known;
    }
    return known;
  }

  @Override
  public Set<String> controlTokens() {
    var probe =
        new ControlTokenProbe(
            conversation -> render(new TemplateContext(traits, capabilities()).of(conversation)));
    return probe.tokens(source, traits, this);
  }

  /** Renders the template. A failure of the template becomes an error of the request. */
  private String renderForRequest(Map<String, ?> context) {
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

  /** Renders the template. Throws its failures unchanged, for probes. */
  private String render(Map<String, ?> context) {
    return template.render(context, clock);
  }

  /** Returns the capabilities found by probing. Concurrent first uses find the same result. */
  private TemplateCapabilities probed() {
    TemplateCapabilities known = capabilities;
    if (known == null) {
      known = new TemplateProbe(this::render, traits, source.contains("developer")).capabilities();
      capabilities = known;
    }
    return known;
  }

  /**
   * Returns the capabilities. Tool calls that the template does not support are rendered in the
   * model's format.
   */
  private TemplateCapabilities capabilities() {
    TemplateCapabilities known = probed();
    boolean text = known.takesTools() && !known.takesCalls();
    return text ? known.writingCallsAs(format().toolCalls()) : known;
  }
}
