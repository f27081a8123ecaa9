package io.github.openaikserve.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.agent.tool.P;
import dev.langchain4j.agent.tool.Tool;
import dev.langchain4j.model.chat.Capability;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.TokenStream;
import io.github.openaikserve.testing.FakeBackend;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** LangChain4j's AI Services over the models. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class AiServicesTest {
  interface Assistant {
    String answer(String question);
  }

  interface StreamingAssistant {
    TokenStream answer(String question);
  }

  record Person(String name, int age) {}

  interface Extractor {
    Person person(String text);
  }

  static final class Weather {
    @Tool("Tells the weather.")
    String weather(@P("the city") String city) {
      return city + " is sunny.";
    }
  }

  @Test
  void aToolIsCalledAndItsResultIsSent() {
    FakeBackend backend = FakeBackend.answers(Service.WEATHER_CALL, List.of("It", " is sunny."));
    Assistant assistant =
        AiServices.builder(Assistant.class)
            .chatModel(KServeChatModel.builder(Service.over(backend)).build())
            .tools(new Weather())
            .build();

    assertThat(assistant.answer("What is the weather in Paris?")).isEqualTo("It is sunny.");
    assertThat(prompt(backend, 0)).contains("Tells the weather.");
    assertThat(prompt(backend, 1)).contains("Paris is sunny.");
  }

  @Test
  void aToolIsCalledWithinAStream() {
    FakeBackend backend = FakeBackend.answers(Service.WEATHER_CALL, List.of("It", " is sunny."));
    StreamingAssistant assistant =
        AiServices.builder(StreamingAssistant.class)
            .streamingChatModel(KServeStreamingChatModel.builder(Service.over(backend)).build())
            .tools(new Weather())
            .build();
    var text = new StringBuilder();
    var whole = new CompletableFuture<ChatResponse>();

    assistant
        .answer("What is the weather in Paris?")
        .onPartialResponse(text::append)
        .onCompleteResponse(whole::complete)
        .onError(whole::completeExceptionally)
        .start();

    assertThat(whole.join().aiMessage().text()).isEqualTo("It is sunny.");
    assertThat(text).hasToString("It is sunny.");
    assertThat(prompt(backend, 1)).contains("Paris is sunny.");
  }

  @Test
  void anAnswerBecomesAnObjectBySchema() {
    FakeBackend backend = FakeBackend.tokens("{\"name\": \"Ann\", ", "\"age\": 7}");
    var requests = new Service.Requests();
    Extractor extractor =
        AiServices.create(
            Extractor.class,
            KServeChatModel.builder(Service.over(backend))
                .supportedCapabilities(Capability.RESPONSE_FORMAT_JSON_SCHEMA)
                .changeRequests(requests::add)
                .build());

    assertThat(extractor.person("Ann is seven.")).isEqualTo(new Person("Ann", 7));
    assertThat(requests.last().responseFormat()).containsEntry("type", "json_schema");
    assertThat(String.valueOf(requests.last().responseFormat())).contains("Person", "integer");
  }

  @Test
  void withoutTheCapabilityThePromptDescribesTheObject() {
    FakeBackend backend = FakeBackend.tokens("{\"name\": \"Ann\", \"age\": 7}");
    Extractor extractor =
        AiServices.create(Extractor.class, KServeChatModel.builder(Service.over(backend)).build());

    assertThat(extractor.person("Ann is seven.")).isEqualTo(new Person("Ann", 7));
    assertThat(prompt(backend, 0)).contains("JSON").contains("age");
  }

  private static String prompt(FakeBackend backend, int call) {
    return backend.calls().get(call).request().inputs().get(0).texts().get(0);
  }
}
