package io.github.openaikserve.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.proto.ModelInferRequest;
import io.github.openaikserve.grpc.proto.ModelStreamInferResponse;
import io.github.openaikserve.http.ApiRequest;
import io.github.openaikserve.http.ApiResponse;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** The handling of error messages of a real server. */
final class ServerWordsTest {
  private static final String PROMPT = "canary-prompt-7f3a";
  private static final String TOO_LONG = "Requested tokens (3750) exceed context window of 2048";

  private final Logger root = (Logger) LoggerFactory.getLogger("io.github.openaikserve");
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final @Nullable Level before = root.getLevel();

  @BeforeEach
  void listen() {
    root.setLevel(Level.INFO);
    log.start();
    root.addAppender(log);
  }

  @AfterEach
  void stopListening() {
    root.detachAppender(log);
    root.setLevel(before);
  }

  /** The form of a server's failure. */
  enum Way {
    STATUS {
      @Override
      void fail(StreamObserver<ModelStreamInferResponse> responses, String words) {
        responses.onError(Status.INTERNAL.withDescription(words).asRuntimeException());
      }
    },
    MESSAGE {
      @Override
      void fail(StreamObserver<ModelStreamInferResponse> responses, String words) {
        responses.onNext(
            ModelStreamInferResponse.newBuilder()
                .setErrorMessage("Error in stream handler: " + words)
                .build());
        responses.onCompleted();
      }
    };

    abstract void fail(StreamObserver<ModelStreamInferResponse> responses, String words);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aPromptInAServersErrorIsLoggedAtDebugOnly(Way way) throws Exception {
    for (boolean streamed : new boolean[] {false, true}) {
      String body =
          answer(
              streamed,
              (request, responses) -> way.fail(responses, "cannot tokenize: " + PROMPT + "\nmore"));

      assertThat(body).contains("cannot tokenize: " + PROMPT).doesNotContain("more");
    }

    assertThat(log.list)
        .isNotEmpty()
        .noneMatch(event -> event.getFormattedMessage().contains(PROMPT));
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aTooLongPromptIsContextLengthExceeded(Way way) throws Exception {
    for (boolean streamed : new boolean[] {false, true}) {
      assertThat(answer(streamed, (request, responses) -> way.fail(responses, TOO_LONG)))
          .startsWith("400 ")
          .contains("\"type\":\"invalid_request_error\"", "\"code\":\"context_length_exceeded\"")
          .contains("maximum context length is 2048 tokens, but the request has 3750 tokens");
    }
  }

  @Test
  void refusedCredentialsAre502AndOneWarning() throws Exception {
    assertThat(
            answer(
                false,
                (request, responses) ->
                    responses.onError(
                        Status.UNAUTHENTICATED
                            .withDescription("token s3cret is expired")
                            .asRuntimeException())))
        .startsWith("502 ")
        .contains("\"type\":\"server_error\"", "refused this server's credentials.")
        .doesNotContain("s3cret");

    assertThat(log.list)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.getLevel()).isEqualTo(Level.WARN);
              assertThat(event.getFormattedMessage())
                  .matches(
                      "request failed status=502 code=unauthenticated request=req_\\w+ model=m"
                          + " endpoint=[0-9.]+:\\d+ reason=\"The model server refused this"
                          + " server's credentials.\"");
            });
  }

  private static String answer(
      boolean streamed,
      BiConsumer<ModelInferRequest, StreamObserver<ModelStreamInferResponse>> script)
      throws Exception {
    Server server = Servers.start(ScriptedService.streaming(script));
    try (var backend = GrpcBackend.builder().target(Servers.target(server)).build()) {
      var openai = OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();
      String json =
          "{\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
              .formatted(streamed, PROMPT);
      ApiResponse response =
          openai
              .httpHandler()
              .handle(
                  new ApiRequest(
                      "POST",
                      "/v1/chat/completions",
                      Map.of(),
                      json.getBytes(StandardCharsets.UTF_8)))
              .get();
      var body = new ByteArrayOutputStream();
      response.body().writeTo(body);
      return response.status() + " " + body.toString(StandardCharsets.UTF_8);
    } finally {
      server.shutdownNow();
    }
  }
}
