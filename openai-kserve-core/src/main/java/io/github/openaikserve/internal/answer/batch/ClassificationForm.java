package io.github.openaikserve.internal.answer.batch;

import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.dialect.ClassScores;
import io.github.openaikserve.dialect.RequestKind;
import io.github.openaikserve.encoder.Classification;
import io.github.openaikserve.encoder.ClassifyRequest;
import io.github.openaikserve.encoder.ClassifyResponse;
import io.github.openaikserve.error.DialectException;
import io.github.openaikserve.internal.answer.text.TextBudget;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.internal.request.batch.TextInputs;
import io.github.openaikserve.openai.AbstractRequest;
import io.github.openaikserve.openai.EmbeddingInput;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The form of classification answers. */
final class ClassificationForm {
  /** The prefix with which the transformers library numbers classes without a name. */
  private static final String NUMBERED = "LABEL_";

  /** The maximum size of the scores and labels of one answer in bytes. */
  private static final long MAX_SCORES = 16 << 20;

  private ClassificationForm() {}

  static BatchForm<ClassifyResponse> of(ClassifyRequest request) {
    return of(
        request,
        request.input(),
        (route, outputs, head, usage) ->
            new ClassifyResponse(
                head.id(),
                head.created(),
                head.model(),
                classifications(route, outputs),
                usage,
                head.droppedParams()));
  }

  /** Returns the form of an answer that is made of scores of classes. */
  static <A> BatchForm<A> of(
      AbstractRequest request, EmbeddingInput input, BatchForm.AnswerFactory<A> answer) {
    return new BatchForm<>(
        new TextInputs(RequestKind.CLASSIFICATION, request, input, Map.of()),
        route -> {
          var budget = new TextBudget(MAX_SCORES, "scores");
          return output -> ((ClassScores) output).inputs().forEach(each -> spend(budget, each));
        },
        answer,
        false);
  }

  private static void spend(TextBudget budget, ClassScores.Input input) {
    budget.spend(input.scores().size() * Double.BYTES);
    input.labels().forEach(label -> budget.spend(label.length()));
  }

  /** Returns the classes of each input: the model's labels, in the order of the model's classes. */
  static List<Classification> classifications(Route route, List<BatchOutput> outputs) {
    List<String> configured = route.settings().tensors().labels();
    List<Classification> all = new ArrayList<>();
    for (BatchOutput output : outputs) {
      for (ClassScores.Input input : ((ClassScores) output).inputs()) {
        all.add(classification(all.size(), configured, input));
      }
    }
    return all;
  }

  private static Classification classification(
      int index, List<String> configured, ClassScores.Input input) {
    List<Double> scores = input.scores();
    if (input.labels().isEmpty() && configured.isEmpty()) {
      return new Classification(
          index, IntStream.range(0, scores.size()).mapToObj(i -> NUMBERED + i).toList(), scores);
    }
    if (configured.isEmpty()) {
      return new Classification(index, input.labels(), scores);
    }
    if (configured.size() != scores.size()) {
      throw new DialectException(
          "The model server answered with the scores of %d classes, but %d labels are configured for the model."
              .formatted(scores.size(), configured.size()));
    }
    return new Classification(
        index, configured, input.labels().isEmpty() ? scores : ordered(configured, input));
  }

  /**
   * Returns the scores in the order of the configured labels. The server may return labels or
   * numbers.
   */
  private static List<Double> ordered(List<String> configured, ClassScores.Input input) {
    List<Double> ordered = new ArrayList<>(configured.size());
    for (int i = 0; i < configured.size(); i++) {
      int named = input.labels().indexOf(configured.get(i));
      int at = named < 0 ? input.labels().indexOf(NUMBERED + i) : named;
      if (at < 0) {
        throw new DialectException(
            "The model server answered without a score of the configured label '%s'."
                .formatted(configured.get(i)));
      }
      ordered.add(input.scores().get(at));
    }
    return ordered;
  }
}
