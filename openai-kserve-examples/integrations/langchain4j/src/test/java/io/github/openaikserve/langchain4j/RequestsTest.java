package io.github.openaikserve.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.AudioContent;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.CustomMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.PdfFileContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.ToolChoice;
import dev.langchain4j.model.chat.request.json.JsonAnyOfSchema;
import dev.langchain4j.model.chat.request.json.JsonArraySchema;
import dev.langchain4j.model.chat.request.json.JsonNullSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonReferenceSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import dev.langchain4j.model.chat.request.json.JsonStringSchema;
import io.github.openaikserve.OpenAiJson;
import io.github.openaikserve.error.InvalidRequestException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** LangChain4j's requests as OpenAI's JSON. */
final class RequestsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static JsonNode json(ChatRequest request) throws IOException {
    return JSON.readTree(OpenAiJson.write(Requests.request(request, change -> {})));
  }

  private static JsonNode messages(ChatMessage... messages) throws IOException {
    return json(ChatRequest.builder().messages(messages).build()).get("messages");
  }

  @Test
  void everyMessageHasItsForm() throws IOException {
    var call = ToolExecutionRequest.builder().id("c1").name("weather").arguments("{}").build();

    JsonNode messages =
        messages(
            SystemMessage.from("Be brief."),
            UserMessage.from("Ann", "Hello"),
            AiMessage.builder().thinking("Hm.").toolExecutionRequests(List.of(call)).build(),
            ToolExecutionResultMessage.from(call, "sunny"),
            AiMessage.from("It is sunny."));

    assertThat(messages)
        .isEqualTo(
            JSON.readTree(
                """
                [{"role":"system","content":"Be brief."},
                 {"role":"user","content":"Hello","name":"Ann"},
                 {"role":"assistant","tool_calls":[{"id":"c1","type":"function",
                   "function":{"name":"weather","arguments":"{}"}}],"reasoning_content":"Hm."},
                 {"role":"tool","content":"sunny","tool_call_id":"c1"},
                 {"role":"assistant","content":"It is sunny."}]
                """));
  }

  @Test
  void everyContentHasItsForm() throws IOException {
    JsonNode parts =
        messages(
                UserMessage.from(
                    TextContent.from("Look:"),
                    ImageContent.from("http://h/a.png"),
                    ImageContent.from("AAAA", "image/png", ImageContent.DetailLevel.HIGH),
                    AudioContent.from("BBBB", "audio/mpeg"),
                    PdfFileContent.from("CCCC", "application/pdf")))
            .get(0)
            .get("content");

    assertThat(parts)
        .isEqualTo(
            JSON.readTree(
                """
                [{"type":"text","text":"Look:"},
                 {"type":"image_url","image_url":{"url":"http://h/a.png","detail":"low"}},
                 {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA","detail":"high"}},
                 {"type":"input_audio","input_audio":{"data":"BBBB","format":"mp3"}},
                 {"type":"file","file":{"filename":"file.pdf",
                   "file_data":"data:application/pdf;base64,CCCC"}}]
                """));
  }

  @Test
  void aMessageWithoutAFormIsUnsupported() {
    assertThatExceptionOfType(UnsupportedFeatureException.class)
        .isThrownBy(() -> messages(CustomMessage.from(Map.of("a", 1))))
        .withMessageContaining("CUSTOM");
  }

  @Test
  void toolsHaveTheirSchemasAndTheChoiceItsName() throws IOException {
    JsonNode request =
        json(
            ChatRequest.builder()
                .messages(UserMessage.from("Hello"))
                .toolSpecifications(
                    ToolSpecification.builder()
                        .name("f")
                        .description("Does it.")
                        .parameters(everyElement())
                        .build(),
                    ToolSpecification.builder().name("g").build())
                .toolChoice(ToolChoice.REQUIRED)
                .build());

    assertThat(request.get("tool_choice").asText()).isEqualTo("required");
    assertThat(request.get("tools").get(1).get("function").get("name").asText()).isEqualTo("g");
    assertThat(request.get("tools").get(0).get("function").get("description").asText())
        .isEqualTo("Does it.");
    assertThat(request.get("tools").get(0).get("function").get("parameters"))
        .isEqualTo(JSON.readTree(EVERY_ELEMENT));
  }

  private static final String EVERY_ELEMENT =
      """
      {"type":"object","description":"All.","properties":{
         "s":{"type":"string","description":"A text."},
         "i":{"type":"integer"},"n":{"type":"number"},"b":{"type":"boolean"},
         "e":{"type":"string","enum":["x","y"]},
         "a":{"type":"array","items":{"type":"string"}},
         "o":{"anyOf":[{"type":"string"},{"type":"null"}]},
         "r":{"$ref":"#/$defs/node"},
         "raw":{"type":"string","format":"date"}},
       "required":["s"],"additionalProperties":false,
       "$defs":{"node":{"type":"object","properties":{"next":{"$ref":"#/$defs/node"}}}}}
      """;

  private static JsonObjectSchema everyElement() {
    var node = JsonReferenceSchema.builder().reference("node").build();
    return JsonObjectSchema.builder()
        .description("All.")
        .addStringProperty("s", "A text.")
        .addIntegerProperty("i")
        .addNumberProperty("n")
        .addBooleanProperty("b")
        .addEnumProperty("e", List.of("x", "y"))
        .addProperty("a", JsonArraySchema.builder().items(new JsonStringSchema()).build())
        .addProperty(
            "o",
            JsonAnyOfSchema.builder().anyOf(new JsonStringSchema(), new JsonNullSchema()).build())
        .addProperty("r", node)
        .addProperty("raw", JsonRawSchema.from("{\"type\":\"string\",\"format\":\"date\"}"))
        .required("s")
        .additionalProperties(false)
        .definitions(Map.of("node", JsonObjectSchema.builder().addProperty("next", node).build()))
        .build();
  }

  @Test
  void aResponseFormatIsASchemaOrAnyObject() throws IOException {
    var schema =
        JsonSchema.builder()
            .name("person")
            .rootElement(JsonObjectSchema.builder().addIntegerProperty("age").build())
            .build();

    assertThat(format(ResponseFormat.JSON)).isEqualTo(JSON.readTree("{\"type\":\"json_object\"}"));
    assertThat(
            format(
                ResponseFormat.builder().type(ResponseFormatType.JSON).jsonSchema(schema).build()))
        .isEqualTo(
            JSON.readTree(
                """
                {"type":"json_schema","json_schema":{"name":"person","schema":
                  {"type":"object","properties":{"age":{"type":"integer"}}}}}
                """));
  }

  private static JsonNode format(ResponseFormat format) throws IOException {
    return json(ChatRequest.builder()
            .messages(UserMessage.from("Hello"))
            .responseFormat(format)
            .build())
        .get("response_format");
  }

  @Test
  void aRawSchemaThatIsNotAnObjectIsRejected() {
    assertThatExceptionOfType(InvalidRequestException.class)
        .isThrownBy(() -> Schemas.schema(JsonRawSchema.from("[1]")))
        .withMessageContaining("not a JSON object");
  }
}
