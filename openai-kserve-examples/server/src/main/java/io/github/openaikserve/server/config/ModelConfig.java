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
    @Setting("Name of the model for clients.") String id,
    @Setting("Further names of the model for clients.") List<String> aliases,
    @Setting(value = "Name of the model's server in `backends`.", unset = "the only one")
        Optional<String> backend,
    @Setting(
            value =
                "Dialect of the model's tensors: a [name](dialects), `auto` to detect it from the"
                    + " server, or a table.",
            unset = "`auto`",
            type = DialectChoice.Named.class)
        Optional<DialectChoice> dialect,
    @Setting(
            value =
                "Tensors that every generation sends in addition to the dialect's inputs, such as a"
                    + " LoRA adapter: `{tensor: lora_task_id, datatype: UINT64, value: 7}`, or keys"
                    + " of a tensor's JSON: `{tensor: sampling_parameters, json: {lora_name:"
                    + " alpha}}`.",
            unset = "none")
        List<ConstantTensor> constants,
    @Setting(
            value =
                "Dialect of the model's embeddings: `anyserve`, `triton-vllm`, `generic`, or a"
                    + " table.",
            unset = "the dialect's own",
            type = EmbeddingTable.Named.class)
        Optional<Dialect> embeddings,
    @Setting(
            value = "Labels of a classifier's classes, in the order of its output.",
            unset = "the server's own, else `LABEL_0`, `LABEL_1` and so on")
        List<String> labels,
    @Setting("Mapping of a classifier's labels to `/v1/moderations`.") ModerationConfig moderation,
    @Setting(
            "Shorten embedding vectors to the `dimensions` of a request and normalize them, for"
                + " models that were trained for it (Matryoshka).")
        boolean shortensVectors,
    @Setting(value = "Name of the model at its server.", unset = "the id")
        Optional<String> modelName,
    @Setting(value = "Version of the model at its server.", unset = "the dialect's own", min = 0)
        Optional<String> modelVersion,
    ChatConfig chat,
    TimeoutConfig timeouts,
    @Setting(
            value = "Maximum number of concurrent generations of one request.",
            unset = "8",
            max = 1024)
        Optional<Integer> concurrency,
    @Setting("Reject requests with fields that have no effect at the model's server.")
        boolean strict,
    @Setting(
            "Request whole answers by a unary call, also if the dialect collects them from a"
                + " stream: cheaper, but usage is estimated, and `max_tokens` is enforced by that"
                + " estimate if the server does not receive it.")
        boolean unaryAnswers,
    @Setting(
            value =
                "File `generation_config.json` of the model, whose values are defaults, as with"
                    + " `vllm serve`; `defaults` override them.",
            unset = "none",
            type = ModelDefaults.GenerationConfig.class)
        Optional<Path> generationConfig,
    @Setting(
            value =
                "Values of request fields that a request leaves out, such as"
                    + " `{temperature: 0.7, top_k: 40}`; see [fields](API.md).",
            unset = "the server's own",
            type = ModelDefaults.class)
        Map<String, Object> defaults,
    @Setting(
            value =
                "LoRA adapters that clients use as models: the id for clients and the server's name"
                    + " of each, such as `{llama-sql: sql-v2}`.",
            unset = "none")
        Map<String, String> adapters,
    @Setting(
            value =
                "Separator between the model's id and the server's name of any LoRA adapter: with"
                    + " `:`, clients can use `llama:sql-v2`.",
            unset = "only `adapters` are served")
        Optional<String> adapterSeparator,
    @Setting(value = "Owner of the model in `/v1/models`.", unset = "`openai-kserve`")
        Optional<String> ownedBy,
    @Setting(
            value = "Announced first day without the model, such as `2027-03-31`.",
            unset = "none announced")
        Optional<LocalDate> shutdownDate,
    @Setting(
            value = "Use this model for requests without a model.",
            unset = "`true` for the first model",
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

  /** Returns whether the dialect is detected from the server. */
  public boolean detects(BackendConfig server) {
    return dialect.isPresent()
        ? dialect.get().dialect().isEmpty()
        : embeddings.isEmpty() && !server.worker().embedded();
  }
}
