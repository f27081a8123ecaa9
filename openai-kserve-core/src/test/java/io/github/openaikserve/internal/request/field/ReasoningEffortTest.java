package io.github.openaikserve.internal.request.field;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.chat.ChatTemplate;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.Conversation;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What templates that know different efforts make of each effort. */
final class ReasoningEffortTest {
  private static final List<String> EFFORTS =
      List.of("none", "minimal", "low", "medium", "high", "xhigh", "max");

  /** The templates have the forms of those in the comments. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        // Solar Open: an unknown effort is high
        "{{ 'off' if reasoning_effort in ['low', 'minimal'] else 'on' }};"
            + " off, off, off, on, on, on, on",
        // Hy3: an unknown effort is refused
        "{% if reasoning_effort not in ['high', 'low', 'no_think'] %}{{ raise_exception('no') }}"
            + "{% endif %}{{ reasoning_effort }}; no_think, low, low, high, high, high, high",
        // DeepSeek V4: an unknown effort is ordinary
        "{% set e = reasoning_effort %}{{ e if thinking and e in ['high', 'max'] else thinking }};"
            + " False, True, True, True, high, high, max",
        // gpt-oss, without its channels: every effort is written
        "{{ reasoning_effort }}; none, minimal, low, medium, high, xhigh, max",
        // Mistral
        "{% if reasoning_effort not in ['none', 'high'] %}{{ raise_exception('no') }}{% endif %}"
            + "{{ reasoning_effort }}; none, none, high, high, high, high, high",
        // MiniMax-M3
        "{{ thinking_mode }}; disabled, enabled, enabled, enabled, enabled, enabled, enabled",
        // a template that knows only more than usual
        "{{ 'more' if reasoning_effort == 'high' else 'usual' }};"
            + " usual, usual, usual, usual, more, more, more",
      })
  void everyEffortMeansWhatTheTemplateHasForIt(String source, String expected) {
    ChatTemplate template = ChatTemplates.fromJinja(source + "{{ messages | length }}");
    List<String> prompts = new ArrayList<>();
    for (String effort : EFFORTS) {
      Map<String, ?> arguments = ReasoningEffort.arguments(template, effort);
      var conversation =
          new Conversation(
              List.of(ChatCompletionRequestMessage.user("Hi")), List.of(), Map.copyOf(arguments));
      prompts.add(template.render(conversation).text().replace("1", ""));
    }

    assertThat(String.join(", ", prompts)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"0, disabled", "512, enabled"})
  void aBudgetTurnsReasoningOnOrOff(int tokens, String expected) {
    ChatTemplate template = ChatTemplates.fromJinja("{{ thinking_mode }}");

    assertThat(ReasoningEffort.budget(template, tokens, true))
        .containsEntry("thinking_mode", expected);
    assertThat(ReasoningEffort.budget(template, tokens, false)).isEmpty();
  }
}
