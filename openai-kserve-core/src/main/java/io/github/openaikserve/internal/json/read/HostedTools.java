package io.github.openaikserve.internal.json.read;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The types of tools that OpenAI hosts, or that only its own models use. */
public final class HostedTools {
  /**
   * The types that a tool choice can name.
   *
   * <p>Source: OpenAI's schema {@code ToolChoiceTypes}.
   */
  static final List<String> CHOICES =
      List.of(
          "apply_patch",
          "code_interpreter",
          "computer",
          "computer_use",
          "computer_use_preview",
          "file_search",
          "image_generation",
          "mcp",
          "programmatic_tool_calling",
          "shell",
          "web_search",
          "web_search_2025_08_26",
          "web_search_preview",
          "web_search_preview_2025_03_11");

  /**
   * All types.
   *
   * <p>Source: OpenAI's schema {@code Tool}.
   */
  private static final Set<String> ALL =
      Stream.concat(CHOICES.stream(), Stream.of("local_shell", "tool_search"))
          .collect(Collectors.toUnmodifiableSet());

  private HostedTools() {}

  /** Returns whether a tool of this type cannot run here. */
  public static boolean contain(String type) {
    return ALL.contains(type);
  }
}
