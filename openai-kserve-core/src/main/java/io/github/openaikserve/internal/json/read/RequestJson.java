package io.github.openaikserve.internal.json.read;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.openaikserve.anthropic.CreateMessageRequest;
import io.github.openaikserve.encoder.ClassifyRequest;
import io.github.openaikserve.encoder.RerankRequest;
import io.github.openaikserve.encoder.ScoreRequest;
import io.github.openaikserve.internal.json.JsonCodec;
import io.github.openaikserve.internal.json.JsonLimits;
import io.github.openaikserve.openai.CreateCompletionRequest;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateModerationRequest;
import io.github.openaikserve.openai.decisions.CreateDecisionRequest;
import io.github.openaikserve.openai.responses.CreateResponseRequest;

/**
 * A reader of requests with limits. Each method throws an {@link
 * io.github.openaikserve.error.InvalidRequestException} that names the invalid field. Thread-safe.
 */
public final class RequestJson {
  private final JsonLimits limits;
  private final JsonFactory factory;

  /** Creates a reader that rejects JSON that exceeds these limits. */
  public RequestJson(JsonLimits limits) {
    this.limits = limits;
    this.factory = JsonCodec.factory(limits);
  }

  /** Reads a chat completion request. */
  public ChatBody chat(byte[] body) {
    return ChatBody.read(parse(body));
  }

  /** Reads a text completion request. */
  public CreateCompletionRequest completion(byte[] body) {
    return GenerationRequestReader.completion(parse(body));
  }

  /** Reads an embedding request. */
  public CreateEmbeddingRequest embedding(byte[] body) {
    return EncoderRequestReader.embedding(parse(body));
  }

  /** Reads a rerank request. */
  public RerankRequest rerank(byte[] body) {
    return EncoderRequestReader.rerank(parse(body));
  }

  /** Reads a score request. */
  public ScoreRequest score(byte[] body) {
    return EncoderRequestReader.score(parse(body));
  }

  /** Reads a classification request. */
  public ClassifyRequest classify(byte[] body) {
    return EncoderRequestReader.classify(parse(body));
  }

  /** Reads a moderation request. */
  public CreateModerationRequest moderation(byte[] body) {
    return EncoderRequestReader.moderation(parse(body));
  }

  /** Reads a speech request. */
  public SpeechBody speech(byte[] body) {
    return SpeechBody.read(parse(body));
  }

  /** Reads a request of the Responses API. */
  public CreateResponseRequest response(byte[] body) {
    return ResponseRequestReader.read(parse(body));
  }

  /** Reads a request of Anthropic's Messages API. */
  public CreateMessageRequest message(byte[] body) {
    return MessageRequestReader.read(parse(body));
  }

  /** Reads a request for decisions. */
  public CreateDecisionRequest decision(byte[] body) {
    return DecisionRequestReader.read(parse(body));
  }

  /** Reads a request to tokenize a text or the prompt of a chat. */
  public TokenRequest tokenize(byte[] body) {
    return TokenRequest.read(parse(body));
  }

  /** Reads a request to convert tokens to text. */
  public DetokenizeRequest detokenize(byte[] body) {
    return DetokenizeRequest.read(parse(body));
  }

  /** Reads a request for a conversation or for items of one. An empty body has no fields. */
  public ConversationBody conversation(byte[] body) {
    return ConversationBody.read(
        body.length == 0 ? JsonObject.root(JsonNodeFactory.instance.objectNode()) : parse(body));
  }

  private JsonObject parse(byte[] body) {
    return JsonObject.root(BodyParser.parse(body, factory, limits));
  }
}
