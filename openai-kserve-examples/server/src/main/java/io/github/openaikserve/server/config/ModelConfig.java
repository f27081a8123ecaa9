package io.github.openaikserve.server.config;

import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Setting;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A served model. Immutable. */
public record ModelConfig(
    @Setting("Name that clients use.") String id,
    @Setting("Further names.") List<String> aliases,
    @Setting(value = "Name of its model server.", unset = "the only one") Optional<String> backend,
    @Setting(
            value =
                "Protocol of its tensors: a [name](dialects), `auto` to ask the server, or a table.",
            unset = "`auto`",
            type = DialectChoice.Named.class)
        Optional<DialectChoice> dialect,
    @Setting(
            value =
                "Tensors that every generation sends in addition to its dialect's inputs, such as"
                    + " a LoRA adapter: `{tensor: lora_task_id, datatype: UINT64, value: 7}`, or keys"
                    + " of a tensor's JSON, `{tensor: sampling_parameters, json: {lora_name: alpha}}`.",
            unset = "none")
        List<ConstantTensor> constants,
    @Setting(
            value = "Protocol of its embeddings: `anyserve`, `triton-vllm`, `generic`, or a table.",
            unset = "the dialect's own",
            type = EmbeddingTable.Named.class)
        Optional<Dialect> embeddings,
    @Setting(
            value = "Labels of a classifier's classes, in their order.",
            unset = "the server's own, else `LABEL_0` and so on")
        List<String> labels,
    @Setting("How a classifier answers `/v1/moderations`.") ModerationConfig moderation,
    @Setting(
            "Cut vectors to the `dimensions` of a request and normalize them, for models that were"
                + " trained for it (Matryoshka).")
        boolean shortensVectors,
    @Setting(value = "Name at its model server.", unset = "the id") Optional<String> modelName,
    @Setting(value = "Version at its model server.", unset = "the dialect's own", min = 0)
        Optional<String> modelVersion,
    ChatConfig chat,
    TimeoutConfig timeouts,
    @Setting(
            value = "Generations of one request that run at the same time.",
            unset = "8",
            max = 1024)
        Optional<Integer> concurrency,
    @Setting("Reject fields that have no effect.") boolean strict,
    @Setting(
            "Take whole answers from a unary call also where the dialect collects them from a"
                + " stream: cheaper, with estimated usage, and `max_tokens` enforced by that estimate"
                + " where the server does not receive it.")
        boolean unaryAnswers,
    @Setting(
            value =
                "The model's `generation_config.json`, whose values are defaults too, as with `vllm"
                    + " serve`; `defaults` come first.",
            unset = "none",
            type = ModelDefaults.GenerationConfig.class)
        Optional<Path> generationConfig,
    @Setting(
            value =
                "Values of fields that requests leave out, such as `{temperature: 0.7, top_k: 40}`;"
                    + " see [fields](API.md).",
            unset = "the server's own",
            type = ModelDefaults.class)
        Map<String, Object> defaults,
    @Setting(
            value =
                "LoRA adapters that are models for clients: their ids, each with the server's name,"
                    + " such as `{llama-sql: sql-v2}`.",
            unset = "none")
        Map<String, String> adapters,
    @Setting(
            value =
                "What separates the id from the server's name of any LoRA adapter: with `:`, clients"
                    + " call `llama:sql-v2`.",
            unset = "only `adapters` are served")
        Optional<String> adapterSeparator,
    @Setting(value = "Name of its owner.", unset = "`openai-kserve`") Optional<String> ownedBy,
    @Setting(
            value = "First day on which it is not served, such as `2027-03-31`, for its users.",
            unset = "none announced")
        Optional<LocalDate> shutdownDate,
    @Setting(
            value = "Serve requests that name no model.",
            unset = "the first model does",
            key = "default")
        boolean isDefault) {
  /** Checks that the name of the model has an effect. */
  public ModelConfig {
    boolean fixed =
        dialect.flatMap(DialectChoice::dialect).filter(Dialects.ANYSERVE::equals).isPresent();
    if (fixed && modelName.isPresent()) {
      throw new Mistake(
          "model_name",
          "has no effect with the dialect 'anyserve', which calls 'generate' and"
              + " 'generate_stream'; write dialect: {anyserve: {type: NAME, stream_type: NAME,"
              + " model: NAME}} for other capabilities");
    }
  }

  /** Returns whether the server is asked for the dialect. */
  public boolean detects(BackendConfig server) {
    return dialect.isPresent()
        ? dialect.get().dialect().isEmpty()
        : embeddings.isEmpty() && !server.worker().embedded();
  }
}
