package io.github.openaikserve.internal.tokens;

import io.github.openaikserve.chat.Tokenizer;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Renders prompts and turns texts into tokens and back. Sends nothing, except that the server of a
 * model is asked for its dialect if that is not known. Thread-safe.
 */
public final class TokenService {
  private final Engine engine;
  private final ModelRegistry models;

  /**
   * Creates a service over models.
   *
   * @param engine renders prompts
   */
  public TokenService(Engine engine, ModelRegistry models) {
    this.engine = engine;
    this.models = models;
  }

  /**
   * The tokens of a text. Immutable.
   *
   * @param pieces the text of each token; empty unless it was asked for
   * @param droppedParams the JSON names of the fields of the request that have no effect
   */
  public record Tokens(List<Integer> ids, List<String> pieces, List<String> droppedParams) {
    /** Copies the lists. */
    public Tokens {
      ids = List.copyOf(ids);
      pieces = List.copyOf(pieces);
      droppedParams = List.copyOf(droppedParams);
    }
  }

  /**
   * Returns the tokens of a text.
   *
   * @param model any name of the model; null for the default
   * @return fails with {@link InvalidRequestException} if the model has no tokenizer here
   */
  public CompletableFuture<Tokens> encode(@Nullable String model, String text, boolean pieces) {
    return models.find(model).thenApply(route -> tokens(tokenizer(route), text, pieces, List.of()));
  }

  /**
   * Returns the tokens of the prompt that a chat would send.
   *
   * @return fails with {@link InvalidRequestException} if the chat is not valid, or if the model
   *     has no tokenizer here
   */
  public CompletableFuture<Tokens> encode(
      CreateChatCompletionRequest chat, boolean pieces, CallContext context) {
    return engine
        .prompt(chat, context)
        .thenApply(
            prompt -> {
              Tokenizer tokenizer = tokenizer(prompt.route());
              return prompt.ids().isEmpty()
                  ? tokens(tokenizer, prompt.text(), pieces, prompt.droppedParams())
                  : tokens(tokenizer, prompt.ids(), pieces, prompt.droppedParams());
            });
  }

  /**
   * Returns the text of tokens.
   *
   * @param model any name of the model; null for the default
   * @return fails with {@link InvalidRequestException} if the model has no tokenizer here, or an id
   *     is not one of its tokens
   */
  public CompletableFuture<String> decode(@Nullable String model, List<Integer> tokens) {
    return models
        .find(model)
        .thenApply(
            route -> {
              Tokenizer tokenizer = tokenizer(route);
              int[] ids = tokens.stream().mapToInt(Integer::intValue).toArray();
              return checked("tokens", () -> tokenizer.decode(ids));
            });
  }

  private static Tokens tokens(
      Tokenizer tokenizer, String text, boolean pieces, List<String> dropped) {
    int[] ids = checked("prompt", () -> tokenizer.encode(text));
    return tokens(tokenizer, Arrays.stream(ids).boxed().toList(), pieces, dropped);
  }

  private static Tokens tokens(
      Tokenizer tokenizer, List<Integer> ids, boolean pieces, List<String> dropped) {
    List<String> texts = new ArrayList<>();
    if (pieces) {
      for (int id : ids) {
        texts.add(tokenizer.decode(new int[] {id}));
      }
    }
    return new Tokens(ids, texts, dropped);
  }

  private static Tokenizer tokenizer(Route route) {
    if (route.tokenCounter() instanceof Tokenizer tokenizer) {
      return tokenizer;
    }
    throw InvalidRequestException.badValue(
        "model",
        "unsupported_value",
        "The model '%s' has no tokenizer here: its model server does not offer one over this protocol."
            .formatted(route.id()));
  }

  /** Returns what a tokenizer returns; its refusal of an argument is the client's mistake. */
  private static <T> T checked(String param, Supplier<T> question) {
    try {
      return question.get();
    } catch (IllegalArgumentException e) {
      throw InvalidRequestException.badValue(
          param,
          "invalid_value",
          "Invalid '%s': %s"
              .formatted(param, InvalidRequestException.shown(String.valueOf(e.getMessage()))));
    }
  }
}
