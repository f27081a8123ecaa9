package io.github.openaikserve.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferCall;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A service over a fake backend, with a model that reasons and calls tools. */
final class Service {
  static final String MODEL = "qwen";

  /** A call of the tool {@code weather}, as Qwen writes it. */
  static final List<String> WEATHER_CALL =
      List.of(
          "<tool_call>\n{\"name\": \"weather\", ",
          "\"arguments\": {\"city\": ",
          "\"Paris\"}}\n</tool_call>");

  private Service() {}

  static OpenAiKServe over(FakeBackend backend) {
    return OpenAiKServe.builder(backend)
        .model(
            MODEL,
            m ->
                m.dialect(Dialects.ANYSERVE)
                    .chatTemplate(ChatTemplates.QWEN3)
                    .emulateResponseFormat(true))
        .build();
  }

  /** A server that sends one token and then nothing. */
  static FakeBackend hanging() {
    return FakeBackend.answering(call -> first(call).thenHangs());
  }

  static ScriptedResponse first(InferCall call) {
    return ScriptedResponse.of(ScriptedResponse.tokens(call, "word").responses().subList(0, 1));
  }

  static void await(BooleanSupplier reached) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!reached.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Keeps the requests that a model sends. */
  static final class Requests {
    private final List<CreateChatCompletionRequest> made = new ArrayList<>();

    synchronized void add(CreateChatCompletionRequest.Builder request) {
      made.add(request.build());
    }

    synchronized CreateChatCompletionRequest last() {
      return made.get(made.size() - 1);
    }
  }
}
