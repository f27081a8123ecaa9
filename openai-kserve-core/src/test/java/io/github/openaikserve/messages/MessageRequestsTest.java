package io.github.openaikserve.messages;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.chat.format.ReasoningFormats;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.dialect.ResponseField;
import io.github.openaikserve.kserve.Datatype;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.kserve.Tensor;
import io.github.openaikserve.testing.FakeBackend;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the fields of a request for a message. */
final class MessageRequestsTest {
  private static final String TOOLS =
      "'tools':[{'name':'weather','description':'Tells.','input_schema':{'type':'object'}}]";
  private static final String CALL =
      "{'role':'assistant','content':[{'type':'tool_use','id':'toolu_1','name':'weather','input':{'city':'Rome'}}]}";

  private final Api api = Api.writing("Hi");

  private String prompt(String fields) {
    Api.Answer answer = api.ask(fields);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return api.prompt();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'Be brief.'",
        "[{'type':'text','text':'Be brief.','cache_control':{'type':'ephemeral'}}]",
        "[{'type':'text','text':'x-anthropic-billing-header: cc_version=2.1; cch=1;'},{'type':'text','text':'Be brief.'}]",
      })
  void theSystemPromptComesFirst(String system) {
    assertThat(prompt("'system':" + system + ",'messages':[{'role':'user','content':'Hi'}]"))
        .startsWith("<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nHi<|im_end|>\n");
  }

  @Test
  void messagesOfOneRoleInSuccessionAreOneTurn() {
    assertThat(
            prompt(
                "'messages':[{'role':'user','content':'One.'},{'role':'user','content':'Two.'},"
                    + "{'role':'assistant','content':'A'},{'role':'assistant','content':'B'},"
                    + "{'role':'user','content':'Three.'}]"))
        .containsSubsequence("<|im_start|>user\nOne.\nTwo.<|im_end|>", "AB<|im_end|>", "Three.");
  }

  @Test
  void resultsFollowTheirCallsAndThenTheRestOfTheTurn() {
    String prompt =
        prompt(
            "'messages':[{'role':'user','content':'Weather?'},"
                + CALL
                + ",{'role':'user','content':[{'type':'text','text':'Hurry.'},{'type':'tool_result','tool_use_id':'toolu_1','content':"
                + "[{'type':'text','text':'Sunny,'},{'type':'text','text':'22 C'}]}]}],"
                + TOOLS);

    assertThat(prompt)
        .containsSubsequence(
            "Weather?", "\"city\"", "<tool_response>\nSunny,\n22 C\n</tool_response>", "Hurry.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'no such city' | Error: no such city",
        "'error: no such city' | error: no such city",
        "[{'type':'text','text':'<e>'}] | Error: <e>",
        "[] | Error:",
      })
  void aFailedToolIsMarked(String content, String expected) {
    String result =
        "{'type':'tool_result','tool_use_id':'toolu_1','is_error':true,'content':" + content + "}";

    assertThat(
            prompt(
                "'messages':[{'role':'user','content':'Weather?'},"
                    + CALL
                    + ",{'role':'user','content':["
                    + result
                    + "]}],"
                    + TOOLS))
        .contains("<tool_response>\n" + expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'role':'user','content':[{'type':'tool_result','tool_use_id':'x'}]} | 'x' has no tool_use",
        CALL + " | no tool_result was found for the tool_use toolu_1",
        CALL + ",{'role':'user','content':'Hurry.'} | no tool_result was found",
        "{'role':'user','content':[{'type':'thinking','thinking':'t'}]} | 'thinking' is not"
            + " allowed",
        "{'role':'assistant','content':[{'type':'tool_result','tool_use_id':'x'}]} | 'tool_result'"
            + " is not allowed",
        "{'role':'system','content':[{'type':'image','source':{'type':'url','url':'u'}}]} | 'image'"
            + " is not allowed",
        "{'role':'user','content':[{'type':'image','source':{'type':'file','file_id':'f'}}]} |"
            + " stores no files",
        "{'role':'user','content':[{'type':'document','source':{'type':'file','file_id':'f'}}]} |"
            + " stores no files",
        "{'role':'user','content':[{'type':'image','source':{'type':'url','url':'u'}}]} | does not"
            + " support parts of type 'image_url'",
        "{'role':'user','content':[{'type':'document','source':{'type':'url','url':'u'}}]} | does"
            + " not support parts of type 'file'",
        "{'role':'user','content':[{'type':'video'}]} | Supported values are",
        "{'role':'tool','content':'x'} | Supported values are",
        "{'role':'user'} | messages[1].content",
        "{'role':'assistant','content':[]} | Invalid 'messages'",
      })
  void aConversationThatIsNotOneIsRefusedByName(String message, String expected) {
    String error =
        api.ask("'messages':[{'role':'user','content':'Hi'}," + message + "]," + TOOLS)
            .error(400)
            .get("message")
            .asText();

    assertThat(error).contains(expected);
  }

  @Test
  void documentsAndSearchResultsAreTexts() {
    assertThat(
            prompt(
                "'messages':[{'role':'user','content':["
                    + "{'type':'document','title':'T','source':{'type':'text','media_type':'text/plain','data':'D1'}},"
                    + "{'type':'document','source':{'type':'content','content':[{'type':'text','text':'D2'}]}},"
                    + "{'type':'search_result','title':'S','source':'http://s','content':[{'type':'text','text':'D3'}]}"
                    + "]}]"))
        .containsSubsequence("T\nD1", "D2", "S\nhttp://s\nD3");
  }

  @Test
  void imagesReachAModelThatTakesThem() {
    FakeBackend backend = FakeBackend.responses(InferResponse.of(Tensor.text("text", "a cat")));
    var seeing =
        Dialect.builder("seeing")
            .input("prompt", Datatype.BYTES, RequestField.PROMPT)
            .input("image", Datatype.BYTES, RequestField.IMAGES)
            .output("text", ResponseField.TEXT)
            .build();
    var places =
        ChatTemplates.fromJinja(
            "{% for m in messages %}[{{ m.role }} {% if m.content is string %}{{ m.content }}{% else %}"
                + "{% for p in m.content %}{{ '<image>' if p.type == 'image' else p.text }}"
                + "{% endfor %}{% endif %}{% for c in m.tool_calls or [] %}<tool_call>"
                + "{{ c.function | tojson }}</tool_call>{% endfor %}]{% endfor %}");
    var vision =
        Api.over(
            backend,
            OpenAiKServe.builder(backend).model("m", m -> m.dialect(seeing).chatTemplate(places)));

    Api.Answer answer =
        vision.ask(
            "'messages':[{'role':'user','content':[{'type':'text','text':'What?'},"
                + "{'type':'image','source':{'type':'base64','media_type':'image/png','data':'AAAA'}}]},"
                + CALL
                + ",{'role':'user','content':[{'type':'tool_result','tool_use_id':'toolu_1','content':["
                + "{'type':'text','text':'Seen.'},{'type':'image','source':{'type':'url','url':'http://a/b.png'}}]}]}]");

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(vision.prompt())
        .containsSubsequence(
            "[user What?<image>]", "[assistant <tool_call>", "[tool Seen.]", "[user <image>]");
    assertThat(backend.onlyRequest().inputs())
        .contains(Tensor.text("image", "data:image/png;base64,AAAA", "http://a/b.png"));
  }

  @Test
  void theAnswerContinuesTheLastMessageOfTheAssistant() {
    assertThat(
            prompt(
                "'messages':[{'role':'user','content':'Hi'},{'role':'assistant','content':'{\\'a'}]"))
        .endsWith("{\"a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'type':'disabled'} | true",
        "{'type':'enabled','budget_tokens':1024} | false",
        "{'type':'adaptive'} | false",
        "{'type':'between_tools'} | false",
      })
  void thinkingIsTurnedOffByTheTemplate(String thinking, boolean off) {
    String prompt = prompt("'messages':[{'role':'user','content':'Hi'}],'thinking':" + thinking);

    assertThat(prompt.endsWith("<think>\n\n</think>\n\n")).isEqualTo(off);
  }

  @Test
  void thinkingIsTurnedOnWhenTheTemplateDefaultsToOff() {
    FakeBackend backend = FakeBackend.tokens("Hi");
    var template =
        ChatTemplates.fromJinja(
            "{{ '[think]' if thinking else '[answer]' }}{% for m in messages %}{{ m.content }}{% endfor %}");
    var quiet =
        Api.over(
            backend,
            OpenAiKServe.builder(backend)
                .model(
                    "m",
                    m ->
                        m.dialect(Dialects.ANYSERVE)
                            .chatTemplate(template)
                            .reasoningFormat(ReasoningFormats.THINK)));

    quiet.sayHi("");
    assertThat(quiet.prompt()).isEqualTo("[answer]Hi");
    quiet.sayHi(",'thinking':{'type':'enabled','budget_tokens':2000}");
    assertThat(quiet.prompt()).isEqualTo("[think]Hi");
    quiet.sayHi(
        ",'thinking':{'type':'enabled','budget_tokens':2000},'chat_template_kwargs':{'thinking':false}");
    assertThat(quiet.prompt()).isEqualTo("[answer]Hi");
  }

  @Test
  void theBudgetEndsThinking() {
    var thinker =
        Api.over(
            FakeBackend.answers(
                List.of("<think>", "one ", "two ", "three ", "late"), List.of("The answer.")));

    Api.Answer answer =
        thinker.sayHi(",'stream':true,'thinking':{'type':'enabled','budget_tokens':3}");

    assertThat(answer.grown("thinking_delta", "thinking")).isEqualTo("one two");
    assertThat(answer.grown("text_delta", "text")).isEqualTo("The answer.");
  }

  @Test
  void aNameThatIsTooLongForAChatIsShortenedAndComesBackWhole() {
    String name = "mcp__" + "server_".repeat(10) + "tool";
    String tool = ",'tools':[{'name':'" + name + "','input_schema':{'type':'object'}}]";
    String shown = api.sayHi(tool).status() == 200 ? shortName(api.prompt()) : "";

    var calling =
        Api.writing("<tool_call>\n{\"name\": \"" + shown + "\", \"arguments\": {}}\n</tool_call>");

    assertThat(shown).hasSizeLessThanOrEqualTo(64).startsWith("mcp__server_");
    assertThat(calling.sayHi(tool).json().at("/content/0/name").asText()).isEqualTo(name);
  }

  private static String shortName(String prompt) {
    int begin = prompt.indexOf("mcp__");
    return prompt.substring(begin, prompt.indexOf('"', begin));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'tools':[{'type':'web_search_20250305','name':'web_search'}] | tools.web_search_20250305",
        "'mcp_servers':[{'type':'url'}] | mcp_servers",
        "'container':'c' | container",
        "'speed':'fast' | speed",
        "'context_management':{'edits':[{'type':'clear_tool_uses_20250919'}]} | context_management",
        "'made_up':1 | made_up",
        "'made up':1 | unknown",
        "'output_config':{'task_budget':{}} | output_config.task_budget",
        "'metadata':{'user_id':'u','more':1} | metadata.more",
        "'thinking':{'type':'adaptive','more':1} | thinking.more",
        "'tool_choice':{'type':'auto','more':1} | tool_choice.more",
        "'service_tier':'auto' | ",
        "'speed':'standard' | ",
        "'cache_control':{'type':'ephemeral'} | ",
        "'metadata':{'user_id':'u'} | ",
        "'context_management':{'edits':[{'type':'clear_thinking_20251015','keep':'all'}]} | ",
        "'thinking':{'type':'disabled'} | ",
        "'mcp_servers':[] | ",
        "'stop_sequences':[] | ",
        "'tool_choice':{'type':'auto'} | ",
      })
  void fieldsWithoutEffectAreNamed(String field, String dropped) {
    Api.Answer answer = api.sayHi("," + field);

    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    assertThat(String.join(",", answer.dropped())).isEqualTo(dropped == null ? "" : dropped);
  }

  @Test
  void blocksThatNoChatHasAreNamed() {
    Api.Answer answer =
        api.ask(
            "'messages':[{'role':'user','content':'Hi'},{'role':'assistant','content':["
                + "{'type':'redacted_thinking','data':'x'},{'type':'server_tool_use','id':'s','name':'web_search','input':{}},"
                + "{'type':'text','text':'Hello'}]},{'role':'user','content':'Hi'}]");

    assertThat(answer.dropped())
        .containsExactly("messages.redacted_thinking", "messages.server_tool_use");
  }

  @Test
  void aToolThatAnthropicDefinesIsRejectedWhenConfigured() {
    FakeBackend backend = FakeBackend.tokens("Hi");
    var strict = Api.over(backend, Api.builder(backend).rejectHostedTools(true));

    assertThat(
            strict
                .sayHi(",'tools':[{'type':'bash_20250124','name':'bash'}]")
                .error(400)
                .get("message")
                .asText())
        .contains("tools[0].type", "bash_20250124");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "'max_tokens':0 | 'max_tokens'",
        "'max_tokens':'9' | 'max_tokens'",
        "'temperature':3 | 'temperature'",
        "'top_p':1.5 | 'top_p'",
        "'top_k':-2 | 'top_k'",
        "'stop_sequences':['a','b','c','d','e'] | 'stop_sequences'",
        "'stop_sequences':[''] | 'stop_sequences'",
        "'stop_sequences':'a' | 'stop_sequences'",
        "'system':1 | 'system'",
        "'system':[{'type':'image'}] | Supported values are: 'text'",
        "'thinking':{'type':'enabled'} | 'thinking.budget_tokens'",
        "'thinking':{'type':'enabled','budget_tokens':0} | 'thinking.budget_tokens'",
        "'thinking':{'type':'sometimes'} | 'sometimes'",
        "'tool_choice':{'type':'tool'} | 'tool_choice.name'",
        "'tool_choice':{'type':'any'} | 'tool_choice.type'",
        "'tool_choice':'auto' | 'tool_choice'",
        "'tools':[{'name':'f'}] | 'tools[0].input_schema'",
        "'tools':[{'name':'a b','input_schema':{}}] | 'tools[0].name'",
        "'tools':[{'name':'f','input_schema':{}},{'name':'f','input_schema':{}}] | 'tools[1].name'",
        "'tools':[{'name':'f','input_schema':{}}],'tool_choice':{'type':'tool','name':'g'} | 'tool_choice.name'",
        "'output_config':{'format':{'type':'xml'}} | 'xml'",
        "'output_config':{'effort':'huge'} | 'huge'",
        "'messages':[] | 'messages'",
        "'metadata':1 | 'metadata'",
        "'stream':1 | 'stream'",
      })
  void aValueThatAnthropicDoesNotHaveIsRefusedByName(String field, String expected) {
    String message =
        api.create("{'max_tokens':9,'messages':[{'role':'user','content':'Hi'}]," + field + "}")
            .error(400)
            .get("message")
            .asText();

    assertThat(message).contains(expected);
  }
}
