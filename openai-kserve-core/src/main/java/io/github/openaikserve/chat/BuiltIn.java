package io.github.openaikserve.chat;

import io.github.openaikserve.chat.format.ModelFormat;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The built-in Jinja templates and the traits of their models. A template is parsed on first use.
 */
final class BuiltIn implements BosAwareTemplate {
  static final BuiltIn LLAMA2 = new BuiltIn("llama2", "<s>", "</s>", Trait.TRIMS_ANSWER);
  static final BuiltIn LLAMA3 = new BuiltIn("llama3", "<|begin_of_text|>", "<|eot_id|>");
  static final BuiltIn MISTRAL_V1 = new BuiltIn("mistral-v1", "<s>", "</s>", Trait.TRIMS_ANSWER);
  static final BuiltIn MISTRAL_V3 =
      new BuiltIn("mistral-v3", "<s>", "</s>", Trait.SHORT_IDS, Trait.TRIMS_ANSWER);
  static final BuiltIn MISTRAL_V7 = new BuiltIn("mistral-v7", "<s>", "</s>", Trait.SHORT_IDS);
  static final BuiltIn GEMMA2 = new BuiltIn("gemma2", "<bos>", "<end_of_turn>");
  static final BuiltIn GEMMA3 = new BuiltIn("gemma3", "<bos>", "<end_of_turn>");
  static final BuiltIn PHI3 = new BuiltIn("phi3", "", "<|end|>");
  static final BuiltIn PHI4 = new BuiltIn("phi4", "", "<|im_end|>");
  static final BuiltIn PHI4_MINI = new BuiltIn("phi4-mini", "", "<|end|>");
  static final BuiltIn DEEPSEEK_V3 =
      new BuiltIn("deepseek-v3", "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>");
  static final BuiltIn DEEPSEEK_R1 =
      new BuiltIn("deepseek-r1", "<｜begin▁of▁sentence｜>", "<｜end▁of▁sentence｜>");
  static final BuiltIn QWEN25 = new BuiltIn("qwen2.5", "", "<|im_end|>");
  static final BuiltIn QWEN3 = new BuiltIn("qwen3", "", "<|im_end|>");
  static final BuiltIn GRANITE3 = new BuiltIn("granite3", "", "<|end_of_text|>");
  static final BuiltIn COMMAND_R = new BuiltIn("command-r", "<BOS_TOKEN>", "<|END_OF_TURN_TOKEN|>");
  static final BuiltIn ZEPHYR = new BuiltIn("zephyr", "<s>", "</s>");
  static final BuiltIn VICUNA = new BuiltIn("vicuna", "<s>", "</s>", Trait.TRIMS_ANSWER);
  static final BuiltIn ALPACA = new BuiltIn("alpaca", "<s>", "</s>", Trait.TRIMS_ANSWER);
  static final List<BuiltIn> ALL =
      List.of(
          LLAMA2,
          LLAMA3,
          MISTRAL_V1,
          MISTRAL_V3,
          MISTRAL_V7,
          GEMMA2,
          GEMMA3,
          PHI3,
          PHI4,
          PHI4_MINI,
          DEEPSEEK_V3,
          DEEPSEEK_R1,
          QWEN25,
          QWEN3,
          GRANITE3,
          COMMAND_R,
          ZEPHYR,
          VICUNA,
          ALPACA);

  private final String id;
  private final String bos;
  private final String eos;
  private final Set<Trait> traits;
  private volatile @Nullable JinjaChatTemplate template;

  private BuiltIn(String id, String bos, String eos, Trait... traits) {
    this.id = id;
    this.bos = bos;
    this.eos = eos;
    this.traits = Set.of(traits);
  }

  /** Returns the name in configurations. */
  String id() {
    return id;
  }

  @Override
  public ChatPrompt render(Conversation conversation) {
    return template().render(conversation);
  }

  @Override
  public BosAwareTemplate includeBosToken() {
    return template().includeBosToken();
  }

  @Override
  public boolean reads(String templateArgument) {
    return template().reads(templateArgument);
  }

  @Override
  public ModelFormat format() {
    return template().format();
  }

  @Override
  public Set<String> controlTokens() {
    return template().controlTokens();
  }

  /** Returns the template. Parsed on first use; concurrent first uses parse the same source. */
  JinjaChatTemplate template() {
    JinjaChatTemplate known = template;
    if (known == null) {
      known = new JinjaChatTemplate(source(), templateTraits());
      template = known;
    }
    return known;
  }

  private TemplateMetadata templateTraits() {
    return new TemplateMetadata(
        bos,
        eos,
        Set.of(),
        stopSequences(),
        traits.contains(Trait.TRIMS_ANSWER),
        traits.contains(Trait.SHORT_IDS));
  }

  private List<String> stopSequences() {
    List<String> stops = new ArrayList<>(List.of(eos));
    if (id.equals("llama3")) {
      stops.add("<|eom_id|>"); // end of message: a tool result follows in the same turn
    } else if (id.equals("alpaca")) {
      stops.add("### Instruction:");
    }
    return stops;
  }

  private String source() {
    String file = id + ".jinja";
    try (InputStream in = BuiltIn.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + " is missing in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private enum Trait {
    SHORT_IDS,
    TRIMS_ANSWER
  }
}
