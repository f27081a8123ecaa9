package io.github.openaikserve.internal.request.field;

import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.Conversation;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.fields.FieldChecks;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The mapping of OpenAI's {@code reasoning_effort} to variables of chat templates. Efforts are
 * {@code none}, {@code minimal}, {@code low}, {@code medium}, {@code high}, {@code xhigh} and
 * {@code max}.
 *
 * <p>Sources: the templates of gpt-oss ({@code reasoning_effort}), Qwen 3 and GLM ({@code
 * enable_thinking}), DeepSeek V3.1 and Granite ({@code thinking}), Kimi K3 ({@code
 * thinking_effort}), MiniMax-M3 ({@code thinking_mode}) and Seed-OSS ({@code thinking_budget}).
 */
public final class ReasoningEffort {
  private static final String EFFORT = "reasoning_effort";
  private static final String THINKING_EFFORT = "thinking_effort";
  private static final String THINKING_MODE = "thinking_mode";

  private static final List<ChatCompletionRequestMessage> QUESTION =
      List.of(ChatCompletionRequestMessage.user("Hi"));
  private static final List<String> SWITCHES = List.of("enable_thinking", "thinking");
  private static final Map<String, Integer> BUDGETS =
      Map.of("none", 0, "minimal", 512, "low", 1024, "medium", 4096, "high", 16_384);

  /** An effort that no template knows. */
  private static final String UNKNOWN = "unknown_effort";

  /**
   * The efforts that mean about the same as another one, the best first. More than {@code medium}
   * never becomes less, and less never becomes more.
   */
  private static final Map<String, List<String>> SIMILAR =
      Map.of(
          "none", List.of("none", "no_think", "minimal", "low"),
          "minimal", List.of("minimal", "low"),
          "low", List.of("low", "minimal"),
          "xhigh", List.of("xhigh", "high"),
          "max", List.of("max", "xhigh", "high"));

  private static final Map<String, String> NEAREST =
      Map.of("none", "low", "minimal", "low", "xhigh", "high", "max", "high");

  private ReasoningEffort() {}

  /** Returns whether a template reads the effort from one of its variables. */
  static boolean isReadBy(ChatTemplate template) {
    return template.reads(EFFORT)
        || template.reads(THINKING_EFFORT)
        || template.reads(THINKING_MODE)
        || template.reads("thinking_budget")
        || SWITCHES.stream().anyMatch(template::reads);
  }

  /**
   * Returns the variables for a reasoning budget, if the template reads them.
   *
   * @param switches whether the budget also turns reasoning on or off; a default budget of a model
   *     only limits it
   */
  public static Map<String, @Nullable Object> budget(
      ChatTemplate template, int tokens, boolean switches) {
    Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
    if (template.reads("thinking_budget")) {
      arguments.put("thinking_budget", tokens);
    }
    if (switches) {
      turn(template, arguments, tokens != 0);
    }
    return arguments;
  }

  /**
   * Returns the variables for an effort: {@code reasoning_effort} and those that the template
   * reads. An effort that the template does not know is replaced by a similar one.
   */
  public static Map<String, @Nullable Object> arguments(ChatTemplate template, String effort) {
    Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
    boolean channels =
        template.format().reasoning() != null && template.format().reasoning().channels();
    arguments.put(EFFORT, channels ? NEAREST.getOrDefault(effort, effort) : effort);
    turn(template, arguments, !effort.equals("none"));
    if (template.reads(THINKING_EFFORT) && !effort.equals("none")) {
      String nearest = effort.equals("xhigh") ? "max" : effort;
      arguments.put(THINKING_EFFORT, effort.equals("minimal") ? "low" : nearest);
    }
    if (template.reads("thinking_budget") && BUDGETS.containsKey(effort)) {
      arguments.put("thinking_budget", BUDGETS.get(effort));
    }
    for (String name : List.of(EFFORT, THINKING_EFFORT)) {
      if (template.reads(name) && arguments.get(name) instanceof String asked) {
        fit(template, arguments, name, asked);
      }
    }
    return arguments;
  }

  /** Turns reasoning on or off with the variables that the template reads. */
  private static void turn(
      ChatTemplate template, Map<String, @Nullable Object> arguments, boolean on) {
    SWITCHES.stream().filter(template::reads).forEach(name -> arguments.put(name, on));
    if (template.reads(THINKING_MODE)) {
      arguments.put(THINKING_MODE, on ? "enabled" : "disabled");
    }
  }

  /**
   * Replaces an effort that the template does not know by one that means about the same. If the
   * template knows none of those, an effort that it refuses is replaced by the nearest one that it
   * renders, the greater one of two equally near ones.
   */
  private static void fit(
      ChatTemplate template, Map<String, @Nullable Object> arguments, String name, String asked) {
    String unknown = rendered(template, arguments, name, UNKNOWN);
    for (String effort : SIMILAR.getOrDefault(asked, List.of(asked))) {
      String rendered = rendered(template, arguments, name, effort);
      if (rendered != null && !rendered.equals(unknown)) {
        return;
      }
    }
    int index = FieldChecks.EFFORTS.indexOf(asked);
    for (int distance = 0; index >= 0 && distance < FieldChecks.EFFORTS.size(); distance++) {
      for (int near : new int[] {index + distance, index - distance}) {
        if (near >= 0
            && near < FieldChecks.EFFORTS.size()
            && rendered(template, arguments, name, FieldChecks.EFFORTS.get(near)) != null) {
          return;
        }
      }
    }
    arguments.put(name, asked);
  }

  /** Sets an effort. Returns a prompt with it; null if the template refuses it. */
  private static @Nullable String rendered(
      ChatTemplate template, Map<String, @Nullable Object> arguments, String name, String effort) {
    arguments.put(name, effort);
    try {
      return template.render(new Conversation(QUESTION, List.of(), arguments)).text();
    } catch (InvalidRequestException e) {
      return null;
    }
  }
}
