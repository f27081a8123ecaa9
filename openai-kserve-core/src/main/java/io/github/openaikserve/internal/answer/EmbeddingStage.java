package io.github.openaikserve.internal.answer;

import io.github.openaikserve.chat.TokenCounter;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.EmbeddingVectors;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.flow.Stage;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.FieldHandlings;
import io.github.openaikserve.kserve.InferResponse;
import io.github.openaikserve.openai.CompletionUsage;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import io.github.openaikserve.openai.Embedding;
import io.github.openaikserve.openai.EmbeddingInput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The stage between the response to each batch of inputs and the whole answer, whose vectors all
 * have the same length: the requested one, if there is one.
 */
final class EmbeddingStage implements Stage<InferResponse, CreateEmbeddingResponse> {
  private final CreateEmbeddingRequest request;
  private final List<String> droppedParams;
  private final List<EmbeddingCall> calls;
  private final AnswerStage.Termination termination;
  private final @Nullable EmbeddingVectors[] answers;
  private @Nullable Consumer<? super CreateEmbeddingResponse> output;
  private @Nullable CompletionUsage usage;
  private int length = -1;

  /**
   * Creates a stage.
   *
   * @param calls one for each batch
   */
  EmbeddingStage(
      CreateEmbeddingRequest request,
      List<String> droppedParams,
      List<EmbeddingCall> calls,
      AnswerStage.Termination termination) {
    this.request = request;
    this.droppedParams = droppedParams;
    this.calls = calls;
    this.termination = termination;
    this.answers = new EmbeddingVectors[calls.size()];
  }

  @Override
  public void onStart(Consumer<? super CreateEmbeddingResponse> output) {
    this.output = output;
  }

  @Override
  public void onNext(int source, InferResponse response) {
    EmbeddingCall call = calls.get(source);
    try {
      answers[source] = decode(response, call);
    } catch (DialectException e) {
      call.reject(e);
      throw e;
    }
  }

  private EmbeddingVectors decode(InferResponse response, EmbeddingCall call) {
    EmbeddingVectors answer = call.decode(response);
    if (answer.vectors().size() != call.inputs()) {
      throw new DialectException(
          "The model server answered with %d vectors; expected %d."
              .formatted(answer.vectors().size(), call.inputs()));
    }
    answer.vectors().forEach(vector -> check(vector, call.route()));
    return answer;
  }

  private void check(ByteBuffer vector, Route route) {
    int found = vector.remaining() / Float.BYTES;
    int expected = length < 0 ? expectedLength(found, route) : length;
    if (found != expected) {
      throw new DialectException(
          "The model server answered with a vector of length %d; expected %d."
              .formatted(found, expected));
    }
    length = found;
  }

  private int expectedLength(int found, Route route) {
    Dialect dialect = route.requireEmbeddingDialect();
    Integer requested = request.dimensions();
    if (requested != null && dialect.carries(RequestField.DIMENSIONS)) {
      return requested;
    }
    int own = dialect.dimensions().orElse(found);
    if (requested != null && requested != own) {
      // Only now is it known that the model cannot do what was requested.
      throw FieldHandlings.rejected(route, RequestField.DIMENSIONS.jsonName());
    }
    return own;
  }

  @Override
  public void onSourceComplete(int source) {
    if (answers[source] == null) {
      throw new DialectException("The model server ended the call without an answer.");
    }
    calls.get(source).release();
  }

  @Override
  public void onComplete() {
    List<Embedding> data = new ArrayList<>(request.input().size());
    long reported = 0;
    boolean allReported = true;
    var counts = new TokenCounts();
    for (EmbeddingVectors answer : answers) {
      if (answer == null) {
        throw new IllegalStateException("a batch has no answer");
      }
      answer.vectors().forEach(vector -> data.add(new Embedding(data.size(), vector)));
      Integer tokens = answer.promptTokens();
      allReported &= tokens != null;
      reported += tokens == null ? 0 : counts.reported(tokens);
    }
    Route route = calls.get(0).route();
    long tokens = allReported ? reported : counted(request.input(), route.tokenCounter());
    int total = (int) Math.min(TokenCounts.MAX, tokens);
    usage = new CompletionUsage(total, 0, !allReported);
    String model = request.model() == null ? route.id() : request.model();
    if (output != null) {
      output.accept(
          new CreateEmbeddingResponse(model, data, new Usage(total, !allReported), droppedParams));
    }
  }

  private static long counted(EmbeddingInput input, TokenCounter counter) {
    return input instanceof EmbeddingInput.Texts texts
        ? texts.texts().stream().mapToLong(counter::count).sum()
        : ((EmbeddingInput.Tokens) input).tokens().stream().mapToLong(List::size).sum();
  }

  @Override
  public void onTerminate(@Nullable Throwable failure, boolean cancelled) {
    termination.terminated(failure, cancelled, usage);
  }
}
