package io.github.openaikserve.internal.answer;

import io.github.openaikserve.chat.TokenCounter;
import io.github.openaikserve.dialect.EmbeddingVectors;
import io.github.openaikserve.internal.flow.Translator;
import io.github.openaikserve.internal.model.Route;
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

/** The vectors of one call after the other to the whole answer. One per request. */
final class EmbeddingFold implements Translator<EmbeddingVectors, CreateEmbeddingResponse> {
  private final Route route;
  private final CreateEmbeddingRequest request;
  private final List<String> droppedParams;
  private final CallWatch watch;
  private final List<Embedding> data;
  private long toldTokens;
  private boolean allTold = true;

  EmbeddingFold(
      Route route, CreateEmbeddingRequest request, List<String> droppedParams, CallWatch watch) {
    this.route = route;
    this.request = request;
    this.droppedParams = droppedParams;
    this.watch = watch;
    this.data = new ArrayList<>(request.input().size());
  }

  @Override
  public void next(EmbeddingVectors answer, Consumer<? super CreateEmbeddingResponse> output) {
    for (ByteBuffer vector : answer.vectors()) {
      data.add(new Embedding(data.size(), vector));
    }
    if (answer.promptTokens() == null) {
      allTold = false;
    } else {
      toldTokens += answer.promptTokens();
    }
  }

  @Override
  public void end(Consumer<? super CreateEmbeddingResponse> output) {
    String model = request.model();
    Usage usage = usage();
    watch.used(new CompletionUsage(usage.promptTokens(), 0, usage.estimated()));
    output.accept(
        new CreateEmbeddingResponse(
            model == null ? route.id() : model, data, usage, droppedParams));
  }

  private Usage usage() {
    long tokens = allTold ? toldTokens : counted(request.input(), route.tokenCounter());
    return new Usage((int) Math.min(Integer.MAX_VALUE, tokens), !allTold);
  }

  private static long counted(EmbeddingInput input, TokenCounter counter) {
    return input instanceof EmbeddingInput.Texts texts
        ? texts.texts().stream().mapToLong(counter::count).sum()
        : ((EmbeddingInput.Tokens) input).tokens().stream().mapToLong(List::size).sum();
  }
}
