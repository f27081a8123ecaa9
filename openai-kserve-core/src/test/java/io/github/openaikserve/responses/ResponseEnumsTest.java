package io.github.openaikserve.responses;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.openaikserve.openai.responses.ResponseSchemas;
import io.github.openaikserve.store.MemoryResponseStore;
import io.github.openaikserve.testing.FakeBackend;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every place of OpenAI's schema of a request that takes one of a few words: each of them is taken,
 * another one is a 400 that names the place.
 */
final class ResponseEnumsTest {
  private static final String FUNCTION = "{'type':'function','name':'f',MORE}";
  private static final String CALL =
      "'input':[{'role':'user','content':'Hi'},"
          + "{'type':'function_call','call_id':'c','name':'f','arguments':'{}'CALL},"
          + "{'type':'function_call_output','call_id':'c','output':OUTPUT}]";
  private static final String CUSTOM =
      "'input':[{'type':'custom_tool_call','call_id':'c','name':'f','input':'x'CALL},"
          + "{'type':'custom_tool_call_output','call_id':'c','output':'y'OUTPUT}]";
  private static final String ANSWER =
      "'input':[{'type':'message','role':'assistant','content':[{'type':'output_text','text':'a'PART}]ITEM}]";
  private static final String THOUGHT =
      "'input':[{'type':'reasoning','id':'rs_1',SUMMARY},{'role':'user','content':'Hi'}]";
  private static final String TOOLS =
      "'tools':[{'type':'function','name':'f','parameters':{'type':'object'}}],";

  /**
   * Places of what does not run here and is not read: hosted tools and their items. A field of
   * several kinds of items has the words of all of them in the schema.
   */
  private static final Pattern OF_HOSTED =
      Pattern.compile(
          "model|moderation\\..*|prompt\\..*"
              + "|input\\[]\\.(actions?|environment|error|operation|outputs|execution|output\\.type)\\b.*"
              + "|input\\[]\\.output\\[]\\.outcome.*"
              + "|(input\\[]\\.)?tools\\[]\\.(action|background|connector_id|container|environment|execution"
              + "|filters|input_fidelity|model|moderation|output_format|quality|ranking_options"
              + "|require_approval|search_content_types|search_context_size|size|user_location)\\b.*");

  /** Without log probabilities, which the model does not have. */
  private static final String[] INCLUDES = {
    "code_interpreter_call.outputs",
    "computer_call_output.output.image_url",
    "file_search_call.results",
    "message.input_image.image_url",
    "reasoning.encrypted_content",
    "reasoning.text",
    "web_search_call.action.sources",
    "web_search_call.results"
  };

  /**
   * A place.
   *
   * @param name as the schema has it
   * @param body of a request, with VALUE in the place
   * @param param the name of the place in an error
   * @param words those that are legal there; empty for those of the schema
   */
  record Place(String name, String body, String param, List<String> words) {
    @Override
    public String toString() {
      return name + " as " + param;
    }
  }

  private static Place place(String name, String body, String... words) {
    return new Place(name, body, name.replace("[]", "[0]"), List.of(words));
  }

  private static Place item(int index, String name, String body, String... words) {
    String param = name.replaceFirst("\\[]", "[" + index + "]").replace("[]", "[0]");
    return new Place(name, body, param, List.of(words));
  }

  static Stream<Place> places() {
    String[] statuses = {"in_progress", "completed", "incomplete"};
    return Stream.of(
        place("include[]", "'include':['VALUE']", INCLUDES),
        place("reasoning.effort", "'reasoning':{'effort':'VALUE'}"),
        place("reasoning.summary", "'reasoning':{'summary':'VALUE'}"),
        place("reasoning.generate_summary", "'reasoning':{'generate_summary':'VALUE'}"),
        place("reasoning.mode", "'reasoning':{'mode':'VALUE'}"),
        place("reasoning.context", "'reasoning':{'context':'VALUE'}"),
        place("service_tier", "'service_tier':'VALUE'"),
        place("prompt_cache_retention", "'prompt_cache_retention':'VALUE'"),
        place("prompt_cache_options.mode", "'prompt_cache_options':{'mode':'VALUE'}"),
        place("prompt_cache_options.ttl", "'prompt_cache_options':{'ttl':'VALUE'}"),
        place("text.format.type", "'text':{'format':{'type':'VALUE'}}", "text", "json_object"),
        place(
            "text.format.type",
            "'text':{'format':{'type':'VALUE','name':'n','schema':{}}}",
            "json_schema"),
        place("text.verbosity", "'text':{'verbosity':'VALUE'}"),
        place("truncation", "'truncation':'VALUE'"),
        place("tool_choice", TOOLS + "'tool_choice':'VALUE'"),
        place(
            "tool_choice.mode",
            TOOLS
                + "'tool_choice':{'type':'allowed_tools','mode':'VALUE','tools':[{'type':'function','name':'f'}]}"),
        place(
            "tool_choice.type",
            TOOLS
                + "'tool_choice':{'type':'VALUE','name':'f','mode':'auto','tools':[{'type':'function','name':'f'}]}",
            "function",
            "allowed_tools"),
        place(
            "tools[].type",
            "'tools':[{'type':'VALUE','name':'f','tools':[{'type':'function','name':'g'}]}]"),
        place("tools[].allowed_callers[]", tools(FUNCTION, "'allowed_callers':['VALUE']")),
        place(
            "tools[].allowed_callers[]",
            "'tools':[{'type':'custom','name':'f','allowed_callers':['VALUE']}]"),
        place(
            "tools[].format.type",
            "'tools':[{'type':'custom','name':'f','format':{'type':'VALUE','syntax':'regex','definition':'a*'}}]"),
        place(
            "tools[].format.syntax",
            "'tools':[{'type':'custom','name':'f','format':{'type':'grammar','syntax':'VALUE','definition':'start: \\\"a\\\"'}}]"),
        place("tools[].tools[].type", nested("{'type':'VALUE','name':'g'}")),
        place(
            "tools[].tools[].allowed_callers[]",
            nested("{'type':'function','name':'g','allowed_callers':['VALUE']}")),
        place(
            "tools[].tools[].format.type",
            nested(
                "{'type':'custom','name':'g','format':{'type':'VALUE','syntax':'regex','definition':'a'}}")),
        place(
            "tools[].tools[].format.syntax",
            nested(
                "{'type':'custom','name':'g','format':{'type':'grammar','syntax':'VALUE','definition':'start: \\\"a\\\"'}}")),
        place("input[].role", "'input':[{'role':'VALUE','content':'Hi'}]"),
        place("input[].phase", ANSWER.replace("PART", "").replace("ITEM", ",'phase':'VALUE'")),
        place("input[].type", "'input':[{'type':'VALUE','id':'x'}]", new String[0]),
        place(
            "input[].status",
            ANSWER.replace("PART", "").replace("ITEM", ",'status':'VALUE'"),
            statuses),
        item(
            1,
            "input[].status",
            CALL.replace("CALL", ",'status':'VALUE'").replace("OUTPUT", "'x'"),
            statuses),
        item(
            2,
            "input[].status",
            CALL.replace("CALL", "").replace("OUTPUT", "'x','status':'VALUE'"),
            statuses),
        item(
            0,
            "input[].status",
            CUSTOM.replace("CALL", ",'status':'VALUE'").replace("OUTPUT", ""),
            statuses),
        item(
            1,
            "input[].status",
            CUSTOM.replace("CALL", "").replace("OUTPUT", ",'status':'VALUE'"),
            statuses),
        item(
            0,
            "input[].status",
            THOUGHT.replace("SUMMARY", "'summary':[],'status':'VALUE'"),
            statuses),
        item(
            1,
            "input[].caller.type",
            CALL.replace("CALL", ",'caller':{'type':'VALUE'}").replace("OUTPUT", "'x'")),
        item(
            0,
            "input[].caller.type",
            CUSTOM.replace("CALL", ",'caller':{'type':'VALUE'}").replace("OUTPUT", "")),
        place(
            "input[].content[].type",
            "'input':[{'role':'user','content':[{'type':'VALUE','text':'x','refusal':'x'}]}]",
            "input_text",
            "output_text",
            "refusal"),
        item(
            0,
            "input[].content[].type",
            THOUGHT.replace("SUMMARY", "'summary':[],'content':[{'type':'VALUE','text':'x'}]"),
            "reasoning_text"),
        item(
            0,
            "input[].summary[].type",
            THOUGHT.replace("SUMMARY", "'summary':[{'type':'VALUE','text':'x'}]")),
        place(
            "input[].content[].annotations[].type",
            ANSWER.replace("PART", ",'annotations':[{'type':'VALUE'}]").replace("ITEM", "")),
        place(
            "input[].content[].prompt_cache_breakpoint.mode",
            "'input':[{'role':'user','content':[{'type':'input_text','text':'x','prompt_cache_breakpoint':{'mode':'VALUE'}}]}]"),
        new Place(
            "input[].content[].detail",
            "'input':[{'role':'user','content':[{'type':'input_image','image_url':'https://e.org/i.png','detail':'VALUE'}]}]",
            "input[0].content[0].detail",
            List.of()),
        item(
            2,
            "input[].output[].type",
            CALL.replace("CALL", "").replace("OUTPUT", "[{'type':'VALUE','text':'x'}]"),
            "input_text"),
        item(
            2,
            "input[].output[].detail",
            CALL.replace("CALL", "")
                .replace(
                    "OUTPUT",
                    "[{'type':'input_image','image_url':'https://e.org/i.png','detail':'VALUE'}]")),
        item(
            2,
            "input[].output[].prompt_cache_breakpoint.mode",
            CALL.replace("CALL", "")
                .replace(
                    "OUTPUT",
                    "[{'type':'input_text','text':'x','prompt_cache_breakpoint':{'mode':'VALUE'}}]")),
        item(
            0,
            "input[].tools[].type",
            added("{'type':'VALUE','name':'f','tools':[{'type':'function','name':'g'}]}")),
        item(
            0,
            "input[].tools[].allowed_callers[]",
            added("{'type':'function','name':'f','allowed_callers':['VALUE']}")),
        item(
            0,
            "input[].tools[].format.type",
            added(
                "{'type':'custom','name':'f','format':{'type':'VALUE','syntax':'regex','definition':'a'}}")),
        item(
            0,
            "input[].tools[].format.syntax",
            added(
                "{'type':'custom','name':'f','format':{'type':'grammar','syntax':'VALUE','definition':'start: \\\"a\\\"'}}")),
        item(0, "input[].tools[].tools[].type", added(inner("{'type':'VALUE','name':'g'}"))),
        item(
            0,
            "input[].tools[].tools[].allowed_callers[]",
            added(inner("{'type':'function','name':'g','allowed_callers':['VALUE']}"))),
        item(
            0,
            "input[].tools[].tools[].format.type",
            added(
                inner(
                    "{'type':'custom','name':'g','format':{'type':'VALUE','syntax':'regex','definition':'a'}}"))),
        item(
            0,
            "input[].tools[].tools[].format.syntax",
            added(
                inner(
                    "{'type':'custom','name':'g','format':{'type':'grammar','syntax':'VALUE','definition':'start: \\\"a\\\"'}}"))));
  }

  private static String tools(String tool, String more) {
    return "'tools':[" + tool.replace("MORE", more) + "]";
  }

  private static String inner(String tool) {
    return "{'type':'namespace','name':'n','tools':[" + tool + "]}";
  }

  private static String nested(String tool) {
    return "'tools':[" + inner(tool) + "]";
  }

  private static String added(String tool) {
    return "'input':[{'type':'additional_tools','role':'developer','tools':["
        + tool
        + "]},{'role':'user','content':'Hi'}]";
  }

  @ParameterizedTest
  @MethodSource("places")
  void anotherWordIsRefusedByThePlace(Place place) {
    JsonNode error = send(place, "wrong").error(400);

    assertThat(error.get("param").asText()).as(error.toString()).isEqualTo(place.param());
    assertThat(error.get("message").asText()).contains("wrong");
  }

  @ParameterizedTest
  @MethodSource("places")
  void everyWordOfTheSchemaIsTaken(Place place) throws IOException {
    List<String> words = place.words().isEmpty() ? legal().get(place.name()) : place.words();

    for (String word : Objects.requireNonNull(words)) {
      Api.Answer answer = send(place, word);
      if (isUnsupported(place, answer)) {
        continue;
      }
      assertThat(answer.status()).as(word + ": " + answer.body()).isEqualTo(200);
    }
  }

  /**
   * A model without images refuses the part itself, and an item alone may lack its other fields.
   */
  private static boolean isUnsupported(Place place, Api.Answer answer) {
    if (place.name().endsWith(".detail")) {
      return answer.status() == 400 && !answer.body().contains("detail");
    }
    return place.name().equals("input[].type")
        && answer.status() != 200
        && !answer.body().contains("\"param\":\"input[0].type\"");
  }

  @Test
  void everyPlaceOfTheSchemaIsLookedAt() throws IOException {
    Set<String> tested = new LinkedHashSet<>();
    places().forEach(place -> tested.add(place.name()));

    assertThat(legal().keySet())
        .filteredOn(name -> !OF_HOSTED.matcher(name).matches())
        .containsExactlyInAnyOrderElementsOf(tested);
  }

  private static Api.Answer send(Place place, String word) {
    String members = place.body().replace("VALUE", word);
    String input = members.contains("'input':") ? "" : "'input':'Hi',";
    return Api.over(FakeBackend.tokens("{}"), MemoryResponseStore.ofDefaults())
        .create("{" + input + members + "}");
  }

  /** Returns the words of each place of the schema of a request. */
  private static Map<String, List<String>> legal() throws IOException {
    Map<String, List<String>> legal = new TreeMap<>();
    try (var in = ResponseSchemas.class.getResourceAsStream("/openai/responses/schemas.json")) {
      JsonNode schemas = Api.JSON.readTree(Objects.requireNonNull(in)).at("/components/schemas");
      collect(schemas, schemas.get("CreateResponse"), "", List.of(), legal);
    }
    return legal;
  }

  private static void collect(
      JsonNode schemas,
      JsonNode schema,
      String path,
      List<String> above,
      Map<String, List<String>> legal) {
    String reference = schema.path("$ref").asText();
    if (!reference.isEmpty()) {
      String name = reference.substring(reference.lastIndexOf('/') + 1);
      if (!above.contains(name)) {
        List<String> within = new ArrayList<>(above);
        within.add(name);
        collect(schemas, schemas.get(name), path, within, legal);
      }
      return;
    }
    for (JsonNode word : schema.path("enum")) {
      List<String> words = legal.computeIfAbsent(path, p -> new ArrayList<>());
      if (!words.contains(word.asText())) {
        words.add(word.asText());
      }
    }
    for (String choice : List.of("anyOf", "oneOf", "allOf")) {
      schema.path(choice).forEach(part -> collect(schemas, part, path, above, legal));
    }
    Map<String, JsonNode> members = new LinkedHashMap<>();
    schema
        .path("properties")
        .properties()
        .forEach(m -> members.put("." + m.getKey(), m.getValue()));
    if (schema.has("items")) {
      members.put("[]", schema.get("items"));
    }
    if (schema.path("additionalProperties").isObject()) {
      members.put(".*", schema.get("additionalProperties"));
    }
    members.forEach(
        (step, member) ->
            collect(
                schemas, member, path.isEmpty() ? step.substring(1) : path + step, above, legal));
  }
}
