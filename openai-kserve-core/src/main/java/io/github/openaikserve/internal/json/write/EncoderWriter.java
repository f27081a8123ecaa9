package io.github.openaikserve.internal.json.write;

import io.github.openaikserve.encoder.Classification;
import io.github.openaikserve.encoder.ClassifyResponse;
import io.github.openaikserve.encoder.RerankResponse;
import io.github.openaikserve.encoder.ScoreResponse;
import io.github.openaikserve.internal.json.JsonWriter;
import io.github.openaikserve.openai.CreateEmbeddingResponse;
import io.github.openaikserve.openai.CreateEmbeddingResponse.Usage;
import io.github.openaikserve.openai.CreateModerationResponse;
import io.github.openaikserve.openai.EncodingFormat;
import io.github.openaikserve.openai.ModerationCategory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A writer of embeddings, reranked documents, scores, classes and moderations. */
public final class EncoderWriter {
  private EncoderWriter() {}

  /**
   * Writes a {@code list} of embeddings. The vectors are written directly from their bytes, because
   * an answer may have millions of numbers.
   *
   * @param format the format of the vectors; null for numbers
   */
  public static byte[] write(CreateEmbeddingResponse answer, @Nullable EncodingFormat format) {
    return JsonWriter.write(
        json -> {
          json.field("object", "list")
              .objects(
                  "data",
                  answer.data(),
                  (each, embedding) -> {
                    each.field("object", "embedding").field("index", embedding.index());
                    if (format == EncodingFormat.BASE64) {
                      each.base64("embedding", embedding.bytes());
                    } else {
                      each.floats("embedding", embedding.bytes());
                    }
                  })
              .field("model", answer.model());
          usage(json, answer.usage());
        });
  }

  /** Writes one object with the fields of Cohere's, Jina's and vLLM's answers. */
  public static byte[] write(RerankResponse answer) {
    return JsonWriter.write(
        json -> {
          json.field("id", answer.id())
              .field("model", answer.model())
              .objects("results", answer.results(), EncoderWriter::write)
              .object(
                  "meta",
                  meta ->
                      meta.field("api_version", Map.of("version", "2"))
                          .field("billed_units", Map.of("search_units", answer.searchUnits())));
          usage(json, answer.usage());
        });
  }

  private static void write(JsonWriter json, RerankResponse.Result result) {
    String document = result.document();
    json.field("index", result.index())
        .field("relevance_score", result.relevanceScore())
        .optional("document", document == null ? null : Map.of("text", document));
  }

  /** Writes a {@code list} of scores. */
  public static byte[] write(ScoreResponse answer) {
    List<Double> scores = answer.scores();
    return JsonWriter.write(
        json -> {
          head(json, answer.id(), answer.created(), answer.model());
          json.objects(
              "data",
              IntStream.range(0, scores.size()).boxed().toList(),
              (each, index) ->
                  each.field("index", index)
                      .field("object", "score")
                      .field("score", scores.get(index)));
          usage(json, answer.usage());
        });
  }

  /** Writes a {@code list} of classes. */
  public static byte[] write(ClassifyResponse answer) {
    return JsonWriter.write(
        json -> {
          head(json, answer.id(), answer.created(), answer.model());
          json.objects("data", answer.data(), EncoderWriter::write);
          usage(json, answer.usage());
        });
  }

  private static void write(JsonWriter json, Classification input) {
    json.field("index", input.index())
        .field("label", input.label())
        .field("probs", input.probabilities())
        .field("num_classes", input.labels().size())
        // Not in vLLM's answers. Necessary because a server may sort classes by score.
        .field("labels", input.labels());
  }

  /** Writes moderations. */
  public static byte[] write(CreateModerationResponse answer) {
    return JsonWriter.write(
        json ->
            json.field("id", answer.id())
                .field("model", answer.model())
                .objects("results", answer.results(), EncoderWriter::write));
  }

  private static void write(JsonWriter json, CreateModerationResponse.Result result) {
    json.field("flagged", result.flagged())
        .field("categories", byCategory(result::belongsTo))
        .field("category_scores", byCategory(result::score))
        .field(
            "category_applied_input_types",
            byCategory(
                category -> result.scores().containsKey(category) ? List.of("text") : List.of()));
  }

  private static Map<String, Object> byCategory(Function<ModerationCategory, Object> value) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (ModerationCategory category : ModerationCategory.values()) {
      values.put(category.value(), value.apply(category));
    }
    return values;
  }

  private static void head(JsonWriter json, String id, long created, String model) {
    json.field("id", id).field("object", "list").field("created", created).field("model", model);
  }

  private static void usage(JsonWriter json, Usage usage) {
    json.object(
        "usage",
        fields ->
            fields
                .field("prompt_tokens", usage.promptTokens())
                .field("total_tokens", usage.totalTokens())
                .optional("estimated", usage.estimated() ? true : null));
  }
}
