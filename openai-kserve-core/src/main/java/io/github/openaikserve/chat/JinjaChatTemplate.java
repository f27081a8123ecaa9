package io.github.openaikserve.chat;

import io.github.openaikserve.chat.format.ModelFormat;
import io.github.openaikserve.chat.format.ReasoningFormat;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.jinja.JinjaException;
import io.github.openaikserve.internal.jinja.JinjaTemplate;
import io.github.openaikserve.internal.jinja.TemplateRaisedException;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ContentPart;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A Jinja template, rendered as in Hugging Face's transformers. */
final class JinjaChatTemplate implements ChatTemplate {
  /**
   * A parsed template.
   *
   * @param endTokens the stop sequences that are tokens of the model
   */
  record Source(
      String text, JinjaTemplate template, TemplateMetadata metadata, List<String> endTokens) {
    /**
     * Parses a template.
     *
     * @throws JinjaException naming the line and the problem, if the template is invalid
     */
    Source(String text, TemplateMetadata metadata) {
      this(text, JinjaTemplate.parse(text), metadata, metadata.endTokens());
    }
  }

  /**
   * The stop sequences of a prompt.
   *
   * @param tokens those that are tokens of the model
   */
  private record Ends(List<String> all, List<String> tokens) {}

  private final Supplier<Source> source;
  private final Supplier<TemplateCapabilities> capabilities;
  private final Supplier<ModelFormat> format;
  private final Supplier<Ends> ends;
  private final boolean keepsBos;
  private final Supplier<LocalDateTime> clock;

  /** Creates a template that calls {@code source} on first use. */
  JinjaChatTemplate(Supplier<Source> source) {
    this.source = memoized(source);
    keepsBos = false;
    clock = LocalDateTime::now;
    capabilities = memoized(() -> probe().capabilities());
    format = memoized(() -> formatProbe().format());
    ends =
        memoized(
            () ->
                new Ends(
                    withoutMarkers(metadata().stopSequences()),
                    withoutMarkers(this.source.get().endTokens())));
  }

  private JinjaChatTemplate(
      JinjaChatTemplate other, boolean keepsBos, Supplier<LocalDateTime> clock) {
    source = other.source;
    capabilities = other.capabilities;
    format = other.format;
    ends = other.ends;
    this.keepsBos = keepsBos;
    this.clock = clock;
  }

  /** Returns a supplier that calls another one on first use. Concurrent first uses may both do. */
  private static <T> Supplier<T> memoized(Supplier<T> supplier) {
    var known = new AtomicReference<@Nullable T>();
    return () -> {
      T value = known.get();
      if (value == null) {
        value = supplier.get();
        known.set(value);
      }
      return value;
    };
  }

  private TemplateMetadata metadata() {
    return source.get().metadata();
  }

  /** Returns a copy of this template with the text of the BOS token. */
  JinjaChatTemplate includeBosToken() {
    return new JinjaChatTemplate(this, true, clock);
  }

  /** Returns a copy of this template with another clock. */
  JinjaChatTemplate at(Supplier<LocalDateTime> clock) {
    return new JinjaChatTemplate(this, keepsBos, clock);
  }

  @Override
  public ChatPrompt render(Conversation conversation) {
    TemplateMetadata metadata = metadata();
    String text = renderForRequest(context().of(conversation));
    if (!keepsBos && !metadata.bos().isEmpty() && text.startsWith(metadata.bos())) {
      text = text.substring(metadata.bos().length());
    }
    List<ContentPart.Media> media = new ArrayList<>();
    for (ChatCompletionRequestMessage message : conversation.messages()) {
      media.addAll(TemplateContext.media(message));
    }
    return new ChatPrompt(text, ends.get().all(), ends.get().tokens(), metadata.trims(text), media);
  }

  /**
   * Returns the stop sequences that are not markers within an answer. Harmony's end tokens are
   * markers too, but only of the last message.
   */
  private List<String> withoutMarkers(List<String> stops) {
    ReasoningFormat reasoning = stops.isEmpty() ? null : format().reasoning();
    if (stops.isEmpty() || (reasoning != null && reasoning.channels())) {
      return stops;
    }
    ToolCallFormat calls = format().toolCalls();
    String markers =
        (reasoning == null ? "" : reasoning.begins() + reasoning.pattern() + reasoning.ends())
            + (calls == null ? "" : calls.pattern());
    return stops.stream().filter(stop -> !markers.contains(stop)).toList();
  }

  @Override
  public boolean reads(String templateArgument) {
    return source.get().template().reads(templateArgument);
  }

  @Override
  public ModelFormat format() {
    return format.get();
  }

  @Override
  public Set<String> controlTokens() {
    var probe = new ControlTokenProbe(conversation -> render(context().of(conversation)));
    return probe.tokens(source.get().text(), metadata(), this);
  }

  /** Renders the template. A failure of the template becomes an error of the request. */
  private String renderForRequest(Map<String, ?> context) {
    try {
      return render(context);
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
    return source.get().template().render(context, clock);
  }

  private TemplateProbe probe() {
    return new TemplateProbe(this::render, metadata(), source.get().text().contains("developer"));
  }

  private FormatProbe formatProbe() {
    TemplateCapabilities unchanged = capabilities.get().with(HistoryRules.ANY);
    return new FormatProbe(this::render, source.get().text(), metadata(), unchanged);
  }

  /** Tool calls that the template does not support are rendered in the model's format. */
  private TemplateContext context() {
    TemplateCapabilities known = capabilities.get();
    boolean text = known.takesTools() && !known.takesCalls();
    ToolCallFormat calls = text ? format().toolCalls() : null;
    return new TemplateContext(metadata(), known, calls);
  }
}
