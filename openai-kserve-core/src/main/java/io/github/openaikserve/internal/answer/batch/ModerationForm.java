package io.github.openaikserve.internal.answer.batch;

import io.github.openaikserve.dialect.BatchOutput;
import io.github.openaikserve.encoder.Classification;
import io.github.openaikserve.error.InvalidRequestException;
import io.github.openaikserve.internal.model.Route;
import io.github.openaikserve.openai.CreateModerationRequest;
import io.github.openaikserve.openai.CreateModerationResponse;
import io.github.openaikserve.openai.CreateModerationResponse.Result;
import io.github.openaikserve.openai.EmbeddingInput;
import io.github.openaikserve.openai.ModerationCategory;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The form of moderation answers: scores of classes that are categories of harmful content. */
final class ModerationForm {
  private ModerationForm() {}

  static BatchForm<CreateModerationResponse> of(CreateModerationRequest request) {
    // Classifiers do not accept empty texts, so an empty text is sent as a space.
    List<String> texts = request.input().stream().map(text -> text.isEmpty() ? " " : text).toList();
    return ClassificationForm.of(
        request,
        new EmbeddingInput.Texts(texts),
        (route, outputs, head, usage) ->
            new CreateModerationResponse(
                head.id(), head.model(), results(route, outputs), head.droppedParams()));
  }

  private static List<Result> results(Route route, List<BatchOutput> outputs) {
    return ClassificationForm.classifications(route, outputs).stream()
        .map(classification -> result(route, classification))
        .toList();
  }

  private static Result result(Route route, Classification classes) {
    Map<ModerationCategory, Double> scores = new EnumMap<>(ModerationCategory.class);
    for (int i = 0; i < classes.labels().size(); i++) {
      double score = classes.probabilities().get(i);
      category(route, classes.labels().get(i))
          .ifPresent(category -> scores.merge(category, score, Math::max));
    }
    if (scores.isEmpty()) {
      throw InvalidRequestException.badValue(
          "model",
          "unsupported_value",
          "The model '%s' does not support the moderations API: none of its %d labels is a moderation category."
              .formatted(route.id(), classes.labels().size()));
    }
    return new Result(scores, route.settings().tensors().moderationThreshold());
  }

  private static Optional<ModerationCategory> category(Route route, String label) {
    ModerationCategory configured = route.settings().tensors().categories().get(label);
    return configured == null ? ModerationCategory.of(label) : Optional.of(configured);
  }
}
