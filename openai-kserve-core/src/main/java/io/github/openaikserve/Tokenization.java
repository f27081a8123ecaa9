package io.github.openaikserve;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.ChatForm;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.model.ModelRegistry;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.internal.request.RenderedPrompt;
import io.github.openaikserve.internal.tokens.TokenService;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The tokenization resource: {@code /tokenize}, {@code /detokenize} and {@code /apply-template}.
 * Thread-safe.
 *
 * <p>Encoding and decoding require a model whose {@code tokenCounter} is a {@link
 * io.github.openaikserve.chat.Tokenizer}. No generation is sent to the model's server; it is
 * queried only to detect an unknown dialect. Failures are {@link OpenAiException}s.
 */
public final class Tokenization {
  private final Engine engine;
  private final TokenService service;
  private final CallContext context;

  Tokenization(Engine engine, ModelRegistry models, CallContext context) {
    this.engine = engine;
    this.service = new TokenService(engine, models);
    this.context = context;
  }

  /**
   * Returns the token ids of a text.
   *
   * @param model any name of the model; null for the default
   * @throws OpenAiException if no model has that name, or the model has no tokenizer
   */
  public int[] encode(@Nullable String model, String text) {
    return ids(service.encode(model, text, false));
  }

  /**
   * Returns the token ids of the prompt that a chat request would send.
   *
   * @throws OpenAiException if the request is invalid, or its model has no tokenizer
   */
  public int[] encode(CreateChatCompletionRequest request) {
    return ids(service.encode(ChatForm.of(request), false, context));
  }

  /** Calls {@link #encode(CreateChatCompletionRequest)} with the request that is built. */
  public int[] encode(Consumer<CreateChatCompletionRequest.Builder> request) {
    return encode(build(request));
  }

  /**
   * Returns the text of token ids.
   *
   * @param model any name of the model; null for the default
   * @throws OpenAiException if no model has that name, the model has no tokenizer, or a number is
   *     not a token id
   */
  public String decode(@Nullable String model, int... tokens) {
    return Calls.await(service.decode(model, Arrays.stream(tokens).boxed().toList()));
  }

  /**
   * Returns the prompt that a chat request would send, rendered by the model's chat template.
   *
   * @throws OpenAiException if the request is invalid
   */
  public String render(CreateChatCompletionRequest request) {
    CompletableFuture<RenderedPrompt> prompt = engine.prompt(ChatForm.of(request), context);
    return Calls.await(prompt).text();
  }

  /** Calls {@link #render(CreateChatCompletionRequest)} with the request that is built. */
  public String render(Consumer<CreateChatCompletionRequest.Builder> request) {
    return render(build(request));
  }

  private static int[] ids(CompletableFuture<TokenService.Tokens> tokens) {
    return Calls.await(tokens).ids().stream().mapToInt(Integer::intValue).toArray();
  }

  private static CreateChatCompletionRequest build(
      Consumer<CreateChatCompletionRequest.Builder> request) {
    var builder = CreateChatCompletionRequest.builder();
    request.accept(builder);
    return builder.build();
  }
}
