package io.github.openaikserve.internal.json.read;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.json.JsonLimits;
import io.github.openaikserve.openai.ChatCompletionRequestMessage;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.openai.CreateCompletionRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Requests in JSON with ' for ", and what comes of them. */
public final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String MESSAGES = "'messages': [{'role': 'user', 'content': 'hi'}]";

  private Json() {}

  public static byte[] bytes(String json) {
    return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }

  public static CreateChatCompletionRequest chat(String json) {
    return new RequestJson(JsonLimits.DEFAULT).chat(bytes(json)).request();
  }

  /** A chat of one message with these fields besides. */
  public static CreateChatCompletionRequest chatWith(String fields) {
    return chat("{%s, %s}".formatted(MESSAGES, fields));
  }

  /** A chat of these messages, which are one JSON object or several with commas between them. */
  public static ChatCompletionRequestMessage message(String message) {
    return chat("{'messages': [%s]}".formatted(message)).messages().get(0);
  }

  public static CreateCompletionRequest completion(String json) {
    return new RequestJson(JsonLimits.DEFAULT).completion(bytes(json));
  }

  /** A completion of one prompt with these fields besides. */
  public static CreateCompletionRequest completionWith(String fields) {
    return completion("{'prompt': 'once', %s}".formatted(fields));
  }

  public static InvalidRequestException refusalOf(Reading reading) {
    return catchThrowableOfType(InvalidRequestException.class, reading::read);
  }

  public static JsonNode parse(byte[] json) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static String string(byte[] json) {
    return new String(json, StandardCharsets.UTF_8);
  }

  /** Reads something that is refused. */
  @FunctionalInterface
  public interface Reading {
    Object read();
  }
}
