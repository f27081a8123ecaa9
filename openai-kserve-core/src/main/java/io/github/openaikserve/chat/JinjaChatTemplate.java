package io.github.openaikserve.chat;

import io.github.openaikserve.chat.format.ModelFormat;
import io.github.openaikserve.chat.format.ToolCallFormat;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.jinja.JinjaException;
import io.github.openaikserve.internal.jinja.JinjaTemplate;
import io.github.openaikserve.internal.jinja.TemplateRaisedException;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.ContentPart;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A Jinja template, rendered as in Hugging Face's transformers. */
final class JinjaChatTemplate implements ChatTemplate {
  /** A parsed template. */
  record Source(String text, JinjaTemplate template, TemplateMetadata metadata) {
    /**
     * Parses a template.
     *
     * @throws JinjaException naming the line and the problem, if the template is invalid
     */
    Source(String text, TemplateMetadata metadata) {
      this(text, JinjaTemplate.parse(text), metadata);
    }
  }

  /**
   * What the template shows of the model's answers.
   *
   * @param stops the stop sequences
   * @param endTokens those that are tokens of the model
   */
  private record Answers(ModelFormat format, List<String> stops, List<String> endTokens) {}

  private final Supplier<Source> source;
  private final Supplier<TemplateCapabilities> capabilities;
  private final Supplier<Answers> answers;
  private final boolean keepsBos;
  private final Supplier<LocalDateTime> clock;

  /** Creates a template that calls {@code source} on first use. */
  JinjaChatTemplate(Supplier<Source> source) {
    this.source = memoized(source);
    keepsBos = false;
    clock = LocalDateTime::now;
    capabilities = memoized(() -> probe().capabilities());
    answers = memoized(this::probedAnswers);
  }

  private JinjaChatTemplate(
      JinjaChatTemplate other, boolean keepsBos, Supplier<LocalDateTime> clock) {
    source = other.source;
    capabilities = other.capabilities;
    answers = other.answers;
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
    Answers known = answers.get();
    List<ContentPart.Media> media = new ArrayList<>();
    for (ChatCompletionRequestMessage message : conversation.messages()) {
      media.addAll(TemplateContext.media(message));
    }
    return new ChatPrompt(text, known.stops(), known.endTokens(), metadata.trims(text), media);
  }

  @Override
  public boolean reads(String templateArgument) {
    return source.get().template().reads(templateArgument);
  }

  @Override
  public ModelFormat format() {
    return answers.get().format();
  }

  @Override
  public Set<String> controlTokens() {
    var probe = new ControlTokenProbe(conversation -> render(context().of(conversation)));
    return probe.tokens(source.get().text(), metadata(), answers.get().stops(), this);
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
    return new TemplateProbe(this::render, metadata());
  }

  /** Renders small conversations to find the format and the end of answers. */
  private Answers probedAnswers() {
    TemplateMetadata metadata = metadata();
    TemplateCapabilities unchanged = capabilities.get().with(HistoryRules.ANY);
    var renderings = new Renderings(this::render, metadata, unchanged);
    ModelFormat format = new FormatProbe(renderings, source.get().text(), unchanged).format();
    var probe = new TurnEndProbe(renderings, format, this::reads);
    Set<String> ends = new LinkedHashSet<>(List.of(metadata.eos()));
    ends.addAll(metadata.endTokens());
    ends.removeIf(end -> end.isEmpty() || format.isMarker(end));
    ends.addAll(probe.tokens());
    List<String> stops = new ArrayList<>(ends);
    stops.addAll(metadata.stopTexts());
    return new Answers(format, List.copyOf(stops), List.copyOf(ends));
  }

  /** Tool calls that the template does not support are rendered in the model's format. */
  private TemplateContext context() {
    TemplateCapabilities known = capabilities.get();
    boolean text = known.takesTools() && !known.takesCalls();
    ToolCallFormat calls = text ? format().toolCalls() : null;
    return new TemplateContext(metadata(), known, calls);
  }
}
