package io.github.openaikserve.internal.tokens;

import io.github.openaikserve.chat.Tokenizer;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.answer.ChatForm;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.CallContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A service that renders prompts, encodes texts as tokens and decodes tokens. Sends no generation;
 * it queries a model's server only if the dialect is unknown. Thread-safe.
 */
public final class TokenService {
  private final Engine engine;
  private final ModelRegistry models;

  /**
   * Creates a service for the registered models.
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
   * @param pieces the text of each token; empty unless requested
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
   * @return fails with {@link InvalidRequestException} if the model has no tokenizer
   */
  public CompletableFuture<Tokens> encode(@Nullable String model, String text, boolean pieces) {
    return models.find(model).thenApply(route -> tokens(tokenizer(route), text, pieces, List.of()));
  }

  /**
   * Returns the tokens of the prompt that a chat request would send.
   *
   * @return fails with {@link InvalidRequestException} if the request is invalid or the model has
   *     no tokenizer
   */
  public CompletableFuture<Tokens> encode(
      ChatForm<?, ?> chat, boolean pieces, CallContext context) {
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
   * @return fails with {@link InvalidRequestException} if the model has no tokenizer, or an id is
   *     not a token of the model
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
        "The model '%s' has no tokenizer. Set a Tokenizer as its tokenCounter: the model server does not provide one."
            .formatted(route.id()));
  }

  /** Returns a tokenizer's result. If the tokenizer rejects an argument, the request is invalid. */
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
