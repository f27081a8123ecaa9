package io.github.openaikserve.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.openaikserve.anthropic.CreateMessageRequest;
import io.github.openaikserve.encoder.ClassifyRequest;
import io.github.openaikserve.encoder.RerankRequest;
import io.github.openaikserve.encoder.ScoreRequest;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateModerationRequest;
import io.github.openaikserve.openai.decisions.CreateDecisionRequest;
import io.github.openaikserve.openai.responses.CreateResponseRequest;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A reader of requests with limits. Thread-safe. */
public final class RequestJson {
  /**
   * The maximum number of levels of a path in an error message, such as {@code
   * tools[0].function.parameters}.
   */
  private static final int SHOWN_LEVELS = 4;

  private static final int SHOWN_NAME = 64;

  private final JsonLimits limits;
  private final JsonFactory factory;

  /** Creates a reader that rejects JSON that exceeds these limits. */
  public RequestJson(JsonLimits limits) {
    this.limits = limits;
    this.factory = JsonCodec.factory(limits);
  }

  /**
   * Reads a chat completion request.
   *
   * @throws InvalidRequestException naming the invalid field
   */
  public ChatBody chat(byte[] body) {
    JsonObject json = parse(body);
    CreateChatCompletionRequest request = ChatRequestReader.read(json);
    return new ChatBody(request, json.node("functions") != null && json.node("tools") == null);
  }

  /**
   * Reads a text completion request.
   *
   * @throws InvalidRequestException naming the invalid field
   */
  public CreateCompletionRequest completion(byte[] body) {
    return CompletionRequestReader.read(parse(body));
  }

  /**
   * Reads an embedding request.
   *
   * @throws InvalidRequestException naming the invalid field
   */
  public CreateEmbeddingRequest embedding(byte[] body) {
    return EmbeddingRequestReader.read(parse(body));
  }

  /**
   * Reads a rerank request.
   *
   * @throws InvalidRequestException naming the invalid field
   */
  public RerankRequest rerank(byte[] body) {
    return EncoderRequestReader.rerank(parse(body));
  }

  /**
   * Reads a score request.
   *
   * @throws InvalidRequestException naming the invalid field
   */
  public ScoreRequest score(byte[] body) {
    return EncoderRequestReader.score(parse(body));
  }

  /**
   * Reads a classification request.
   *
   * @throws InvalidRequestException naming the invalid field
   */
  public ClassifyRequest classify(byte[] body) {
    return EncoderRequestReader.classify(parse(body));
  }

  /**
   * Reads a moderation request.
   *
   * @throws InvalidRequestException naming the invalid field
   */
  public CreateModerationRequest moderation(byte[] body) {
    return EncoderRequestReader.moderation(parse(body));
  }

  /**
   * Reads a speech request.
   *
   * @throws InvalidRequestException naming the invalid field
   */
  public SpeechBody speech(byte[] body) {
    return SpeechRequestReader.read(parse(body));
  }

  /**
   * Reads a request of the Responses API.
   *
   * @throws InvalidRequestException naming the invalid field
   */
  public CreateResponseRequest response(byte[] body) {
    return ResponseRequestReader.read(parse(body));
  }

  /**
   * Reads a request of Anthropic's Messages API.
   *
   * @throws InvalidRequestException naming the invalid field
   */
  public CreateMessageRequest message(byte[] body) {
    return MessageRequestReader.read(parse(body));
  }

  /**
   * Reads a request for decisions.
   *
   * @throws InvalidRequestException naming the invalid field
   */
  public CreateDecisionRequest decision(byte[] body) {
    return DecisionRequestReader.read(parse(body));
  }

  /**
   * Reads a request for a conversation or for items of one. An empty body has no fields.
   *
   * @throws InvalidRequestException naming the invalid field
   */
  public ConversationBody conversation(byte[] body) {
    JsonObject json =
        body.length == 0 ? JsonObject.root(JsonNodeFactory.instance.objectNode()) : parse(body);
    return readConversation(json);
  }

  static ConversationBody readConversation(JsonObject json) {
    return new ConversationBody(
        ResponseRequestReader.metadata(json), json.objects("items", ResponseItemReader::read));
  }

  /**
   * Reads a request to tokenize a text or the prompt of a chat.
   *
   * @throws InvalidRequestException naming the invalid field
   */
  public TokenRequest tokenize(byte[] body) {
    return TokenRequestReader.tokenize(parse(body));
  }

  /**
   * Reads a request to convert tokens to text.
   *
   * @throws InvalidRequestException naming the invalid field
   */
  public DetokenizeRequest detokenize(byte[] body) {
    return TokenRequestReader.detokenize(parse(body));
  }

  private JsonObject parse(byte[] body) {
    if (!Utf8.isText(body)) {
      throw notJson(null, null, ": it is not valid UTF-8");
    }
    JsonNode root;
    try (JsonParser parser = new BoundedParser(factory.createParser(body), limits)) {
      root = read(parser);
    } catch (IOException | NumberFormatException e) { // NumberFormatException for 1e99999999999
      throw notJson(null, null, body.length == 0 ? ": it is empty" : where(e));
    }
    if (root == null || !root.isObject()) {
      throw notJson(null, null, ": it is not an object");
    }
    if (Surrogates.standAlone(body, root)) {
      throw notJson(null, null, ": it contains an unpaired surrogate, which is not a character");
    }
    return JsonObject.root(root);
  }

  private @Nullable JsonNode read(JsonParser parser) throws IOException {
    try {
      return JsonCodec.READER.readValue(parser);
    } catch (StreamConstraintsException e) {
      throw tooMuch(parser, e);
    }
  }

  private InvalidRequestException tooMuch(JsonParser parser, StreamConstraintsException e) {
    JsonStreamContext context = parser.getParsingContext();
    // In every version of Jackson, only the first word of the message identifies the exceeded
    // limit.
    String jacksons = String.valueOf(e.getOriginalMessage());
    if (context.getNestingDepth() > limits.depth()) {
      return over(
          context,
          e,
          "nesting_above_max_depth",
          "is nested more than %d levels deep",
          limits.depth());
    }
    if (jacksons.startsWith("String")) {
      return over(
          context, e, "string_above_max_length", "is longer than %d characters", limits.string());
    }
    if (jacksons.startsWith("Number")) {
      return over(
          context,
          e,
          "number_above_max_length",
          "is a number of more than %d characters",
          limits.digits());
    }
    return notJson(null, null, ": a number, a string or a name is too long" + where(e));
  }

  private static InvalidRequestException over(
      JsonStreamContext context,
      StreamConstraintsException e,
      String code,
      String what,
      int limit) {
    String field = field(context);
    return notJson(
        field,
        code,
        ": %s %s%s"
            .formatted(
                field == null ? "a value" : "'" + field + "'", what.formatted(limit), where(e)));
  }

  /**
   * Returns the beginning of the path, up to the first name that does not look like a field name,
   * because other names may be text of the caller. Null if nothing remains.
   */
  private static @Nullable String field(JsonStreamContext innermost) {
    Deque<JsonStreamContext> levels = new ArrayDeque<>();
    for (JsonStreamContext level = innermost;
        level != null && !level.inRoot();
        level = level.getParent()) {
      levels.push(level);
    }
    var path = new StringBuilder();
    int shown = 0;
    for (JsonStreamContext level : levels) {
      if (shown++ == SHOWN_LEVELS) {
        break;
      }
      if (level.inArray()) {
        path.append('[').append(level.getCurrentIndex()).append(']');
      } else if (isWord(level.getCurrentName())) {
        path.append(path.isEmpty() ? "" : ".").append(level.getCurrentName());
      } else {
        break;
      }
    }
    return path.isEmpty() ? null : path.toString();
  }

  private static boolean isWord(@Nullable String name) {
    return name != null
        && !name.isEmpty()
        && name.length() <= SHOWN_NAME
        && name.chars().allMatch(c -> (c >= 'a' && c <= 'z') || c == '_');
  }

  private static String where(Exception e) {
    JsonLocation location = e instanceof JsonProcessingException j ? j.getLocation() : null;
    return location == null
        ? ""
        : " (line %d, column %d)".formatted(location.getLineNr(), location.getColumnNr());
  }

  /** Returns an error without the parser's exception, because its message quotes the body. */
  static InvalidRequestException notJson(
      @Nullable String param, @Nullable String code, String why) {
    return InvalidRequestException.badValue(
        param,
        code,
        "We could not parse the JSON body of your request%s. The OpenAI API expects a JSON payload."
            .formatted(why));
  }
}
