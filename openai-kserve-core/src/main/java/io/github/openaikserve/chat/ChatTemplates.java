package io.github.openaikserve.chat;

import io.github.openaikserve.chat.JinjaChatTemplate.Source;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.internal.jinja.JinjaException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The built-in chat templates, and readers of models' own templates.
 *
 * <p>Model servers add the BOS token to a prompt themselves. Therefore one BOS token at the very
 * beginning of a rendered prompt is omitted. It is kept by {@link #includeBosToken}, and if the
 * model's own file states that servers do not add it. Templates without support for tools reject a
 * conversation with tools with status 400. A template that contains today's date uses the machine's
 * time zone.
 */
public final class ChatTemplates {
  private static final Map<String, ChatTemplate> BY_NAME = new LinkedHashMap<>();

  /**
   * AnyServe's template: {@code System: ...}, {@code User: ...} and {@code Assistant: ...} with a
   * blank line between turns. An answer ends at a blank line followed by the heading of the next
   * turn. No tools.
   *
   * <p>Source: {@code simpx/anyserve}: {@code python/anyserve/builtins/llamacpp/openai_compat}.
   */
  public static final ChatTemplate PLAIN = new PlainTemplate();

  /**
   * ChatML: {@code <|im_start|>role}, the text, {@code <|im_end|>}. Qwen and many other models were
   * trained on it. Tool calls have the Hermes format, as in Qwen 2.5.
   */
  public static final ChatTemplate CHATML =
      builtIn(
          "chatml",
          new SpecialTokens("", "<|im_end|>", Set.of("<|endoftext|>")),
          metadata -> metadata.alsoReasoning(ReasoningFormats.THINK));

  /** Llama 2 chat. No tools. */
  public static final ChatTemplate LLAMA2 = builtIn("llama2", "<s>", "</s>");

  /**
   * Llama 3.1, 3.2 and 3.3. At most one tool call in a message. The argument {@code date_string}
   * replaces today's date in the prompt.
   */
  public static final ChatTemplate LLAMA3 =
      builtIn(
          "llama3",
          new SpecialTokens("<|begin_of_text|>", "<|eot_id|>"),
          metadata -> metadata.alsoEndingAt("<|eom_id|>"));

  /** Mistral 7B up to v0.2 and Mixtral 8x7B. No tools. */
  public static final ChatTemplate MISTRAL_V1 = builtIn("mistral-v1", "<s>", "</s>");

  /** Mistral 7B v0.3 and Mixtral 8x22B. */
  public static final ChatTemplate MISTRAL_V3 =
      builtIn("mistral-v3", new SpecialTokens("<s>", "</s>"), TemplateMetadata::trimming);

  /** Mistral Small 3 and similar models: version 7 of the template, with the Tekken tokenizer. */
  public static final ChatTemplate MISTRAL_V7 = builtIn("mistral-v7", "<s>", "</s>");

  /** Gemma 2. No tools. A system message is prepended to the first user message. */
  public static final ChatTemplate GEMMA2 = builtIn("gemma2", "<bos>", "<end_of_turn>");

  /** Gemma 3, text only. No tools. */
  public static final ChatTemplate GEMMA3 = builtIn("gemma3", "<bos>", "<end_of_turn>");

  /** Phi-3 and Phi-3.5 mini. No tools. */
  public static final ChatTemplate PHI3 = builtIn("phi3", "", "<|end|>");

  /** Phi-4. No tools. */
  public static final ChatTemplate PHI4 = builtIn("phi4", "", "<|im_end|>");

  /** Phi-4-mini. */
  public static final ChatTemplate PHI4_MINI = builtIn("phi4-mini", "", "<|end|>");

  /** DeepSeek V3. */
  public static final ChatTemplate DEEPSEEK_V3 =
      builtIn("deepseek-v3", "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>");

  /** DeepSeek R1 and models distilled from it. The prompt opens the reasoning. */
  public static final ChatTemplate DEEPSEEK_R1 =
      builtIn("deepseek-r1", "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>");

  /** Qwen 2.5. */
  public static final ChatTemplate QWEN25 = builtIn("qwen2.5", "", "<|im_end|>");

  /** Qwen 3. The model reasons unless {@code enable_thinking} is false. */
  public static final ChatTemplate QWEN3 = builtIn("qwen3", "", "<|im_end|>");

  /** Granite 3.3. The model reasons if {@code thinking} is true. */
  public static final ChatTemplate GRANITE3 = builtIn("granite3", "", "<|end_of_text|>");

  /** Command R and Command R+. No tools. */
  public static final ChatTemplate COMMAND_R =
      builtIn("command-r", "<BOS_TOKEN>", "<|END_OF_TURN_TOKEN|>");

  /** Zephyr 7B. No tools. */
  public static final ChatTemplate ZEPHYR = builtIn("zephyr", "<s>", "</s>");

  /** Vicuna 1.1 and 1.5. No tools. */
  public static final ChatTemplate VICUNA = builtIn("vicuna", "<s>", "</s>");

  /** Alpaca. No tools. */
  public static final ChatTemplate ALPACA =
      builtIn(
          "alpaca",
          new SpecialTokens("<s>", "</s>"),
          metadata -> metadata.alsoStoppingAt("### Instruction:"));

  static {
    BY_NAME.put("plain", PLAIN);
  }

  private ChatTemplates() {}

  private static ChatTemplate builtIn(String name, String bosToken, String eosToken) {
    return builtIn(name, new SpecialTokens(bosToken, eosToken), UnaryOperator.identity());
  }

  /**
   * Registers the template in the resource with this name.
   *
   * @param more adds what the source does not show
   */
  private static ChatTemplate builtIn(
      String name, SpecialTokens tokens, UnaryOperator<TemplateMetadata> more) {
    var template =
        new JinjaChatTemplate(
            () -> {
              InputStream file = ChatTemplates.class.getResourceAsStream(name + ".jinja");
              String source = unchecked(() -> text(file));
              return new Source(source, more.apply(TemplateMetadata.of(tokens)));
            });
    BY_NAME.put(name, template);
    return template;
  }

  /** Returns the built-in template with this name; empty if there is none. */
  public static Optional<ChatTemplate> byName(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** Returns the names of the built-in templates. */
  public static Set<String> names() {
    return Set.copyOf(BY_NAME.keySet());
  }

  /**
   * Returns a model's own template. Its {@code bos_token} and {@code eos_token} are empty.
   *
   * @param source a Jinja template as in Hugging Face's transformers
   * @throws IllegalArgumentException naming the line and the problem, if the template is invalid
   */
  public static ChatTemplate fromJinja(String source) {
    return fromJinja(source, "", "");
  }

  /**
   * Returns a model's own template.
   *
   * @param bosToken the text of the token that begins a prompt; empty for none
   * @param eosToken the text of the token that ends an answer; empty for none
   * @throws IllegalArgumentException naming the line and the problem, if the template is invalid
   */
  public static ChatTemplate fromJinja(String source, String bosToken, String eosToken) {
    return jinja(source, new SpecialTokens(bosToken, eosToken), "the chat template");
  }

  /**
   * Reads a model's own template from a file such as {@code chat_template.jinja}. If there is a
   * {@code tokenizer_config.json}, prefer {@link #fromTokenizerConfig(Path)}, which also reads
   * special tokens.
   *
   * @throws IllegalArgumentException naming the line and the problem, if the template is invalid
   * @throws UncheckedIOException if the file cannot be read
   */
  public static ChatTemplate fromJinja(Path file) {
    return unchecked(
        () -> jinja(Files.readString(file), new SpecialTokens("", ""), file.toString()));
  }

  /**
   * Reads a model's own template from a stream, such as a resource, and closes the stream.
   *
   * @throws IllegalArgumentException naming the line and the problem, if the template is invalid
   * @throws UncheckedIOException if the stream cannot be read
   */
  public static ChatTemplate fromJinja(InputStream source) {
    return fromJinja(unchecked(() -> text(source)));
  }

  /**
   * Reads a model's own template from Hugging Face's files: {@code tokenizer_config.json}, or
   * {@code chat_template.jinja} in the same directory, which takes precedence. Of named templates,
   * {@code tool_use} is used for conversations with tools and {@code default} for the others. The
   * special tokens in a {@code tokenizer.json} in that directory are read, too.
   *
   * @param path the configuration file or its directory
   * @throws IllegalArgumentException naming the missing or invalid part
   * @throws UncheckedIOException if a file cannot be read
   */
  public static ChatTemplate fromTokenizerConfig(Path path) {
    return unchecked(() -> TokenizerConfig.read(path).template());
  }

  /**
   * Reads a model's own template from the text of a {@code tokenizer_config.json}, such as a
   * resource, and closes the stream.
   *
   * @throws IllegalArgumentException naming the missing or invalid part
   * @throws UncheckedIOException if the stream cannot be read
   */
  public static ChatTemplate fromTokenizerConfig(InputStream json) {
    return TokenizerConfig.read(unchecked(() -> text(json))).template();
  }

  /**
   * Reads a model's own template from the header of its GGUF file. The weights are not read. Of
   * named templates, {@code tool_use} is used for conversations with tools.
   *
   * @throws IllegalArgumentException naming the missing or invalid part
   * @throws UncheckedIOException if the file cannot be read
   */
  public static ChatTemplate fromGguf(Path file) {
    return unchecked(() -> gguf(Files.newInputStream(file), file.toString()));
  }

  /**
   * Reads a model's own template from the header of a GGUF file, such as a resource, and closes the
   * stream.
   *
   * @throws IllegalArgumentException naming the missing or invalid part
   * @throws UncheckedIOException if the stream cannot be read
   */
  public static ChatTemplate fromGguf(InputStream file) {
    return unchecked(() -> gguf(file, "the GGUF file"));
  }

  private static ChatTemplate gguf(InputStream file, String name) throws IOException {
    GgufHeader header;
    Objects.requireNonNull(file, "the stream is null: the resource is missing");
    try (file) {
      header = GgufHeader.read(file, name);
    }
    if (!header.templates().containsKey("default")) {
      throw new IllegalArgumentException(name + " has no chat template");
    }
    return named(header.templates(), header.tokens(), header.addsBos(), name);
  }

  private static String text(@Nullable InputStream in) throws IOException {
    Objects.requireNonNull(in, "the stream is null: the resource is missing");
    try (in) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** A function that reads a file or a stream. */
  private interface Reading<T> {
    T read() throws IOException;
  }

  private static <T> T unchecked(Reading<T> reading) {
    try {
      return reading.read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns a copy of a template that keeps the text of the BOS token, for servers that do not add
   * the token.
   *
   * @throws IllegalArgumentException if the template was not created by this class, or does not
   *     omit a BOS token
   */
  public static ChatTemplate includeBosToken(ChatTemplate template) {
    if (template instanceof JinjaChatTemplate jinja) {
      return jinja.includeBosToken();
    }
    if (template instanceof ToolAwareTemplate pair) {
      return new ToolAwareTemplate(
          includeBosToken(pair.plain()), includeBosToken(pair.withTools()));
    }
    throw new IllegalArgumentException("this template does not omit a BOS token");
  }

  /**
   * Returns the template named {@code default}, combined with the one for tools if there is one.
   *
   * @param addsBos whether servers add the BOS token to a prompt
   */
  static ChatTemplate named(
      Map<String, String> sources, SpecialTokens tokens, boolean addsBos, String file) {
    String usual = Objects.requireNonNull(sources.get("default"));
    String withTools = sources.get("tool_use");
    ChatTemplate template = jinja(usual, tokens, "the chat template of " + file);
    if (withTools != null) {
      String whose = "the chat template tool_use of " + file;
      template = new ToolAwareTemplate(template, jinja(withTools, tokens, whose));
    }
    return addsBos ? template : includeBosToken(template);
  }

  private static ChatTemplate jinja(String source, SpecialTokens tokens, String whose) {
    try {
      var parsed = new Source(source, TemplateMetadata.of(tokens));
      return new JinjaChatTemplate(() -> parsed);
    } catch (JinjaException e) {
      throw new IllegalArgumentException(whose + " cannot be read: " + e.getMessage(), e);
    }
  }
}
