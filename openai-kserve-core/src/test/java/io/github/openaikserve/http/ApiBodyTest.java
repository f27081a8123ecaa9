package io.github.openaikserve.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ApiBodyTest {
  private static final InferResponse TOKEN =
      InferResponse.of(Tensor.text("token", "a"), Tensor.text("finish_reason", "null"));

  private final FakeBackend endless =
      FakeBackend.answering(call -> ScriptedResponse.of(List.of(TOKEN)).thenHangs());
  private final FakeBackend silent =
      FakeBackend.answering(call -> ScriptedResponse.of(List.of()).thenHangs());

  private static OpenAiKServe openai(FakeBackend backend) {
    return OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();
  }

  private static ApiRequest request(boolean stream) {
    String json = "{\"prompt\":\"p\",\"stream\":" + stream + "}";
    return new ApiRequest(
        "POST", "/v1/completions", Map.of(), json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aWholeBodyIsItsBytes() {
    ApiBody body = openai(FakeBackend.tokens("a", "b")).httpHandler().answer(request(false)).body();

    byte[] bytes = body.bytes();

    assertThat(bytes.length).isEqualTo((int) body.length());
    assertThat(new String(bytes, StandardCharsets.UTF_8)).contains("\"text\":\"ab\"");
  }

  @Test
  void theLengthOfAStreamIsUnknown() {
    ApiBody body = openai(FakeBackend.tokens("a")).httpHandler().answer(request(true)).body();

    assertThat(body.length()).isEqualTo(-1);
    assertThat(new String(body.bytes(), StandardCharsets.UTF_8)).endsWith("data: [DONE]\n\n");
  }

  @Test
  void aBodyIsReadAsAnInputStream() throws IOException {
    String[] tokens = "x".repeat(500).split("");
    ApiBody body = openai(FakeBackend.tokens(tokens)).httpHandler().answer(request(true)).body();

    try (InputStream in = body.inputStream()) {
      assertThat(in.read()).isEqualTo('d');
      assertThat(in.available()).isPositive();
      assertThat(in.readNBytes(5)).isEqualTo("ata: ".getBytes(StandardCharsets.UTF_8));
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .endsWith("data: [DONE]\n\n");
      assertThat(in.read()).isEqualTo(-1);
    }
  }

  @Test
  void closingTheInputStreamCancelsTheCall() throws IOException {
    InputStream in = openai(endless).httpHandler().answer(request(true)).body().inputStream();
    assertThat(in.read()).isEqualTo('d');

    in.close();

    assertThat(endless.cancellations()).isEqualTo(1);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(in::read)
        .withMessage("the body was closed");
  }

  @Test
  void anInterruptedReaderCancelsTheCall() throws IOException {
    InputStream in = openai(endless).httpHandler().answer(request(true)).body().inputStream();
    in.read();
    in.skipNBytes(in.available());

    Thread.currentThread().interrupt();

    assertThatExceptionOfType(InterruptedIOException.class).isThrownBy(in::read);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(endless.cancellations()).isEqualTo(1);
  }

  @Test
  void aBodyIsReadOnce() {
    ApiBody body = ApiBody.of(new byte[] {1, 2});

    assertThat(body.bytes()).containsExactly(1, 2);

    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(body::bytes)
        .withRootCauseInstanceOf(IllegalStateException.class);
  }

  @Test
  void anInterruptOfTheAnsweringThreadCancelsTheCall() {
    OpenAiHandler handler = openai(silent).httpHandler();

    Thread.currentThread().interrupt();
    Throwable thrown = catchThrowable(() -> handler.answer(request(true)));

    assertThat(thrown).isInstanceOf(CancellationException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(silent.cancellations()).isEqualTo(1);
  }

  @Test
  void aResponseThatArrivesAfterTheInterruptIsClosed() {
    var closed = new CompletableFuture<Boolean>();
    ApiBody body = ApiBody.streaming(subscriber -> {}, () -> closed.complete(true));
    OpenAiHandler late =
        new OpenAiHandler() {
          @Override
          public CompletableFuture<ApiResponse> handle(ApiRequest request) {
            return new CompletableFuture<>() {
              @Override
              public boolean cancel(boolean mayInterruptIfRunning) {
                complete(new ApiResponse(200, Map.of(), body));
                return false;
              }
            };
          }

          @Override
          public ApiResponse refuse(ApiRequest request, OpenAiException error) {
            throw new AssertionError(error);
          }
        };

    Thread.currentThread().interrupt();
    Throwable thrown = catchThrowable(() -> late.answer(request(true)));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(thrown).isInstanceOf(CancellationException.class);
    assertThat(closed).isCompletedWithValue(true);
  }

  @Test
  void optionsOfTheHostApplyToARequestOverHttp() {
    var backend = FakeBackend.tokens("a");
    OpenAiHandler handler =
        openai(backend)
            .with(
                o ->
                    o.requestId("order-42")
                        .timeout(Duration.ofSeconds(7))
                        .header("x-tenant", "acme")
                        .affinityKey("acme"))
            .httpHandler();
    byte[] json = "{\"prompt\":\"p\"}".getBytes(StandardCharsets.UTF_8);

    ApiResponse response =
        handler.answer(
            new ApiRequest(
                "POST", "/v1/completions", Map.of("x-request-id", List.of("theirs")), json));

    assertThat(response.headers()).containsEntry("x-request-id", "order-42");
    var call = backend.calls().get(0);
    assertThat(call.metadata())
        .containsEntry("x-request-id", "order-42")
        .containsEntry("x-tenant", "acme");
    assertThat(call.timeout()).isLessThanOrEqualTo(Duration.ofSeconds(7));
    assertThat(call.affinityKey()).isEqualTo("acme");
  }
}
