package io.github.openaikserve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.ChatCompletionTool;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import io.github.openaikserve.openai.Embedding;
import io.github.openaikserve.openai.EncodingFormat;
import io.github.openaikserve.testing.FakeBackend;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OpenAiJsonTest {
  private static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] json) {
    return new String(json, StandardCharsets.UTF_8).replace('"', '\'');
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'messages':[{'role':'user','content':'Hi','name':'n','cache':{'a':[null,1.5]}}]}",
        "{'model':'m','messages':[{'role':'developer','content':'s'},{'role':'system','content':[{'type':'text','text':'s'}],'name':'x'}]}",
        "{'messages':[{'role':'user','content':[{'type':'text','text':'a'},{'type':'image_url','image_url':{'url':'data:,'}}]}]}",
        "{'messages':[{'role':'assistant','refusal':'no'},{'role':'assistant','content':null,'tool_calls':[{'id':'1','type':'function','function':{'name':'f','arguments':'{}'}}]},{'role':'tool','content':'r','tool_call_id':'1'}]}",
        "{'messages':[{'role':'assistant','content':'x','function_call':{'name':'f','arguments':'{}'}},{'role':'function','content':null,'name':'f'}],'functions':[{'name':'f','parameters':{'type':'object'}}],'function_call':{'name':'f'}}",
        "{'messages':[{'role':'user','content':'x'}],'functions':[{'name':'f'}],'function_call':'auto'}",
        "{'messages':[{'role':'user','content':'x'}],'tools':[{'type':'function','function':{'name':'f','strict':true}},{'type':'custom','custom':{'name':'c'}}],'tool_choice':{'type':'function','function':{'name':'f'}},'parallel_tool_calls':false}",
        "{'messages':[{'role':'user','content':'x'}],'max_tokens':1,'max_completion_tokens':2,'temperature':0.7,'top_p':1,'n':2,'stop':'a','stream':true,'stream_options':{'include_usage':true},'presence_penalty':-1.5,'frequency_penalty':2,'logit_bias':{'1':3,'2':-0.5},'logprobs':true,'top_logprobs':3,'seed':-9007199254740993}",
        "{'messages':[{'role':'user','content':'x'}],'stream':true,'stream_options':{},'response_format':{'type':'json_schema','json_schema':{'name':'n','schema':{'anyOf':[{'type':'null'}]}}},'reasoning_effort':'low','user':'u','metadata':{'a':'b'},'top_k':4,'unknown':null}"
      })
  void aChatRequestIsReadAsItWasWritten(String json) {
    CreateChatCompletionRequest request = OpenAiJson.readChatCompletionRequest(bytes(json));

    byte[] written = OpenAiJson.write(request);

    assertThat(OpenAiJson.readChatCompletionRequest(written)).isEqualTo(request);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'prompt':'p'}",
        "{'prompt':['','b'],'echo':true,'best_of':2,'suffix':'s','logprobs':0}",
        "{'prompt':[1,2],'model':'m','max_tokens':0,'stop':['a','b'],'user':'u'}",
        "{'prompt':[[1],[2,3]],'stream':true,'stream_options':{'include_usage':false},'seed':1}"
      })
  void aCompletionRequestIsReadAsItWasWritten(String json) {
    CreateCompletionRequest request = OpenAiJson.readCompletionRequest(bytes(json));

    assertThat(OpenAiJson.readCompletionRequest(OpenAiJson.write(request))).isEqualTo(request);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'input':'i'}",
        "{'input':['a','b'],'model':'m','encoding_format':'base64','dimensions':3,'user':'u'}",
        "{'input':[1,2]}",
        "{'input':[[1],[2]],'encoding_format':'float'}"
      })
  void anEmbeddingRequestIsReadAsItWasWritten(String json) {
    CreateEmbeddingRequest request = OpenAiJson.readEmbeddingRequest(bytes(json));

    assertThat(OpenAiJson.readEmbeddingRequest(OpenAiJson.write(request))).isEqualTo(request);
  }

  @Test
  void anExtraFieldDoesNotChangeHowToolsAreWritten() {
    var request =
        CreateChatCompletionRequest.builder()
            .user("Hi")
            .tool(ChatCompletionTool.function("f", null, null))
            .extra("functions", true);

    assertThat(text(OpenAiJson.write(request.build())))
        .contains("'functions':true", "'tools':[{'type':'function','function':{'name':'f'}}]");
  }

  @Test
  void optionsOfAJavaStreamAreLeftOutWhereHttpForbidsThem() {
    var request = CreateCompletionRequest.builder().prompt("p").includeUsage();

    assertThat(text(OpenAiJson.write(request.build()))).isEqualTo("{'prompt':'p'}");
    assertThat(text(OpenAiJson.write(request.stream(true).build())))
        .contains("'stream_options':{'include_usage':true}");
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void aNumberThatJsonDoesNotHaveIsRefused(double number) {
    var request = CreateChatCompletionRequest.builder().user("Hi").extra("x", number).build();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> OpenAiJson.write(request))
        .withMessageContaining("not a JSON value");
  }

  @Test
  void answersAreWrittenAsTheHttpApiWritesThem() {
    var openai =
        OpenAiKServe.builder(FakeBackend.tokens("a"))
            .model("m", m -> m.dialect(Dialects.ANYSERVE))
            .build();

    var chat = openai.chatCompletions().create(r -> r.user("Hi"));
    var completion = openai.completions().create(r -> r.prompt("p"));
    var chunks = openai.chatCompletions().stream(r -> r.user("Hi")).asStream().toList();

    assertThat(text(OpenAiJson.write(chat)))
        .contains("'object':'chat.completion'", "'content':'a'", "'finish_reason':'stop'");
    assertThat(text(OpenAiJson.write(completion)))
        .contains("'object':'text_completion'", "'text':'a'");
    assertThat(text(OpenAiJson.write(chunks.get(0)))).contains("'object':'chat.completion.chunk'");
  }

  @Test
  void vectorsAreWrittenInTheFormatThatIsAskedFor() {
    var answer =
        new CreateEmbeddingResponse(
            "m",
            List.of(Embedding.of(0, 1.5f)),
            new CreateEmbeddingResponse.Usage(1, false),
            List.of());

    assertThat(text(OpenAiJson.write(answer, EncodingFormat.FLOAT))).contains("[1.5]");
    assertThat(text(OpenAiJson.write(answer, EncodingFormat.BASE64))).contains("'AADAPw=='");
  }

  @Test
  void anInvalidRequestIsNamed() {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> OpenAiJson.readChatCompletionRequest(bytes("{'messages':1}")))
        .satisfies(refusal -> assertThat(refusal.param()).isEqualTo("messages"));
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(
            () -> OpenAiJson.readCompletionRequest(bytes("{'prompt':'p','stream_options':{}}")))
        .satisfies(refusal -> assertThat(refusal.param()).isEqualTo("stream_options"));
  }
}
