package io.github.openaikserve.dialect;

import static io.github.openaikserve.kserve.Datatype.BYTES;

import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.backend.ModelDescription;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** The built-in dialects, and the detection of a model's dialect. */
public final class Dialects {
  private Dialects() {}

  /**
   * AnyServe with its llama.cpp worker.
   *
   * <p>The model name is a capability and the model version its {@code model} attribute. The server
   * reads only typed contents. If a request omits {@code max_tokens}, -1 is sent, which generates
   * until the context is full; the worker's default would stop at 256 tokens. The worker's sampling
   * defaults are temperature 0.7, top_p 0.95 and top_k 40. In a stream, the finish reason is {@code
   * null} until it is {@code stop}. A unary answer has neither a finish reason nor token counts. A
   * response without outputs means that the handler failed. Embeddings require a worker with the
   * capability {@code embed}: {@code text} BYTES {@code [1]} in, {@code embedding} FP32 {@code [d]}
   * out, with one text per call and one call of a request at a time. AnyServe's llama.cpp worker
   * does not have that capability, so its dispatcher answers NOT_FOUND.
   *
   * <p>Source: {@code simpx/anyserve}: {@code python/anyserve/builtins/llamacpp/app.py}, {@code
   * engine.py}, {@code python/anyserve/kserve.py}.
   */
  public static final Dialect ANYSERVE = anyServe("anyserve").build();

  /**
   * Triton with its vLLM backend, in the newest release. {@link Dialect#adaptTo} adapts it to older
   * releases.
   *
   * <p>Always decoupled. Sampling parameters are sent as one JSON object that contains only keys
   * known to vLLM, because an unknown key would fail the request. {@code response_format} is sent
   * as {@code structured_outputs}, its name since 25.11; {@link #tritonVllm} accepts another name.
   * vLLM's default would generate only 16 tokens. vLLM ends at the model's end tokens itself, so
   * those of a chat template are not sent. Since 25.11, embedding models accept one text or one
   * list of token ids per call, in the JSON object {@code embedding_request}. The backend reserves
   * it for Triton's own frontend and may change it. The vector is returned as JSON in {@code
   * text_output}. {@code dimensions} is sent as {@code pooling_params}, which only models trained
   * for it accept.
   *
   * <p>Source: {@code triton-inference-server/vllm_backend}: {@code src/model.py}, {@code
   * src/utils/request.py}, {@code src/utils/vllm_backend_utils.py}.
   */
  public static final Dialect TRITON_VLLM = tritonVllm(TritonVllm.STRUCTURED_OUTPUTS).build();

  /**
   * TensorRT-LLM on Triton: the {@code ensemble}, or {@code tensorrt_llm_bls} without {@code
   * accumulate_tokens}, in the newest release. {@link Dialect#adaptTo} adapts it to older releases.
   *
   * <p>Tensors have a batch dimension. The server reports no finish reason; {@code length} is
   * determined by comparing token counts. Stop words remain in the text, which this library cuts.
   * Always uses a stream, which works for every model. A model that is not decoupled rejects {@code
   * stream: true}, unless this dialect is adapted to it or built with {@link DialectBuilder#unary}.
   *
   * <p>Source: {@code NVIDIA/TensorRT-LLM}: {@code
   * triton_backend/all_models/inflight_batcher_llm/ensemble/config.pbtxt}, {@code
   * tensorrt_llm_bls/1/model.py}.
   */
  public static final Dialect TENSORRT_LLM = tensorRtLlm("tensorrt-llm").build();

  /**
   * TensorRT-LLM on Triton: {@code tensorrt_llm_bls} with its parameter {@code accumulate_tokens}.
   * Like {@link #TENSORRT_LLM}, but each response of a stream contains the whole text so far.
   */
  public static final Dialect TENSORRT_LLM_BLS =
      tensorRtLlm("tensorrt-llm-bls").cumulativeText().build();

  /**
   * TensorRT-LLM on Triton: the model of the LLM API, whose tensors are named {@code
   * sampling_param_...}.
   *
   * <p>Text is cumulative; tokens are not counted. Stop sequences are not sent, because the server
   * fails with them. Instead this library cuts the text, and aggregates unstreamed answers with
   * stop sequences from a stream. Always uses a stream, like {@link #TENSORRT_LLM}; models are not
   * decoupled by default.
   *
   * <p>Source: {@code NVIDIA/TensorRT-LLM}: {@code triton_backend/all_models/llmapi/tensorrt_llm}.
   */
  public static final Dialect TENSORRT_LLM_API = tensorRtLlmApi().build();

  /**
   * NVIDIA Dynamo's KServe frontend.
   *
   * <p>The server accepts only the prompt and the streaming flag and rejects any other input;
   * {@code max_tokens} and {@code temperature} are fixed by the deployment. Unstreamed answers are
   * aggregated from a stream, so that they can be cut at {@code max_tokens}.
   *
   * <p>Source: {@code ai-dynamo/dynamo}: {@code lib/llm/src/grpc/service/openai.rs}.
   */
  public static final Dialect DYNAMO = Dynamo.table().build();

  /**
   * MLServer with its Hugging Face runtime and a text-generation pipeline.
   *
   * <p>The server has only whole answers; streaming callers receive them as a single chunk. A
   * temperature of 0 disables sampling. The server reports neither a finish reason nor token
   * counts. If a request does not set the number of tokens, 256 are generated.
   *
   * <p>Source: {@code SeldonIO/MLServer}: {@code runtimes/huggingface/mlserver_huggingface}.
   */
  public static final Dialect MLSERVER_HUGGINGFACE = MlServer.table().build();

  /**
   * An embedding model: {@code text_input} BYTES {@code [n]} in, {@code embedding_output} FP32
   * {@code [n, d]} out, with up to 32 texts per call.
   *
   * <p>Source of the names: the requests of {@code ai-dynamo/aiperf} to KServe v2 servers.
   */
  public static final Dialect EMBEDDINGS = embeddings("text_input", "embedding_output");

  /**
   * A model that scores pairs of texts, such as a cross-encoder: {@code query} BYTES {@code [1]}
   * and {@code documents} BYTES {@code [n]} in, {@code scores} FP32 {@code [n]} out, with up to 32
   * documents per call. The names are a convention of this library; no server prescribes them.
   */
  public static final Dialect SCORES =
      Dialect.builder("scores")
          .input("query", BYTES, RequestField.QUERY)
          .input("documents", BYTES, RequestField.DOCUMENTS)
          .output("scores", ResponseField.SCORE)
          .build();

  /**
   * A model that classifies texts: {@code text} BYTES {@code [n]} in, {@code scores} FP32 {@code
   * [n, classes]} and, if the model has labels, {@code labels} BYTES out, with up to 32 texts per
   * call. The names are a convention of this library; no server prescribes them.
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
  public static final Dialect MLSERVER_CLASSIFICATION = MlServer.classification().build();

  /** The dialects of models that do not generate text. */
  private static final List<Dialect> TENSORS =
      List.of(SCORES, CLASSIFICATION, MLSERVER_CLASSIFICATION);

  /** All named dialects for generating text. Add a new server here. */
  private static final List<Dialect> ALL =
      List.of(
          ANYSERVE,
          TRITON_VLLM,
          TENSORRT_LLM,
          TENSORRT_LLM_BLS,
          TENSORRT_LLM_API,
          DYNAMO,
          MLSERVER_HUGGINGFACE);

  /**
   * Returns the table of {@link #ANYSERVE}, to which rows can be added for workers with more
   * inputs.
   */
  public static DialectBuilder anyServe(String name) {
    return AnyServe.table(name);
  }

  /**
   * Returns the table of {@link #ANYSERVE} for capabilities of a custom worker:
   * {@code @app.capability(type=..., model=...)}. Rows can be added to it. Use {@link
   * DialectBuilder#unary} for a capability without streams, and {@link DialectBuilder#decoupled}
   * for one that only streams. Embeddings require a dialect added with {@link DialectBuilder#also}.
   *
   * @param type the type of the capability for whole answers
   * @param streamType the type of the capability for streams
   * @param model the {@code model} attribute of both; empty if they have none. AnyServe's
   *     dispatcher matches the attribute exactly
   */
  public static DialectBuilder anyServe(String type, String streamType, String model) {
    return AnyServe.capability("anyserve", type, streamType, model);
  }

  /**
   * Returns the table of {@link #TRITON_VLLM}, to which rows can be added.
   *
   * @param structuredOutputs the key for {@code response_format}; {@code guided_decoding} before
   *     25.11
   */
  public static DialectBuilder tritonVllm(String structuredOutputs) {
    return TritonVllm.table(structuredOutputs);
  }

  /** Returns the table of {@link #TENSORRT_LLM}, to which rows can be added. */
  public static DialectBuilder tensorRtLlm(String name) {
    return TensorRtLlm.table(name);
  }

  /** Returns the table of {@link #TENSORRT_LLM_API}, to which rows can be added. */
  public static DialectBuilder tensorRtLlmApi() {
    return TensorRtLlm.llmApi();
  }

  /**
   * Returns a minimal table, to which rows can be added. It has the prompt as BYTES {@code [1]} in
   * one input and the text in one output, and uses {@code ModelInfer} or, for streams, {@code
   * ModelStreamInfer}.
   */
  public static DialectBuilder generic(String promptTensor, String textTensor) {
    return Dialect.builder("generic")
        .input(promptTensor, BYTES, RequestField.PROMPT)
        .output(textTensor, ResponseField.TEXT);
  }

  /**
   * Returns the table for embedding capabilities of AnyServe, to which rows can be added. One text
   * per call.
   *
   * @param type the type of the capability
   * @param model its {@code model} attribute; empty for none
   */
  public static DialectBuilder anyServeEmbeddings(String type, String model) {
    return AnyServe.embeddings(type, model);
  }

  /**
   * Returns the dialect of an embedding model with these tensor names. For other batch sizes use
   * {@link Dialect#builder}.
   *
   * @param textTensor the input, such as {@code inputs} of the Universal Sentence Encoder on
   *     OpenVINO Model Server
   * @param vectorTensor the output, such as {@code outputs} there, or {@code output-0} of KServe's
   *     Hugging Face server, whose FP64 values are rounded
   */
  public static Dialect embeddings(String textTensor, String vectorTensor) {
    return Dialect.builder("generic")
        .input(textTensor, BYTES, RequestField.INPUT)
        .output(vectorTensor, ResponseField.EMBEDDING)
        .build();
  }

  /** Returns the embedding dialect with this name, {@code generic} for {@link #EMBEDDINGS}. */
  public static Optional<Dialect> embeddingsByName(String name) {
    return embedding().filter(dialect -> dialect.name().equals(name)).findFirst();
  }

  /** Returns the names of the embedding dialects. */
  public static Stream<String> embeddingNames() {
    return embedding().map(Dialect::name);
  }

  private static Stream<Dialect> embedding() {
    return Stream.concat(ALL.stream(), Stream.of(EMBEDDINGS))
        .flatMap(dialect -> dialect.serving(RequestKind.EMBEDDING).stream());
  }

  static Stream<Dialect> all() {
    return Stream.concat(TENSORS.stream(), ALL.stream());
  }

  /** Returns the dialect with this name; empty if there is none. */
  public static Optional<Dialect> byName(String name) {
    return all().filter(dialect -> dialect.name().equals(name)).findFirst();
  }

  /** Returns the names of the dialects that score or classify and do not generate text. */
  public static Stream<String> tensorNames() {
    return TENSORS.stream().map(Dialect::name);
  }

  /** Returns the names of the dialects that generate text. */
  public static Stream<String> names() {
    return ALL.stream().map(Dialect::name);
  }

  /**
   * Detects the dialect of a model. Sends three metadata requests. The future fails with {@link
   * io.github.openaikserve.error.BackendException} if the server cannot be reached.
   */
  public static CompletableFuture<DetectedModel> detect(
      InferenceBackend backend, String modelName) {
    return detect(backend, modelName, "");
  }

  /** Detects the dialect of one version; see {@link #detect(InferenceBackend, String)}. */
  public static CompletableFuture<DetectedModel> detect(
      InferenceBackend backend, String modelName, String modelVersion) {
    return ModelDescription.read(backend, modelName, modelVersion).thenApply(Dialects::detect);
  }

  /** Detects the dialect of a model from its metadata. Sends nothing. */
  public static DetectedModel detect(ModelDescription model) {
    return ModelDetector.detect(model);
  }
}
