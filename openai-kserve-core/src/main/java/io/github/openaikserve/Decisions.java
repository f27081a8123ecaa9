package io.github.openaikserve;

import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.internal.answer.Engine;
import io.github.openaikserve.internal.decisions.DecisionChat;
import io.github.openaikserve.internal.request.CallContext;
import io.github.openaikserve.openai.decisions.CreateDecisionRequest;
import io.github.openaikserve.openai.decisions.Decision;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Decisions with probabilities: {@code /v1/decisions}. Thread-safe.
 *
 * <p>Each question is one call, whose answer is one token: the letter of an option. Its
 * probabilities are those of the letters, so the model needs a server that returns log
 * probabilities. The first failure cancels the other calls. A method takes a request, or a function
 * that sets the fields of one. {@link OpenAiKServe#with} sets time limits, headers and ids.
 * Failures are {@link OpenAiException}s.
 *
 * <pre>{@code
 * Decision decision =
 *     openai.decisions().create(r -> r
 *         .input("The package arrived with a broken screen.")
 *         .predicate("damaged", "Does the customer report a damaged item?"));
 * }</pre>
 */
public final class Decisions {
  private final Engine engine;
  private final CallContext context;

  Decisions(Engine engine, CallContext context) {
    this.engine = engine;
    this.context = context;
  }

  /**
   * Returns the decisions. Blocks until they have arrived; an interrupt cancels the calls.
   *
   * @throws OpenAiException if the request is invalid, the model has no log probabilities, or the
   *     backend fails
   * @throws java.util.concurrent.CancellationException if the thread is interrupted; the interrupt
   *     status is preserved
   */
  public Decision create(CreateDecisionRequest request) {
    return Calls.await(createAsync(request));
  }

  /** Creates a request with a builder and calls {@link #create(CreateDecisionRequest)}. */
  public Decision create(Consumer<CreateDecisionRequest.Builder> request) {
    return create(build(request));
  }

  /**
   * Returns a future of the decisions. Cancelling it cancels the calls. Never throws: an invalid
   * request fails the future. Continuations run on threads of the backend and must not block.
   */
  public CompletableFuture<Decision> createAsync(CreateDecisionRequest request) {
    return Calls.whole(() -> engine.chat(new DecisionChat(request), false, context));
  }

  /** Creates a request with a builder and calls {@link #createAsync(CreateDecisionRequest)}. */
  public CompletableFuture<Decision> createAsync(Consumer<CreateDecisionRequest.Builder> request) {
    return Calls.whole(() -> engine.chat(new DecisionChat(build(request)), false, context));
  }

  private static CreateDecisionRequest build(Consumer<CreateDecisionRequest.Builder> request) {
    var builder = CreateDecisionRequest.builder();
    request.accept(builder);
    return builder.build();
  }
}
