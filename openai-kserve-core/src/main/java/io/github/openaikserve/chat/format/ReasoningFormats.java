package io.github.openaikserve.chat.format;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The table of curated reasoning formats.
 *
 * <p>Sources: the models' own chat templates; {@code vllm-project/vllm}: {@code vllm/reasoning},
 * whose names most of these are.
 */
public final class ReasoningFormats {
  /**
   * {@code <think>} tags: DeepSeek R1, Qwen 3, QwQ, GLM-4.5, Phi-4-reasoning and others. The answer
   * begins within the reasoning if the prompt ends with the opening tag. The tags are ordinary
   * tokens of these models, so servers keep them in the text.
   */
  public static final ReasoningFormat THINK = think("think");

  /** Magistral's {@code [THINK]} tags. */
  public static final ReasoningFormat MISTRAL =
      ReasoningFormat.of("mistral", "[THINK]", "[/THINK]");

  /** Seed-OSS's {@code <seed:think>} tags. */
  public static final ReasoningFormat SEED =
      ReasoningFormat.of("seed", "<seed:think>", "</seed:think>");

  /** Kimi's {@code ◁think▷} tags. */
  public static final ReasoningFormat KIMI = ReasoningFormat.of("kimi", "◁think▷", "◁/think▷");

  /** Granite 3.3's {@code <think>} and {@code <response>} tags. */
  public static final ReasoningFormat GRANITE33 =
      think("granite33").content("<response>", "</response>");

  /** Granite 3.2's two headings. */
  public static final ReasoningFormat GRANITE =
      ReasoningFormat.of("granite", "Here is my thought process:", "Here is my response:")
          .also("Here's my thought process:", "Here's my response:")
          .plain();

  /** Command A's tokens around thinking and response. */
  public static final ReasoningFormat COMMAND_A = cohere("command_a");

  /** gpt-oss's channels. */
  public static final ReasoningFormat HARMONY = harmony("harmony");

  private static final Map<String, ReasoningFormat> BY_NAME = new LinkedHashMap<>();

  static {
    put(THINK, MISTRAL, SEED, KIMI, GRANITE, GRANITE33, COMMAND_A, HARMONY);
    Stream.of(
            "qwen3",
            "deepseek_v3",
            "deepseek_v4",
            "glm45",
            "glm47",
            "kimi_k2",
            "mimo",
            "nemotron_v3",
            "olmo3",
            "poolside_v1")
        .forEach(name -> put(think(name)));
    Stream.of("deepseek_r1", "holo2", "minimax_m2", "step3", "step3p5")
        .forEach(name -> put(think(name).opening()));
    put(
        think("hy_v3").also("<think:opensource>", "</think:opensource>"),
        think("hunyuan_a13b").content("<answer>", "</answer>"),
        think("ernie45").content("<response>", "</response>"),
        ReasoningFormat.of("kimi_k3", "<|open|>think<|sep|>", "<|close|>think<|sep|>")
            .content("<|open|>response<|sep|>", "<|close|>response<|sep|>"),
        ReasoningFormat.of("minimax_m3", "<mm:think>", "</mm:think>").plain(),
        ReasoningFormat.of("seed_oss", "<seed:think>", "</seed:think>"),
        ReasoningFormat.of("gemma4", "<|channel>thought", "<channel|>"),
        ReasoningFormat.of("apertus", "<|inner_prefix|>", "<|inner_suffix|>"),
        ReasoningFormat.of("solar_open", "<|think|>", "<|end|>")
            .content(List.of("<|begin|>assistant", "<|content|>"), "<|end|>"),
        ReasoningFormat.of("apriel", "Here are my reasoning steps:", "[BEGIN FINAL RESPONSE]")
            .content("", "[END FINAL RESPONSE]")
            .plain(),
        cohere("cohere_command3"),
        cohere("cohere_command4").content("<|START_TEXT|>", "<|END_TEXT|>"),
        harmony("openai_gptoss"));
  }

  private ReasoningFormats() {}

  private static void put(ReasoningFormat... formats) {
    for (ReasoningFormat format : formats) {
      BY_NAME.put(format.name(), format);
    }
  }

  /** Returns the format with this name; empty if there is none. */
  public static Optional<ReasoningFormat> byName(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** Returns the names of the formats. */
  public static Set<String> names() {
    return Set.copyOf(BY_NAME.keySet());
  }

  /**
   * Returns all formats. Of several formats with the same markers, the first one has the usual
   * name.
   */
  public static Collection<ReasoningFormat> all() {
    return Collections.unmodifiableCollection(BY_NAME.values());
  }

  private static ReasoningFormat think(String name) {
    return ReasoningFormat.of(name, "<think>", "</think>").plain();
  }

  private static ReasoningFormat cohere(String name) {
    return ReasoningFormat.of(name, "<|START_THINKING|>", "<|END_THINKING|>")
        .content("<|START_RESPONSE|>", "<|END_RESPONSE|>");
  }

  private static ReasoningFormat harmony(String name) {
    return new ReasoningFormat(name, List.of(), List.of(), List.of(), List.of(), false, true, true);
  }
}
