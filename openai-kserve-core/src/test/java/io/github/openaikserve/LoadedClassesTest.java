package io.github.openaikserve;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ToolCallFormats;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.resilience.BalancedBackend;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The number of source files with a class that a request loads, from its arrival to the last byte
 * of its answer. Nested classes belong to the file of their outer class.
 */
final class LoadedClassesTest {
  private static final String BEGIN = "=== begin";
  private static final String END = "=== end";

  /** A loaded class of this library that is not nested and belongs to no test. */
  private static final Pattern CLASS =
      Pattern.compile("\\] io\\.github\\.openaikserve\\.(?!test)([a-z.]+[A-Z]\\w*) source:");

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStreamedChatIsReadInAtMostSixtyFiles(boolean balanced) throws Exception {
    String output = outputOf(StreamedChat.class, String.valueOf(balanced));

    assertThat(output).contains("\"name\":\"f\"", "\"finish_reason\":\"tool_calls\"", "[DONE]");
    assertThat(loaded(output))
        .contains("internal.answer.GenerationDecoder", "internal.http.response.SseSink")
        .matches(files -> files.contains("resilience.EndpointCall") == balanced, "balanced")
        .hasSizeLessThanOrEqualTo(60);
  }

  private static SortedSet<String> loaded(String output) {
    String during = output.substring(output.indexOf(BEGIN), output.indexOf(END));
    return CLASS
        .matcher(during)
        .results()
        .map((MatchResult match) -> match.group(1))
        .collect(toCollection(TreeSet::new));
  }

  private static String outputOf(Class<?> program, String argument) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xlog:class+load:stdout",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName(),
                argument)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var output = process.getInputStream()) {
      return new String(output.readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * A program that streams one chat with a tool call. With the argument {@code true}, a balancer is
   * in front of the backend.
   */
  static final class StreamedChat {
    private StreamedChat() {}

    /** Runs the program. */
    public static void main(String[] args) {
      FakeBackend server =
          FakeBackend.tokens(
              "Let me see. ",
              "<tool_call>",
              "{\"name\": \"f\", \"arguments\": {\"x\": 1}}",
              "</tool_call>");
      InferenceBackend backend =
          Boolean.parseBoolean(args[0]) ? BalancedBackend.around("gpu-0", server) : server;
      OpenAiHandler handler =
          OpenAiKServe.builder(backend)
              .model(
                  "m",
                  m ->
                      m.dialect(Dialects.ANYSERVE)
                          .chatTemplate(ChatTemplates.CHATML)
                          .toolCallFormat(ToolCallFormats.HERMES)
                          .concurrencyLimit(ConcurrencyLimit.of(4)))
              .build()
              .httpHandler();
      var request =
          Requests.post(
              "/v1/chat/completions",
              """
              {"stream": true, "messages": [{"role": "user", "content": "Hi"}],
               "tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}]}
              """);

      System.out.println(BEGIN);
      ApiResponse response = handler.answer(request);
      String body = Bodies.text(response);
      System.out.println(END);
      System.out.println(body);
    }
  }
}
