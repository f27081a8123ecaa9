package io.github.openaikserve.dialect;

import static io.github.openaikserve.dialect.RequestField.PROMPT;
import static io.github.openaikserve.dialect.ResponseField.TEXT;
import static io.github.openaikserve.kserve.Datatype.BYTES;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.backend.ModelDescription;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** The dialects that come with the library, and the detection of a model's dialect. */
public final class Dialects {
  private Dialects() {}

  /**
   * AnyServe with its llama.cpp worker.
   *
   * <p>The model name is a capability and the model version its {@code model} attribute. Only typed
   * contents are read. Where a request leaves {@code max_tokens} out, -1 asks for text until the
   * context is full; the worker would stop at 256 tokens. Its defaults for sampling are temperature
   * 0.7, top_p 0.95 and top_k 40. A stream says {@code null} until it says {@code stop}; a unary
   * answer tells neither why it ended nor how long it is. An answer without outputs is how a failed
   * handler looks. Embeds with a worker that has the capability {@code embed}: {@code text} BYTES
   * {@code [1]} in, {@code embedding} FP32 {@code [d]} out, one text to a call and one call of a
   * request at a time. AnyServe's own llama.cpp worker has no such capability: its dispatcher then
   * answers NOT_FOUND.
   *
   * <p>Source: {@code simpx/anyserve}: {@code python/anyserve/builtins/llamacpp/app.py}, {@code
   * engine.py}, {@code python/anyserve/kserve.py}.
   */
  public static final Dialect ANYSERVE = anyServe("anyserve").build();

  /**
   * Triton with its vLLM backend, of the newest release; older ones by {@link Dialect#fitTo}.
   *
   * <p>Always decoupled. Sampling parameters go as one JSON object with nothing but the keys that
   * vLLM has: an unknown one would fail the request. A {@code response_format} goes as {@code
   * structured_outputs}, which it is called since 25.11; {@link #tritonVllm} takes another name.
   * vLLM would generate 16 tokens where a request does not say how many. It ends at the model's end
   * tokens by itself, so those of a chat template are not sent. From 25.11 on, models that embed
   * take one text or one list of token ids to a call, as the JSON object {@code embedding_request},
   * which the backend reserves for Triton's own frontend and may change; the vector comes as JSON
   * in {@code text_output}. {@code dimensions} goes as {@code pooling_params}, which only models
   * that were trained for it accept.
   *
   * <p>Source: {@code triton-inference-server/vllm_backend}: {@code src/model.py}, {@code
   * src/utils/request.py}, {@code src/utils/vllm_backend_utils.py}.
   */
  public static final Dialect TRITON_VLLM = tritonVllm(TritonVllm.STRUCTURED_OUTPUTS).build();

  /**
   * TensorRT-LLM on Triton: the {@code ensemble}, or {@code tensorrt_llm_bls} where it does not
   * accumulate tokens. Of the newest release; older ones by {@link Dialect#fitTo}.
   *
   * <p>Tensors have a batch dimension. No finish reason is told: {@code length} is found by
   * comparing token counts. Stop words stay in the text, which the library cuts. Asked on a stream
   * always, which answers for every model; a model that is not decoupled refuses {@code stream:
   * true}, unless this is fitted to it or built with {@link DialectBuilder#unary}.
   *
   * <p>Source: {@code NVIDIA/TensorRT-LLM}: {@code
   * triton_backend/all_models/inflight_batcher_llm/ensemble/config.pbtxt}, {@code
   * tensorrt_llm_bls/1/model.py}.
   */
  public static final Dialect TENSORRT_LLM = tensorRtLlm("tensorrt-llm").build();

  /**
   * The same for {@code tensorrt_llm_bls} with its parameter {@code accumulate_tokens}: each
   * response of a stream brings the whole text so far.
   */
  public static final Dialect TENSORRT_LLM_BLS =
      tensorRtLlm("tensorrt-llm-bls").cumulativeText().build();

  /**
   * TensorRT-LLM on Triton: the model of the LLM API, whose tensors are called {@code
   * sampling_param_...}.
   *
   * <p>Text is cumulative, tokens are not counted. Stop sequences are not sent, because the server
   * fails with them: the library cuts, and a whole answer with stop sequences is folded from a
   * stream. Asked on a stream always; a model that is not decoupled, which is its default, refuses
   * {@code stream: true}, unless this is fitted to it or built with {@link DialectBuilder#unary}.
   *
   * <p>Source: {@code NVIDIA/TensorRT-LLM}: {@code triton_backend/all_models/llmapi/tensorrt_llm}.
   */
  public static final Dialect TENSORRT_LLM_API = tensorRtLlmApi().build();

  /**
   * NVIDIA Dynamo's KServe frontend.
   *
   * <p>Takes the prompt and whether to stream, and refuses any other input: {@code max_tokens} and
   * {@code temperature} are fixed by the deployment. Whole answers are folded from a stream, so
   * that they can be cut at {@code max_tokens}.
   *
   * <p>Source: {@code ai-dynamo/dynamo}: {@code lib/llm/src/grpc/service/openai.rs}.
   */
  public static final Dialect DYNAMO = Dynamo.table().build();

  /**
   * MLServer with its Hugging Face runtime and a text-generation pipeline.
   *
   * <p>Has only whole answers, which is what a stream gets as its only piece. A temperature of 0
   * turns sampling off. Neither finish reason nor token counts are told. Where a request does not
   * say how many tokens, 256 are generated.
   *
   * <p>Source: {@code SeldonIO/MLServer}: {@code runtimes/huggingface/mlserver_huggingface}.
   */
  public static final Dialect MLSERVER_HUGGINGFACE = MlServerHuggingFace.table().build();

  /**
   * A model that embeds: {@code text_input} BYTES {@code [n]} in, {@code embedding_output} FP32
   * {@code [n, d]} out, up to 32 texts to a call.
   *
   * <p>Source of the names: what {@code ai-dynamo/aiperf} sends to KServe v2 servers.
   */
  public static final Dialect EMBEDDINGS = embeddings("text_input", "embedding_output");

  /**
   * A model that scores pairs of texts, such as a cross-encoder: {@code query} BYTES {@code [1]}
   * and {@code documents} BYTES {@code [n]} in, {@code scores} FP32 {@code [n]} out, up to 32
   * documents to a call. No server prescribes these names: they are a convention of this library.
   */
  public static final Dialect SCORES =
      Dialect.builder("scores")
          .input("query", BYTES, RequestField.QUERY)
          .input("documents", BYTES, RequestField.DOCUMENTS)
          .output("scores", ResponseField.SCORE)
          .build();

  /**
   * A model that classifies texts: {@code text} BYTES {@code [n]} in, {@code scores} FP32 {@code
   * [n, classes]} and, if the model names its classes, {@code labels} BYTES out, up to 32 texts to
   * a call. No server prescribes these names: they are a convention of this library.
   */
  public static final Dialect CLASSIFICATION =
      Dialect.builder("classification")
          .input("text", BYTES, RequestField.INPUT)
          .output("scores", ResponseField.CLASS_SCORES)
          .output("labels", ResponseField.LABELS)
          .build();

  /**
   * MLServer with its Hugging Face runtime and a text-classification pipeline: classifies texts,
   * and scores pairs of texts if the model has a single class.
   *
   * <p>Source: {@code SeldonIO/MLServer}: {@code runtimes/huggingface/mlserver_huggingface}.
   */
  public static final Dialect MLSERVER_CLASSIFICATION =
      MlServerHuggingFace.classification().build();

  /** The dialects of models that generate no text. */
  private static final List<Dialect> TENSORS =
      List.of(SCORES, CLASSIFICATION, MLSERVER_CLASSIFICATION);

  /** Every server's dialect that has a name; a new server is one line here. */
  private static final List<Dialect> ALL =
      List.of(
          ANYSERVE,
          TRITON_VLLM,
          TENSORRT_LLM,
          TENSORRT_LLM_BLS,
          TENSORRT_LLM_API,
          DYNAMO,
          MLSERVER_HUGGINGFACE);

  /** The table of {@link #ANYSERVE}, for a worker that takes more: rows can be added to it. */
  public static DialectBuilder anyServe(String name) {
    return AnyServe.table(name);
  }

  /**
   * The same table for capabilities of a worker of your own: {@code @app.capability(type=...,
   * model=...)}. Rows can be added to it; a capability that has no stream is {@link
   * DialectBuilder#unary}, one that only streams uses {@link DialectBuilder#decoupled}. Embeds only
   * if {@link DialectBuilder#also} says how.
   *
   * @param type of the capability that gives whole answers
   * @param streamType of the one that gives pieces
   * @param model the {@code model} attribute of both; empty where they have none, AnyServe's
   *     dispatcher matches the attribute exactly
   */
  public static DialectBuilder anyServe(String type, String streamType, String model) {
    return AnyServe.capability("anyserve", type, streamType, model);
  }

  /**
   * The table of {@link #TRITON_VLLM}, to which rows can be added.
   *
   * @param structuredOutputs the key of a {@code response_format}: {@code guided_decoding} before
   *     25.11
   */
  public static DialectBuilder tritonVllm(String structuredOutputs) {
    return TritonVllm.table(structuredOutputs);
  }

  /** The table of {@link #TENSORRT_LLM}, to which rows can be added. */
  public static DialectBuilder tensorRtLlm(String name) {
    return TensorRtLlm.table(name);
  }

  /** The table of {@link #TENSORRT_LLM_API}, to which rows can be added. */
  public static DialectBuilder tensorRtLlmApi() {
    return TensorRtLlmApi.table();
  }

  /**
   * The smallest of tables, to which rows can be added: a prompt as BYTES {@code [1]} in one input,
   * the text in one output, by {@code ModelInfer} or, for streams, {@code ModelStreamInfer}.
   */
  public static DialectBuilder generic(String promptTensor, String textTensor) {
    return Dialect.builder("generic").input(promptTensor, BYTES, PROMPT).output(textTensor, TEXT);
  }

  /**
   * The table for AnyServe's capabilities that embed, to which rows can be added. One text to a
   * call.
   *
   * @param type of the capability
   * @param model its {@code model} attribute; empty where it has none
   */
  public static DialectBuilder anyServeEmbeddings(String type, String model) {
    return AnyServe.embeddings(type, model);
  }

  /**
   * The dialect of a model that embeds, with these names of tensors. For other batches see {@link
   * Dialect#builder}.
   *
   * @param textTensor such as {@code inputs} where OpenVINO Model Server has the Universal Sentence
   *     Encoder
   * @param vectorTensor such as {@code outputs} there, or {@code output-0} of KServe's Hugging Face
   *     server, whose FP64 is rounded
   */
  public static Dialect embeddings(String textTensor, String vectorTensor) {
    return Dialect.builder("generic")
        .input(textTensor, BYTES, RequestField.INPUT)
        .output(vectorTensor, ResponseField.EMBEDDING)
        .build();
  }

  /** Returns the dialect for embeddings of this name, {@code generic} for {@link #EMBEDDINGS}. */
  public static Optional<Dialect> embeddingsByName(String name) {
    return embedding().filter(dialect -> dialect.name().equals(name)).findFirst();
  }

  /** The names of the dialects for embeddings. */
  public static Stream<String> embeddingNames() {
    return embedding().map(Dialect::name);
  }

  private static Stream<Dialect> embedding() {
    return Stream.concat(
        ALL.stream().flatMap(dialect -> dialect.serving(RequestKind.EMBEDDING).stream()),
        Stream.of(EMBEDDINGS));
  }

  static Stream<Dialect> all() {
    return Stream.concat(TENSORS.stream(), ALL.stream());
  }

  /** Returns the dialect of this name; empty if there is none. */
  public static Optional<Dialect> byName(String name) {
    return all().filter(dialect -> dialect.name().equals(name)).findFirst();
  }

  /** The names of the dialects that score or classify, and generate no text. */
  public static Stream<String> tensorNames() {
    return TENSORS.stream().map(Dialect::name);
  }

  /** The names of the dialects that generate text. */
  public static Stream<String> names() {
    return ALL.stream().map(Dialect::name);
  }

  /**
   * Detects the dialect of a model. Sends three metadata requests.
   *
   * @return fails with {@link io.github.openaikserve.error.BackendException} if the server cannot
   *     be reached
   */
  public static CompletableFuture<Detection> detect(InferenceBackend backend, String modelName) {
    return detect(backend, modelName, "");
  }

  /**
   * Detects the dialect of one version of a model; see {@link #detect(InferenceBackend, String)}.
   */
  public static CompletableFuture<Detection> detect(
      InferenceBackend backend, String modelName, String modelVersion) {
    return ModelDescription.read(backend, modelName, modelVersion).thenApply(Dialects::detect);
  }

  /** Returns the dialect of a model by its metadata. Sends nothing. */
  public static Detection detect(ModelDescription model) {
    return Detector.detect(model);
  }
}
