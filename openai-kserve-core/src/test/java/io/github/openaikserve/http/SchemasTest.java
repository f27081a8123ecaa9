package io.github.openaikserve.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.openai.OpenAiSchemas;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.Bodies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers of every kind against OpenAI's own schemas. */
final class SchemasTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST | /v1/chat/completions | {'messages':[{'role':'user','content':'Hi'}]}",
        "POST | /v1/chat/completions | {'n':3,'messages':[{'role':'user','content':'Hi'}]}",
        "POST | /v1/chat/completions | {'stream':true,'n':2,'messages':[{'role':'user','content':'Hi'}]}",
        "POST | /v1/chat/completions | {'stream':true,'stream_options':{'include_usage':true},'messages':[{'role':'user','content':'Hi'}]}",
        "POST | /v1/chat/completions | {'messages':[]}",
        "POST | /v1/chat/completions | {'model':'other','messages':[{'role':'user','content':'Hi'}]}",
        "POST | /v1/completions | {'prompt':'p'}",
        "POST | /v1/completions | {'prompt':['p','q'],'n':2,'echo':true}",
        "POST | /v1/completions | {'prompt':'p','stream':true}",
        "POST | /v1/completions | {'prompt':'p','stream':true,'stream_options':{'include_usage':true}}",
        "GET | /v1/models | ''",
        "GET | /v1/models/m | ''",
        "GET | /v1/models/x | ''",
        "GET | /v1/nothing | ''",
      })
  void anAnswerIsAsOpenAisSchemaHasIt(String method, String path, String body) throws IOException {
    var openai =
        OpenAiKServe.builder(FakeBackend.tokens("a", "b")).model("m", Dialects.ANYSERVE).build();
    var checked = new CheckedHandler(openai.httpHandler());
    byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);

    ApiResponse response =
        checked.handle(new ApiRequest(method, path, Map.of(), bytes)).toCompletableFuture().join();
    assertThat(Bodies.bytes(response)).isNotEmpty();

    assertThat(checked.problems()).isEmpty();
    assertThat(checked.seen()).isPositive();
  }

  @Test
  void theCheckReportsEachViolation() throws IOException {
    var wrong =
        JSON.readTree(
            "{'id':'x','object':'chat.completion','created':1.5,'model':'m','choices':[{'index':0}]}"
                .replace('\'', '"'));

    assertThat(OpenAiSchemas.problems(wrong, false))
        .anyMatch(problem -> problem.contains("created"))
        .anyMatch(problem -> problem.contains("message"))
        .anyMatch(problem -> problem.contains("finish_reason"));
  }
}
