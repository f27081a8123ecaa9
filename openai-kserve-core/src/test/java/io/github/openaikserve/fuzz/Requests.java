package io.github.openaikserve.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.openaikserve.http.ApiRequest;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Requests out of choices: valid ones with changes at random places, and any bytes. */
final class Requests {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String CHAT = "/v1/chat/completions";
  private static final String COMPLETIONS = "/v1/completions";
  private static final String EMBEDDINGS = "/v1/embeddings";
  private static final String RESPONSES = "/v1/responses";
  private static final String MESSAGES = "/v1/messages";
  private static final String COUNT_TOKENS = "/v1/messages/count_tokens";
  private static final String TRANSCRIPTIONS = "/v1/audio/transcriptions";
  private static final String BOUNDARY = "--b";

  /** A path and a body that is valid for it, single-quoted. */
  private record Valid(String path, String body) {}

  private static final List<Valid> VALID =
      List.of(
          new Valid(
              CHAT, "{'model':'m','messages':[{'role':'user','content':'hi'}],'max_tokens':5}"),
          new Valid(
              CHAT,
              "{'model':'m','stream':true,'stream_options':{'include_usage':true},'n':2,"
                  + "'messages':[{'role':'system','content':'s'},{'role':'user','content':'hi'}]}"),
          new Valid(
              CHAT,
              "{'model':'m','stream':true,'messages':[{'role':'user','content':[{'type':'text',"
                  + "'text':'hi'},{'type':'image_url','image_url':{'url':'data:image/png;base64,"
                  + "iVBORw0KGgo='}}]}],'temperature':0.7,'top_p':0.9,'stop':['a','b'],"
                  + "'response_format':{'type':'json_schema','json_schema':{'name':'x','schema':"
                  + "{'type':'object','properties':{'a':{'type':'string'}}}}}}"),
          new Valid(
              CHAT,
              "{'model':'m','messages':[{'role':'user','content':'hi'},{'role':'assistant',"
                  + "'content':null,'tool_calls':[{'id':'c1','type':'function','function':"
                  + "{'name':'f','arguments':'{}'}}]},{'role':'tool','tool_call_id':'c1',"
                  + "'content':'42'}],'tools':[{'type':'function','function':{'name':'f',"
                  + "'description':'d','parameters':{'type':'object','properties':{'x':{'type':"
                  + "'integer'}}}}}],'tool_choice':'auto','parallel_tool_calls':true}"),
          new Valid(
              CHAT,
              "{'model':'m','stream':true,'messages':[{'role':'user','content':'hi'}],'tools':["
                  + "{'type':'function','function':{'name':'f'}}],'tool_choice':{'type':"
                  + "'function','function':{'name':'f'}},'logprobs':true,'top_logprobs':2}"),
          new Valid(
              COMPLETIONS,
              "{'model':'m','prompt':['a','b'],'n':2,'echo':true,'stop':'x','max_tokens':16,"
                  + "'logprobs':1,'seed':1,'logit_bias':{'1':2},'suffix':null}"),
          new Valid(
              COMPLETIONS,
              "{'model':'m','prompt':[[1,2],[3]],'stream':true,'best_of':1,'top_k':3}"),
          new Valid(
              EMBEDDINGS,
              "{'model':'m','input':['a','b','c'],'encoding_format':'base64','dimensions':2}"),
          new Valid(EMBEDDINGS, "{'model':'m','input':[[1,2],[3,4]]}"),
          new Valid(
              MESSAGES,
              "{'model':'m','max_tokens':9,'stream':true,'system':[{'type':'text','text':'s',"
                  + "'cache_control':{'type':'ephemeral'}}],'messages':[{'role':'user','content':["
                  + "{'type':'text','text':'hi'},{'type':'image','source':{'type':'base64',"
                  + "'media_type':'image/png','data':'iVBORw0KGgo='}},{'type':'document','source':"
                  + "{'type':'text','data':'d'}}]},{'role':'assistant','content':[{'type':'thinking',"
                  + "'thinking':'t','signature':'s'},{'type':'redacted_thinking','data':'d'},{'type':"
                  + "'tool_use','id':'t1','name':'f','input':{'x':1}}]},{'role':'user','content':["
                  + "{'type':'tool_result','tool_use_id':'t1','is_error':true,'content':[{'type':"
                  + "'text','text':'42'}]}]}],'tools':[{'name':'f','input_schema':{'type':'object'}},"
                  + "{'type':'web_search_20250305','name':'web_search'}],'tool_choice':{'type':'auto',"
                  + "'disable_parallel_tool_use':true},'thinking':{'type':'enabled','budget_tokens':9},"
                  + "'metadata':{'user_id':'u'},'context_management':{'edits':[{'keep':'all'}]}}"),
          new Valid(
              MESSAGES,
              "{'model':'m','max_tokens':9,'system':'s','messages':[{'role':'user','content':'hi'},"
                  + "{'role':'assistant','content':'The'}],'stop_sequences':['a'],'top_k':1,"
                  + "'output_config':{'effort':'low','format':{'type':'json_schema','schema':"
                  + "{'type':'object'}}},'thinking':{'type':'disabled'}}"),
          new Valid(COUNT_TOKENS, "{'model':'m','messages':[{'role':'user','content':'hi'}]}"),
          new Valid("/tokenize", "{'model':'m','prompt':'hi','return_token_strs':true}"),
          new Valid("/tokenize", "{'content':'hi','with_pieces':true}"),
          new Valid("/detokenize", "{'model':'m','tokens':[1,2]}"),
          new Valid("/apply-template", "{'messages':[{'role':'user','content':'hi'}]}"),
          new Valid(
              "/v1/rerank",
              "{'model':'m','query':'q','documents':['a',{'text':'b'}],'top_n':1,'return_documents':true}"),
          new Valid("/v1/score", "{'model':'m','text_1':['q','r'],'text_2':['a','b']}"),
          new Valid(
              "/v1/decisions",
              "{'model':'m','input':[{'role':'user','content':[{'type':'input_text','text':'hi'},"
                  + "{'type':'input_json','data':{'a':[1]}}]},{'type':'function_call','call_id':'c1',"
                  + "'name':'f','arguments':'{}'},{'type':'function_call_output','call_id':'c1',"
                  + "'output':'42'}],'questions':[{'type':'predicate','name':'p','instructions':'q'},"
                  + "{'type':'choice','instructions':[{'type':'input_text','text':'q'}],'choices':["
                  + "{'value':'a','description':'d'},{'value':true}]},{'type':'score','instructions':"
                  + "'q','levels':[{'label':'a'},{'label':'b','description':'d'}]}],"
                  + "'safety_identifier':'s'}"),
          new Valid(
              EMBEDDINGS,
              "{'model':'m','input':[{'text':'a'},{'image':'data:image/png;base64,iVBORw0KGgo='},"
                  + "{'type':'image_url','image_url':{'url':'u'}}]}"),
          new Valid("/v1/classify", "{'model':'m','input':['a','b']}"),
          new Valid("/v1/moderations", "{'model':'m','input':[{'type':'text','text':'a'}]}"),
          new Valid(
              "/v1/audio/speech",
              "{'model':'m','input':'hi','voice':{'id':'v'},'speed':1.5,'response_format':'pcm',"
                  + "'stream_format':'sse','instructions':'i'}"),
          new Valid(
              TRANSCRIPTIONS,
              "{'file':'RIFF','model':'m','language':'en','prompt':'p','response_format':'vtt',"
                  + "'temperature':'0.5','timestamp_granularities[]':'segment','stream':'true'}"),
          new Valid(
              TRANSCRIPTIONS,
              "{'file':'RIFF','model':'m','response_format':'verbose_json',"
                  + "'timestamp_granularities[]':'word'}"),
          new Valid(
              RESPONSES,
              "{'model':'m','stream':true,'input':'hi','instructions':'i','max_output_tokens':5,"
                  + "'text':{'format':{'type':'json_schema','name':'x','schema':{'type':'object'}},"
                  + "'verbosity':'low'},'reasoning':{'effort':'low','summary':'auto'},"
                  + "'include':['message.output_text.logprobs','reasoning.encrypted_content'],"
                  + "'top_logprobs':1,'metadata':{'a':'b'},'truncation':'auto','store':false}"),
          new Valid(
              RESPONSES,
              "{'model':'m','stream':true,'input':[{'role':'user','content':[{'type':'input_text',"
                  + "'text':'hi'},{'type':'input_image','image_url':'data:image/png;base64,iVBORw0KGgo=',"
                  + "'detail':'auto'}]},{'type':'reasoning','id':'rs_1','summary':[{'type':"
                  + "'summary_text','text':'t'}],'encrypted_content':null},{'type':'function_call',"
                  + "'call_id':'c1','name':'f','arguments':'{}'},{'type':'custom_tool_call','call_id':"
                  + "'c2','name':'p','input':'x'},{'type':'function_call_output','call_id':'c1',"
                  + "'output':'42'},{'type':'custom_tool_call_output','call_id':'c2','output':[{'type':"
                  + "'input_text','text':'43'}]}],'tools':[{'type':'function','name':'f','parameters':"
                  + "{'type':'object'}},{'type':'custom','name':'p','format':{'type':'grammar',"
                  + "'syntax':'regex','definition':'[a-z]+'}},{'type':'namespace','name':'n','tools':["
                  + "{'type':'function','name':'g'}]},{'type':'web_search'}],'tool_choice':{'type':"
                  + "'allowed_tools','mode':'auto','tools':[{'type':'function','name':'f'}]},"
                  + "'parallel_tool_calls':true,'client_metadata':{'a':'b'}}"),
          new Valid(
              RESPONSES,
              "{'model':'m','input':[{'type':'item_reference','id':'msg_1'},{'type':'message','role':"
                  + "'assistant','content':[{'type':'output_text','text':'hi'}]}],"
                  + "'previous_response_id':'resp_1'}"),
          new Valid(
              RESPONSES,
              "{'model':'m','input':'hi','tools':[{'type':'custom','name':'p','format':{'type':"
                  + "'grammar','syntax':'lark','definition':'start: A+ b?\\nA: /[a-z]/\\nb: /[0-9]/'"
                  + "}}],'tool_choice':'required'}"));

  private static final List<String> PATHS =
      List.of(
          CHAT,
          COMPLETIONS,
          EMBEDDINGS,
          RESPONSES,
          MESSAGES,
          COUNT_TOKENS,
          "/v1/messages/batches",
          TRANSCRIPTIONS,
          "/v1/rerank",
          "/v1/decisions",
          "/v1/models",
          "/tokenize",
          "/openapi.json",
          "/v1/models/m/load",
          "/v1/models/m",
          "/v1/models/%ff%",
          "/health",
          "/v1/models/",
          "/",
          "",
          "//v1/completions",
          "/v1/completions/",
          "*",
          "/v1/models/a%2Fb");
  private static final List<String> METHODS = List.of("POST", "GET", "HEAD", "PUT", "", "PO ST\n");
  private static final List<String> HEADERS =
      List.of(
          "x-request-id",
          "X-Request-Id",
          "authorization",
          "content-type",
          "x-stainless-read-timeout",
          "X-Stainless-Timeout",
          "x-request-timeout",
          "grpc-timeout",
          "traceparent",
          "tracestate",
          "baggage",
          "idempotency-key",
          "openai-organization",
          "anthropic-version",
          "accept",
          "");
  private static final List<String> HEADER_VALUES =
      List.of(
          "600",
          "",
          "a\r\nx: y",
          "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
          "-1",
          "0",
          "1e308",
          "NaN",
          "99999999999999999999",
          "\u0000",
          "\u00e9\ud800",
          "x".repeat(9000));

  private static final List<String> NAMES =
      List.of(
          "model",
          "messages",
          "prompt",
          "input",
          "encoding_format",
          "dimensions",
          "max_tokens",
          "max_completion_tokens",
          "temperature",
          "top_p",
          "n",
          "stop",
          "stream",
          "stream_options",
          "presence_penalty",
          "logit_bias",
          "logprobs",
          "top_logprobs",
          "seed",
          "response_format",
          "tools",
          "functions",
          "tool_choice",
          "function_call",
          "parallel_tool_calls",
          "reasoning_effort",
          "echo",
          "best_of",
          "suffix",
          "user",
          "metadata",
          "role",
          "content",
          "type",
          "text",
          "tool_calls",
          "id",
          "function",
          "name",
          "arguments",
          "image_url",
          "input_audio",
          "include_usage",
          "top_k",
          "min_p",
          "json_schema",
          "schema",
          "refusal",
          "reasoning_content",
          "chat_template_kwargs",
          "system",
          "stop_sequences",
          "thinking",
          "budget_tokens",
          "tool_use_id",
          "source",
          "input_schema",
          "output_config",
          "context_management",
          "edits",
          "");
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "false",
          "0",
          "1",
          "-1",
          "2",
          "0.5",
          "1e400",
          "2147483648",
          "'m'",
          "''",
          "'user'",
          "'assistant'",
          "'tool'",
          "'system'",
          "'developer'",
          "'function'",
          "'text'",
          "'auto'",
          "'none'",
          "'required'",
          "'any'",
          "'enabled'",
          "'disabled'",
          "'tool_use'",
          "'tool_result'",
          "'image'",
          "'document'",
          "'json_object'",
          "'json_schema'",
          "'base64'",
          "[]",
          "{}",
          "[[]]",
          "[{}]",
          "'\\ud800'",
          "'\\u0000'",
          "'<|im_end|>'",
          "'<think>'",
          "'{{'",
          "'https://example.com/a.png'",
          "'data:;base64,A'",
          "{'$ref':'#'}",
          "[1,2,3]",
          "9007199254740993",
          "1e-400",
          "'(a+)+$'",
          "{'type':'object','pattern':'(a+)+$'}");

  /** The characters that one change repeats at most. */
  private static final int MAX_REPEATED = 1 << 20;

  private Requests() {}

  static ApiRequest request(Choices choices) {
    Valid valid = choices.of(VALID);
    JsonNode json = changed(choices, parse(valid.body()));
    boolean form = valid.path().equals(TRANSCRIPTIONS) && json.isObject();
    byte[] body = (form ? form(json) : json.toString()).getBytes(StandardCharsets.UTF_8);
    String path = choices.oneIn(16) ? choices.of(PATHS) : valid.path();
    String method = choices.oneIn(32) ? choices.of(METHODS) : "POST";
    Map<String, List<String>> headers = headers(choices);
    if (form) {
      headers.putIfAbsent("content-type", List.of("multipart/form-data; boundary=b"));
    }
    if (choices.oneIn(16)) {
      body = choices.rest();
    } else if (choices.oneIn(16) && body.length > 0) {
      body[(choices.next() * body.length) >> 8] = (byte) choices.next();
    }
    return new ApiRequest(method, path, headers, body);
  }

  /** An object as a form, whose values are texts. */
  private static String form(JsonNode object) {
    var form = new StringBuilder();
    object
        .properties()
        .forEach(
            field ->
                form.append(BOUNDARY)
                    .append("\r\nContent-Disposition: form-data; name=\"")
                    .append(field.getKey())
                    .append("\"\r\n\r\n")
                    .append(
                        field.getValue().isTextual()
                            ? field.getValue().textValue()
                            : field.getValue())
                    .append("\r\n"));
    return form.append(BOUNDARY).append("--\r\n").toString();
  }

  private static Map<String, List<String>> headers(Choices choices) {
    Map<String, List<String>> headers = new TreeMap<>();
    for (int i = choices.below(4); i > 0; i--) {
      String name = choices.oneIn(8) ? choices.text(12) : choices.of(HEADERS);
      String value = choices.oneIn(2) ? choices.text(40) : choices.of(HEADER_VALUES);
      headers.put(name, List.of(value));
    }
    return headers;
  }

  private static JsonNode changed(Choices choices, JsonNode valid) {
    JsonNode root = valid;
    for (int changes = choices.below(6); changes > 0; changes--) {
      List<JsonNode> places = new ArrayList<>();
      collect(root, places);
      if (places.isEmpty()) {
        return root;
      }
      change(choices, choices.of(places));
    }
    return choices.oneIn(64) ? value(choices) : root;
  }

  private static void collect(JsonNode node, List<JsonNode> places) {
    if (node.isContainerNode()) {
      places.add(node);
      node.forEach(child -> collect(child, places));
    }
  }

  private static void change(Choices choices, JsonNode place) {
    if (place instanceof ObjectNode object) {
      List<String> there = new ArrayList<>();
      object.fieldNames().forEachRemaining(there::add);
      boolean existing = !there.isEmpty() && !choices.oneIn(2);
      String name = existing ? choices.of(there) : name(choices);
      if (choices.oneIn(8)) {
        object.remove(name);
      } else {
        object.set(name, value(choices));
      }
    } else if (place instanceof ArrayNode array) {
      int at = array.isEmpty() ? 0 : choices.below(array.size());
      switch (choices.below(4)) {
        case 0 -> array.add(value(choices));
        case 1 -> array.insert(at, value(choices));
        case 2 -> array.remove(at);
        default -> repeat(array, at, choices.below(200));
      }
    }
  }

  private static void repeat(ArrayNode array, int at, int times) {
    if (!array.isEmpty() && array.size() < 1000) {
      JsonNode item = array.get(at);
      // Repeated items may hold repeated items: without a bound the test needs the memory.
      int most = Math.min(times, MAX_REPEATED / item.toString().length());
      for (int i = 0; i < most; i++) {
        array.add(item.deepCopy());
      }
    }
  }

  private static String name(Choices choices) {
    return choices.oneIn(8) ? choices.text(10) : choices.of(NAMES);
  }

  private static JsonNode value(Choices choices) {
    return switch (choices.below(8)) {
      case 0 -> JsonNodeFactory.instance.textNode(choices.text(40));
      case 1 -> JsonNodeFactory.instance.numberNode(choices.number());
      case 2 -> JsonNodeFactory.instance.numberNode(Double.longBitsToDouble(choices.number()));
      case 3 -> nested(choices.below(120));
      case 4 -> JsonNodeFactory.instance.textNode("x".repeat(choices.next() * choices.next()));
      case 5 -> parse(choices.of(VALID).body());
      default -> parse(choices.of(VALUES));
    };
  }

  private static JsonNode nested(int depth) {
    JsonNode inner = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < depth; i++) {
      inner = JsonNodeFactory.instance.objectNode().set("items", inner);
    }
    return inner;
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
