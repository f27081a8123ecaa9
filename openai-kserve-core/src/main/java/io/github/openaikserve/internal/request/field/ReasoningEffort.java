package io.github.openaikserve.internal.request.field;

import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.Conversation;
import io.github.openaikserve.error.InvalidRequestException;
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
 * thinking_effort}) and Seed-OSS ({@code thinking_budget}).
 */
public final class ReasoningEffort {
  private static final String EFFORT = "reasoning_effort";
  private static final String THINKING_EFFORT = "thinking_effort";

  /** All efforts, the least first. */
  private static final List<String> EFFORTS =
      List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

  private static final List<ChatCompletionRequestMessage> QUESTION =
      List.of(ChatCompletionRequestMessage.user("Hi"));
  private static final List<String> SWITCHES = List.of("enable_thinking", "thinking");
  private static final Map<String, Integer> BUDGETS =
      Map.of("none", 0, "minimal", 512, "low", 1024, "medium", 4096, "high", 16_384);
  private static final Map<String, String> NEAREST =
      Map.of("none", "low", "minimal", "low", "xhigh", "high", "max", "high");

  private ReasoningEffort() {}

  /** Returns whether a template reads the effort from one of its variables. */
  static boolean isReadBy(ChatTemplate template) {
    return template.reads(EFFORT)
        || template.reads(THINKING_EFFORT)
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
      SWITCHES.stream().filter(template::reads).forEach(name -> arguments.put(name, tokens != 0));
    }
    return arguments;
  }

  /**
   * Returns the variables for an effort: {@code reasoning_effort} and those that the template
   * reads. If the template refuses an effort, the nearest one is used that it renders.
   */
  public static Map<String, @Nullable Object> arguments(ChatTemplate template, String effort) {
    Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
    boolean channels =
        template.format().reasoning() != null && template.format().reasoning().channels();
    arguments.put(EFFORT, channels ? NEAREST.getOrDefault(effort, effort) : effort);
    for (String name : SWITCHES) {
      if (template.reads(name)) {
        arguments.put(name, !effort.equals("none"));
      }
    }
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

  /** Replaces an effort that the template refuses; the greater one of two equally near ones. */
  private static void fit(
      ChatTemplate template, Map<String, @Nullable Object> arguments, String name, String asked) {
    int index = EFFORTS.indexOf(asked);
    if (index < 0 || renders(template, arguments)) {
      return;
    }
    for (int distance = 1; distance < EFFORTS.size(); distance++) {
      for (int near : new int[] {index + distance, index - distance}) {
        if (near >= 0 && near < EFFORTS.size()) {
          arguments.put(name, EFFORTS.get(near));
          if (renders(template, arguments)) {
            return;
          }
        }
      }
    }
    arguments.put(name, asked);
  }

  private static boolean renders(ChatTemplate template, Map<String, @Nullable Object> arguments) {
    try {
      template.render(new Conversation(QUESTION, List.of(), arguments));
      return true;
    } catch (InvalidRequestException e) {
      return false;
    }
  }
}
