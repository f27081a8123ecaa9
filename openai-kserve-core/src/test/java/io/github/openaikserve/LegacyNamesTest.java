package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.http.ApiResponse;
import io.github.openaikserve.testing.FakeBackend;
import io.github.openaikserve.testsupport.Bodies;
import io.github.openaikserve.testsupport.Requests;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The names of fields in the errors of {@code functions} and {@code function_call}. */
final class LegacyNamesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> PATHS =
      List.of("/v1/chat/completions", "/apply-template", "/tokenize");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'functions':[{'name':'f'}],'function_call':{'name':'g'} | function_call"
            + " | Invalid value for 'function_call': 'functions' contains no function of this name.",
        "'tools':[F],'function_call':{'name':'g'} | function_call"
            + " | Invalid value for 'function_call': 'tools' contains no function of this name.",
        "'functions':[{'name':'f'}],'tool_choice':{'type':'x'} | tool_choice.type"
            + " | Invalid value for 'tool_choice.type': expected 'function', 'custom' or 'allowed_tools'.",
        "'tools':[F],'tool_choice':{'type':'function','function':{'name':'g'}} | tool_choice"
            + " | Invalid value for 'tool_choice': 'tools' contains no function of this name.",
        "'function_call':'auto' | function_call"
            + " | Invalid value for 'function_call': 'function_call' is only allowed when 'functions' are specified.",
        "'functions':[],'function_call':'none' | function_call"
            + " | Invalid value for 'function_call': 'function_call' is only allowed when 'functions' are specified.",
        "'functions':[{'name':'f'},{'name':'a b'}] | functions[1].name"
            + " | Invalid 'functions[1].name': expected 1 to 64 letters, digits, '_' or '-'.",
      })
  void anErrorHasTheNameWithWhichTheFieldWasSent(String fields, String param, String message)
      throws IOException {
    for (String path : PATHS) {
      ApiResponse answer = chat(openai(true), path, fields);

      JsonNode error = JSON.readTree(Bodies.text(answer)).get("error");
      assertThat(answer.status()).as(path).isEqualTo(400);
      assertThat(error.get("param").asText()).as(path).isEqualTo(param);
      assertThat(error.get("message").asText()).as(path).isEqualTo(message);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"'functions':[{'name':'f'}]", "'tools':[F]"})
  void unsupportedToolsHaveTheNameWithWhichTheyWereSent(String fields) throws IOException {
    String name = fields.substring(1, fields.indexOf("':"));
    for (String path : PATHS) {
      JsonNode error = JSON.readTree(Bodies.text(chat(openai(false), path, fields))).get("error");

      assertThat(error.get("param").asText()).as(path).isEqualTo(name);
      assertThat(error.get("message").asText())
          .as(path)
          .startsWith("Unsupported parameter: '%s' is not supported".formatted(name));
    }
  }

  private static OpenAiKServe openai(boolean tools) {
    return OpenAiKServe.builder(FakeBackend.tokens("x"))
        .model(
            "m", m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.QWEN3).tools(tools))
        .build();
  }

  private static ApiResponse chat(OpenAiKServe openai, String path, String fields) {
    return openai
        .httpHandler()
        .answer(
            Requests.post(
                path,
                "{'messages':[{'role':'user','content':'Hi'}],FIELDS}"
                    .replace("FIELDS", fields)
                    .replace("[F]", "[{'type':'function','function':{'name':'f'}}]")
                    .replace('\'', '"')));
  }
}
