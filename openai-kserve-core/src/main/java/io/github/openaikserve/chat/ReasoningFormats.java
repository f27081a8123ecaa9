package io.github.openaikserve.chat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The ways of setting reasoning apart that the library knows.
 *
 * <p>Sources: the models' own chat templates; {@code vllm-project/vllm}: {@code vllm/reasoning};
 * {@code sgl-project/sglang}: {@code python/sglang/srt/parser/reasoning_parser.py}.
 */
public final class ReasoningFormats {
  /**
   * {@code <think>} tags: DeepSeek R1, Qwen 3, QwQ, GLM-4.5, Phi-4-reasoning and others. The answer
   * begins within the reasoning where the prompt ends with the opening tag. The tags are tokens of
   * these models, and not special ones: servers leave them in the text.
   */
  public static final ReasoningFormat THINK = tagged("think", "<think>", "</think>", false);

  /** Magistral's {@code [THINK]} tags. */
  public static final ReasoningFormat MISTRAL = tagged("mistral", "[THINK]", "[/THINK]", true);

  /** Seed-OSS's {@code <seed:think>} tags. */
  public static final ReasoningFormat SEED = tagged("seed", "<seed:think>", "</seed:think>", true);

  /** Kimi's {@code ◁think▷} tags. */
  public static final ReasoningFormat KIMI = tagged("kimi", "◁think▷", "◁/think▷", true);

  /** Granite 3.3's {@code <think>} and {@code <response>} tags. */
  public static final ReasoningFormat GRANITE33 =
      new TaggedReasoning(
          "granite33",
          List.of("<think>"),
          List.of("</think>"),
          List.of("<response>", "</response>"),
          false);

  /** Granite 3.2's two headings. */
  public static final ReasoningFormat GRANITE =
      new TaggedReasoning(
          "granite",
          List.of("Here is my thought process:", "Here's my thought process:"),
          List.of("Here is my response:", "Here's my response:"),
          List.of(),
          false);

  /** Command A's tokens around thinking and response. */
  public static final ReasoningFormat COMMAND_A =
      new TaggedReasoning(
          "command_a",
          List.of("<|START_THINKING|>"),
          List.of("<|END_THINKING|>"),
          List.of("<|START_RESPONSE|>", "<|END_RESPONSE|>"),
          true);

  /** gpt-oss's channels. */
  public static final ReasoningFormat HARMONY = new HarmonyReasoning();

  private static final Map<String, ReasoningFormat> BY_NAME = new LinkedHashMap<>();

  /** What in a chat template shows which format it writes; the first that is there counts. */
  private static final Map<String, ReasoningFormat> SIGNS = new LinkedHashMap<>();

  static {
    for (ReasoningFormat format :
        List.of(THINK, MISTRAL, SEED, KIMI, GRANITE, GRANITE33, COMMAND_A, HARMONY)) {
      BY_NAME.put(format.name(), format);
    }
    SIGNS.put("<|channel|>", HARMONY);
    SIGNS.put("[THINK]", MISTRAL);
    SIGNS.put("<seed:think>", SEED);
    SIGNS.put("◁think▷", KIMI);
    SIGNS.put("<|START_THINKING|>", COMMAND_A);
    SIGNS.put("Here is my thought process:", GRANITE);
    SIGNS.put("<response></response>", GRANITE33);
    SIGNS.put("<think>", THINK);
    SIGNS.put("</think>", THINK);
  }

  private ReasoningFormats() {}

  /** Returns the format of this name; empty if there is none. */
  public static Optional<ReasoningFormat> byName(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** The names that {@link #byName} knows. */
  public static Set<String> names() {
    return Set.copyOf(BY_NAME.keySet());
  }

  /** The format that a model's Jinja chat template shows it to write; empty when it shows none. */
  public static Optional<ReasoningFormat> detect(String chatTemplate) {
    return SIGNS.entrySet().stream()
        .filter(sign -> chatTemplate.contains(sign.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static ReasoningFormat tagged(
      String name, String opening, String closing, boolean special) {
    return new TaggedReasoning(name, List.of(opening), List.of(closing), List.of(), special);
  }
}
