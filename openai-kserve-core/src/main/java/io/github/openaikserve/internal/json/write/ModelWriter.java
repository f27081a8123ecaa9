package io.github.openaikserve.internal.json.write;

import io.github.openaikserve.internal.json.JsonWriter;
import io.github.openaikserve.openai.ListModelsResponse;
import io.github.openaikserve.openai.Model;
import java.time.Instant;
import java.util.List;

/** A writer of models in the formats of OpenAI's and Anthropic's APIs. */
public final class ModelWriter {
  private ModelWriter() {}

  /** Writes a {@code model} of OpenAI's API. */
  public static byte[] write(Model model) {
    return JsonWriter.write(json -> write(json, model));
  }

  /** Writes a {@code list} of models of OpenAI's API. */
  public static byte[] write(ListModelsResponse models) {
    return JsonWriter.write(
        json -> json.field("object", "list").objects("data", models.data(), ModelWriter::write));
  }

  private static void write(JsonWriter json, Model model) {
    json.field("id", model.id())
        .field("object", "model")
        .field("created", model.created())
        .field("owned_by", model.ownedBy())
        .optional(
            "shutdown_date", model.shutdownDate() == null ? null : model.shutdownDate().toString())
        .optional("parent", model.parent())
        .optional("metadata", model.metadata().isEmpty() ? null : model.metadata());
  }

  /** Writes a {@code model} of Anthropic's API. */
  public static byte[] writeAnthropic(Model model) {
    return JsonWriter.write(json -> writeAnthropic(json, model));
  }

  /** Writes a page of models of Anthropic's API. */
  public static byte[] writeAnthropic(List<Model> models, boolean hasMore) {
    return JsonWriter.write(
        json ->
            json.objects("data", models, ModelWriter::writeAnthropic)
                .field("has_more", hasMore)
                .field("first_id", models.isEmpty() ? null : models.get(0).id())
                .field("last_id", models.isEmpty() ? null : models.get(models.size() - 1).id()));
  }

  /**
   * Writes a model. Anthropic's models also have a display name.
   *
   * <p>Source: {@code anthropics/anthropic-sdk-typescript}: {@code ModelInfo}.
   */
  private static void writeAnthropic(JsonWriter json, Model model) {
    json.field("type", "model")
        .field("id", model.id())
        .field("display_name", model.id())
        .field("created_at", Instant.ofEpochSecond(model.created()).toString())
        .field("lifecycle", "active");
  }
}
