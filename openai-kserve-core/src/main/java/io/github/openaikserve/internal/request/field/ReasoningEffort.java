package io.github.openaikserve.internal.request.field;

import io.github.openaikserve.chat.ChatTemplate;
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
  private static final List<String> SWITCHES = List.of("enable_thinking", "thinking");
  private static final Map<String, Integer> BUDGETS =
      Map.of("none", 0, "minimal", 512, "low", 1024, "medium", 4096, "high", 16_384);
  private static final Map<String, String> NEAREST =
      Map.of("none", "low", "minimal", "low", "xhigh", "high", "max", "high");

  private ReasoningEffort() {}

  /** Returns whether a template reads the effort from one of its variables. */
  static boolean isReadBy(ChatTemplate template) {
    return template.reads(EFFORT)
        || template.reads("thinking_effort")
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
   * reads.
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
    if (template.reads("thinking_effort") && !effort.equals("none")) {
      String nearest = effort.equals("xhigh") ? "max" : effort;
      arguments.put("thinking_effort", effort.equals("minimal") ? "low" : nearest);
    }
    if (template.reads("thinking_budget") && BUDGETS.containsKey(effort)) {
      arguments.put("thinking_budget", BUDGETS.get(effort));
    }
    return arguments;
  }
}
