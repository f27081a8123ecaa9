package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.InvalidAnswerException;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.testing.FakeBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One code fence around an answer in a required format is taken off. */
final class FencedAnswersTest {
  private static final Map<String, @Nullable Object> ANY_OBJECT = Map.of("type", "json_object");
  private static final Map<String, @Nullable Object> ANYTHING =
      Map.of("type", "json_schema", "json_schema", Map.of("name", "any", "schema", Map.of()));

  private static OpenAiKServe openai(String... tokens) {
    return OpenAiKServe.builder(FakeBackend.tokens(tokens))
        .model("m", m -> m.dialect(Dialects.ANYSERVE).emulateResponseFormat(true))
        .build();
  }

  private static List<String> streamed(Map<String, @Nullable Object> format, String... tokens) {
    List<String> texts = new ArrayList<>();
    try (ChunkStream<ChatCompletionChunk> chunks =
        openai(tokens).chatCompletions().stream(r -> r.user("Hi").responseFormat(format))) {
      for (ChatCompletionChunk chunk : chunks) {
        if (!chunk.text().isEmpty()) {
          texts.add(chunk.text());
        }
      }
    }
    return texts;
  }

  private static String[] letters(String text) {
    return text.codePoints().mapToObj(Character::toString).toArray(String[]::new);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {
        "~```json\n{\"a\":1}\n```~,~{\"a\":1}~",
        "~```\n{\"a\":1}\n```~,~{\"a\":1}~",
        "~```JSON\r\n{\"a\":1}\r\n```\r\n~,~{\"a\":1}~",
        "~```json{\"a\":1}```~,~{\"a\":1}~",
        "~```{\"a\":1}```~,~{\"a\":1}~",
        "~ \n```json {\"a\":1} ``` \n~,~{\"a\":1}~",
        "~````json\n{\"a\":1}\n````~,~{\"a\":1}~",
        "~```json\n{\"a\":1}~,~{\"a\":1}~",
        "~```json\n{\"a\":\"```x```\"}\n```~,~{\"a\":\"```x```\"}~",
        "~{\"a\":\"```\"}~,~{\"a\":\"```\"}~",
        "~{\"a\":1}\n~,~{\"a\":1}\n~"
      })
  void aFenceIsTakenOffHoweverItIsCut(String answer, String text) {
    for (String[] tokens : List.of(new String[] {answer}, letters(answer))) {
      ChatCompletion whole =
          openai(tokens).chatCompletions().create(r -> r.user("Hi").responseFormat(ANY_OBJECT));
      assertThat(whole.text()).isEqualTo(text);
      assertThat(String.join("", streamed(ANY_OBJECT, tokens))).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '~',
      value = {
        "~```json\n[1]\n```~,~[1]~",
        "~```json\n\"a\"\n```~,~\"a\"~",
        "~```json\"a\"```~,~\"a\"~",
        "~```true```~,~true~",
        "~```json\n12\n```~,~12~"
      })
  void otherValuesThanObjectsAreInFencesToo(String answer, String text) {
    for (String[] tokens : List.of(new String[] {answer}, letters(answer))) {
      assertThat(String.join("", streamed(ANYTHING, tokens))).isEqualTo(text);
    }
  }

  @Test
  void unambiguousTextIsStreamedImmediately() {
    assertThat(streamed(ANY_OBJECT, "``", "`json\n", "{\"a\"", ":1", "}", "\n``", "`"))
        .containsExactly("{\"a\"", ":1", "}");
    assertThat(streamed(ANY_OBJECT, "{\"a\"", ":1", "}")).containsExactly("{\"a\"", ":1", "}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Here it is:\n```json\n{\"a\":1}\n```",
        "```json\n{\"a\":1}\n```\nAnything else?",
        "```json\n```json\n{\"a\":1}\n```\n```",
        "`{\"a\":1}`",
        "```"
      })
  void otherTextAroundIsNotJson(String answer) {
    assertThatExceptionOfType(InvalidAnswerException.class)
        .isThrownBy(
            () ->
                openai(letters(answer))
                    .chatCompletions()
                    .create(r -> r.user("Hi").responseFormat(ANY_OBJECT)));
  }

  @Test
  void anAnswerWithoutARequiredFormatKeepsItsFence() {
    assertThat(openai("```json\n{}\n```").chatCompletions().create(r -> r.user("Hi")).text())
        .isEqualTo("```json\n{}\n```");
  }

  @Test
  void anAnswerThatIsCutOffKeepsItsText() {
    ChatCompletion cut =
        openai(letters("```json\n{\"a\": "))
            .chatCompletions()
            .create(r -> r.user("Hi").maxTokens(14).responseFormat(ANY_OBJECT));

    assertThat(cut.text()).isEqualTo("{\"a\": ");
  }

  @Test
  void anAnswerWithASchemaIsProcessedOnAnotherThreadThanTheServersConnection() {
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    var openai =
        OpenAiKServe.builder(FakeBackend.tokens("{}")) // answers on the thread that asks
            .model(
                "m",
                m ->
                    m.dialect(Dialects.ANYSERVE)
                        .emulateResponseFormat(true)
                        .tokenCounter(
                            text -> {
                              threads.add(Thread.currentThread());
                              return 1;
                            }))
            .build();

    openai.chatCompletions().create(r -> r.user("Hi").responseFormat(ANYTHING));
    assertThat(threads).isNotEmpty().doesNotContain(Thread.currentThread());

    threads.clear();
    openai.chatCompletions().create(r -> r.user("Hi"));
    assertThat(threads).containsExactly(Thread.currentThread());
  }
}
