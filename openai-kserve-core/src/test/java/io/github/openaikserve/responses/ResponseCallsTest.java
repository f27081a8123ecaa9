package io.github.openaikserve.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.CallDiary;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.error.BackendCode;
import io.github.openaikserve.error.BackendException;
import io.github.openaikserve.resilience.RequestLimits;
import io.github.openaikserve.store.MemoryResponseStore;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testing.ScriptedResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What listeners receive of responses, and the limits of the service. */
final class ResponseCallsTest {
  private final CallDiary diary = new CallDiary();

  private Api api(FakeBackend backend) {
    return new Api(
        Api.builder(backend)
            .responseStore(MemoryResponseStore.ofDefaults())
            .listener(diary)
            .build());
  }

  private List<String> received() {
    return diary.received().stream().filter(line -> !line.startsWith("response ")).toList();
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void aListenerReceivesOneStartAndOneEnd(boolean stream) {
    api(FakeBackend.tokens("Hel", "lo"))
        .create(
            "{'input':'Hi','stream':" + stream + ",'tools':[{'type':'web_search'}],'colour':1}");

    assertThat(received()).hasSize(3);
    assertThat(received().get(0)).isEqualTo("start m/null RESPONSE " + stream);
    assertThat(received().get(1)).startsWith("dropped").contains("tools.web_search", "colour");
    assertThat(received().get(2)).startsWith("completed [STOP]");
  }

  @Test
  void aListenerReceivesAFailure() {
    var gone = new BackendException(BackendCode.UNAVAILABLE, "gone");
    api(FakeBackend.answering(
            call ->
                ScriptedResponse.of(ScriptedResponse.tokens(call, "Hel").responses().subList(0, 1))
                    .thenFails(gone)))
        .create("{'input':'Hi','stream':true}");

    assertThat(received()).last().asString().startsWith("failed 503 unavailable");
  }

  @Test
  void aResponseInTheBackgroundIsACallToo() throws Exception {
    try (OpenAiKServe openai =
        Api.builder(FakeBackend.tokens("Hel", "lo"))
            .responseStore(MemoryResponseStore.ofDefaults())
            .listener(diary)
            .build()) {
      new Api(openai).create("{'input':'Hi','background':true}").json();
      openai.shutdown();
      assertThat(openai.awaitTermination(Duration.ofSeconds(20))).isTrue();
    }

    assertThat(received().get(0)).isEqualTo("start m/null RESPONSE false");
    assertThat(received()).last().asString().startsWith("completed [STOP]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'input':[{'role':'user','content':'a'},{'role':'user','content':'b'},{'role':'user','content':'c'}] | input",
        "'input':'Hi','tools':[{'type':'function','name':'a'},{'type':'function','name':'b'},{'type':'function','name':'c'}] | tools",
        "'input':'Hi','metadata':{'a':'1','b':'2','c':'3'} | metadata",
      })
  void theLimitsOfTheServiceHoldForResponses(String fields, String param) {
    var limits = RequestLimits.builder().messages(2).tools(2).metadata(2).build();
    Api api = new Api(Api.builder(FakeBackend.tokens("x")).requestLimits(limits).build());

    JsonNode error = api.create("{" + fields + "}").error(400);

    assertThat(error.get("param").asText()).isEqualTo(param);
    assertThat(error.get("message").asText()).contains("3").contains("2");
  }
}
