package io.github.openaikserve;

import io.github.openaikserve.anthropic.Message;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.openai.responses.Response;
import io.github.openaikserve.store.MemoryResponseStore;

/** What the page of the API shows. */
final class ApiExample {
  private ApiExample() {}

  static Response storedResponses(InferenceBackend backend) {
    var openai =
        OpenAiKServe.builder(backend)
            .model("m", Dialects.ANYSERVE)
            .responseStore(MemoryResponseStore.ofDefaults())
            .build();
    Response first = openai.responses().create(r -> r.input("Who are you?"));
    Response next = openai.responses().create(r -> r.input("And?").previousResponseId(first.id()));
    return next;
  }

  static Message messages(OpenAiKServe openai) {
    Message message =
        openai.messages().create(r -> r.model("llama").maxTokens(100).user("Hello, how are you?"));
    return message;
  }
}
