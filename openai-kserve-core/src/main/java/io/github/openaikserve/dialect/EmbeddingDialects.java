package io.github.openaikserve.dialect;

import static io.github.openaikserve.dialect.RequestField.INPUT;
import static io.github.openaikserve.dialect.ResponseField.EMBEDDING;
import static io.github.openaikserve.kserve.Datatype.BYTES;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The dialects for embeddings that come with the library. */
public final class EmbeddingDialects {
  private EmbeddingDialects() {}

  /**
   * AnyServe with a worker that has the capability {@code embed}: {@code text} BYTES {@code [1]}
   * in, {@code embedding} FP32 {@code [d]} out.
   *
   * <p>One text to a call, and one call of a request at a time, because AnyServe forwards them one
   * by one and its handlers need not be thread-safe. The capability has no {@code model}, hence the
   * empty version. The server does not count tokens.
   *
   * <p>Source: {@code simpx/anyserve}: {@code examples/mvp_demo/embed_app.py}. AnyServe's built-in
   * llama.cpp worker has no such capability.
   */
  public static final EmbeddingDialect ANYSERVE = anyServe("embed", "").build();

  /**
   * Triton with its vLLM backend, from 25.11 on, and a model that embeds.
   *
   * <p>One text or one list of token ids to a call, as the JSON object {@code embedding_request};
   * the vector comes as JSON in {@code text_output}. {@code dimensions} goes as {@code
   * pooling_params}, which only models that were trained for it accept.
   *
   * <p>Source: {@code triton-inference-server/vllm_backend}: {@code src/utils/request.py}.
   */
  public static final EmbeddingDialect TRITON_VLLM = new VllmEmbeddings(Map.of());

  /**
   * The table of {@link #ANYSERVE} for another capability, to which rows can be added.
   *
   * @param type of the capability
   * @param model its {@code model} attribute; empty where it has none
   */
  public static EmbeddingDialectBuilder anyServe(String type, String model) {
    return EmbeddingDialect.builder("anyserve")
        .modelName(type)
        .modelVersion(model)
        .input("text", BYTES, INPUT)
        .output("embedding", EMBEDDING)
        .maxBatch(1)
        .maxConcurrency(1);
  }

  /**
   * A model that takes {@code text_input} BYTES {@code [n]} and gives {@code embedding_output} FP32
   * {@code [n, d]}, up to 32 texts to a call.
   *
   * <p>Source of the names: what {@code ai-dynamo/aiperf} sends to KServe v2 servers.
   */
  public static final EmbeddingDialect GENERIC = generic("text_input", "embedding_output");

  private static final List<EmbeddingDialect> ALL = List.of(ANYSERVE, TRITON_VLLM, GENERIC);

  /**
   * The same with other names of tensors. For other batches see {@link EmbeddingDialect#builder}.
   *
   * @param textTensor such as {@code inputs} where OpenVINO Model Server has the Universal Sentence
   *     Encoder
   * @param vectorTensor such as {@code outputs} there, or {@code output-0} of KServe's Hugging Face
   *     server, whose FP64 is rounded
   */
  public static EmbeddingDialect generic(String textTensor, String vectorTensor) {
    return EmbeddingDialect.builder("generic")
        .input(textTensor, BYTES, INPUT)
        .output(vectorTensor, EMBEDDING)
        .build();
  }

  /** Returns the dialect of this name; empty if there is none. */
  public static Optional<EmbeddingDialect> byName(String name) {
    return ALL.stream().filter(dialect -> dialect.name().equals(name)).findFirst();
  }

  /** The names of the dialects. */
  public static Stream<String> names() {
    return ALL.stream().map(EmbeddingDialect::name);
  }
}
