package io.github.openaikserve.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.model.embedding.request.EmbeddingRequest;
import dev.langchain4j.model.embedding.response.EmbeddingResponse;
import dev.langchain4j.model.output.TokenUsage;
import io.github.openaikserve.openai.CreateEmbeddingRequest;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import io.github.openaikserve.openai.EmbeddingInput;
import java.util.ArrayList;
import java.util.List;

/** Splits LangChain4j's embedding requests to OpenAI's limit of inputs, and joins the answers. */
final class EmbeddingBatches {
  private EmbeddingBatches() {}

  static List<CreateEmbeddingRequest> requests(EmbeddingRequest request) {
    var all =
        request.inputs().stream()
            .map(dev.langchain4j.model.embedding.request.EmbeddingInput::text)
            .toList();
    List<CreateEmbeddingRequest> requests = new ArrayList<>();
    for (int from = 0; from < all.size(); from += EmbeddingInput.MAX_SIZE) {
      List<String> batch = all.subList(from, Math.min(all.size(), from + EmbeddingInput.MAX_SIZE));
      requests.add(
          CreateEmbeddingRequest.builder()
              .model(request.modelName())
              .input(new EmbeddingInput.Texts(batch))
              .dimensions(request.dimensions())
              .build());
    }
    return requests;
  }

  static EmbeddingResponse response(List<CreateEmbeddingResponse> answers) {
    List<Embedding> embeddings = new ArrayList<>();
    int tokens = 0;
    for (CreateEmbeddingResponse answer : answers) {
      answer.data().forEach(embedding -> embeddings.add(Embedding.from(embedding.vector())));
      tokens += answer.usage().promptTokens();
    }
    return EmbeddingResponse.builder()
        .embeddings(embeddings)
        .modelName(answers.get(0).model())
        .tokenUsage(new TokenUsage(tokens, 0, tokens))
        .build();
  }
}
