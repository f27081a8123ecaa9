package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ToolCallFormats;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.OpenAiHandler;
import io.github.openaikserve.resilience.ConcurrencyLimit;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A request that is answered creates no exception: the stack trace of one costs more than the rest
 * of a short answer.
 */
final class ExceptionsOfGoodRequestsTest {
  @TempDir private Path folder;

  private final OpenAiKServe openai =
      OpenAiKServe.builder(FakeBackend.tokens("Hel", "lo"))
          .model(
              "m",
              m ->
                  m.dialect(Dialects.ANYSERVE)
                      .chatTemplate(ChatTemplates.CHATML)
                      .toolCallFormat(ToolCallFormats.HERMES)
                      .concurrencyLimit(ConcurrencyLimit.of(4)))
          .build();
  private final OpenAiHandler handler = openai.httpHandler();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":true}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":true,\"n\":3}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"stream\":true,\"stop\":\"lo\"}",
      })
  void aGoodRequestCreatesNoException(String body) throws Exception {
    ApiRequest request = Requests.post("/v1/chat/completions", body);

    assertThat(exceptions(() -> assertThat(Bodies.text(handler.answer(request))).contains("He")))
        .isEmpty();
  }

  @Test
  void aStreamFromJavaCreatesNoException() throws Exception {
    assertThat(
            exceptions(
                () -> {
                  try (var chunks = openai.chatCompletions().stream(r -> r.user("Hi"))) {
                    assertThat(chunks).hasSizeGreaterThan(2);
                  }
                }))
        .isEmpty();
  }

  @Test
  void anExceptionOfTheLibraryIsRecorded() throws Exception {
    ApiRequest request = Requests.post("/v1/chat/completions", "{\"messages\":3}");

    assertThat(exceptions(() -> Bodies.text(handler.answer(request))))
        .anyMatch(thrown -> thrown.contains("InvalidRequestException"));
  }

  /** Returns the exceptions that the library creates, each with the method that does. */
  private List<String> exceptions(Runnable requests) throws Exception {
    requests.run(); // loads classes
    Path file = folder.resolve("exceptions.jfr");
    try (var recording = new Recording()) {
      recording.enable("jdk.JavaExceptionThrow").withStackTrace();
      recording.start();
      requests.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .flatMap(event -> creator(event).stream())
        .toList();
  }

  private static Optional<String> creator(RecordedEvent event) {
    RecordedStackTrace trace = event.getStackTrace();
    return trace == null
        ? Optional.empty()
        : trace.getFrames().stream()
            .map(RecordedFrame::getMethod)
            .filter(method -> method.getType().getName().startsWith("io.github.openaikserve."))
            .filter(method -> !method.getType().getName().endsWith("Exception"))
            .findFirst()
            .map(
                method ->
                    event.getClass("thrownClass").getName()
                        + " in "
                        + method.getType().getName()
                        + "."
                        + method.getName());
  }
}
