package io.github.openaikserve.internal.answer.batch;

import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.dialect.PairScores;
import io.github.openaikserve.dialect.RequestField;
import io.github.openaikserve.encoder.RerankRequest;
import io.github.openaikserve.encoder.RerankResponse;
import io.github.openaikserve.encoder.RerankResponse.Result;
import io.github.openaikserve.encoder.ScoreRequest;
import io.github.openaikserve.encoder.ScoreResponse;
import io.github.openaikserve.internal.request.batch.ScoreInputs;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The form of rerank and score answers. */
final class ScoreForm {
  private ScoreForm() {}

  static BatchForm<RerankResponse> of(RerankRequest request) {
    List<String> documents = request.documents();
    Map<RequestField, Object> more = new EnumMap<>(RequestField.class);
    if (request.topN() != null) {
      more.put(RequestField.TOP_N, request.topN());
    }
    if (request.returnDocuments() != null) {
      more.put(RequestField.RETURN_DOCUMENTS, request.returnDocuments());
    }
    var inputs =
        new ScoreInputs(
            request,
            Collections.nCopies(documents.size(), request.query()),
            documents,
            more,
            Map.of());
    return BatchForm.of(
        inputs,
        (route, outputs, head, usage) ->
            new RerankResponse(
                head.id(),
                head.model(),
                results(request, scores(outputs)),
                documents.size(),
                usage,
                head.droppedParams()));
  }

  private static List<Result> results(RerankRequest request, List<Double> scores) {
    boolean repeats = Boolean.TRUE.equals(request.returnDocuments());
    return IntStream.range(0, scores.size())
        .mapToObj(i -> new Result(i, scores.get(i), repeats ? request.documents().get(i) : null))
        .sorted(Comparator.comparingDouble(Result::relevanceScore).reversed())
        .limit(request.topN() == null ? scores.size() : request.topN())
        .toList();
  }

  static BatchForm<ScoreResponse> of(ScoreRequest request) {
    List<String> second = request.text2();
    List<String> first = request.text1();
    var inputs =
        new ScoreInputs(
            request,
            first.size() == 1 ? Collections.nCopies(second.size(), first.get(0)) : first,
            second,
            Map.of(),
            Map.of(RequestField.QUERY, "text_1", RequestField.DOCUMENTS, "text_2"));
    return BatchForm.of(
        inputs,
        (route, outputs, head, usage) ->
            new ScoreResponse(
                head.id(),
                head.created(),
                head.model(),
                scores(outputs),
                usage,
                head.droppedParams()));
  }

  private static List<Double> scores(List<BatchOutput> outputs) {
    return outputs.stream().flatMap(output -> ((PairScores) output).scores().stream()).toList();
  }
}
