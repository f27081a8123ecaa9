package io.github.openaikserve.llamacpp;

import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.PoolingType;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Embeds texts with llama.cpp. Thread-safe; embeds one text at a time.
 *
 * <p>A model of llama.cpp either generates or embeds. So this class opens the file a second time,
 * with the first text; the weights are mapped and shared, only the context is separate. The vector
 * of a text is that of its last token, because in a generating model only the last token depends on
 * all others. The vector has length 1.
 */
final class LlamaEmbedder implements AutoCloseable {
  /** The tokens that llama.cpp may add before and after a text. */
  private static final int SPECIAL_TOKENS = 2;

  private final Path gguf;
  private final int threads;
  private final int contextSize;
  private @Nullable LlamaModel model;
  private boolean closed;

  /**
   * Creates an embedder, which opens the model with the first text.
   *
   * @param contextSize the maximum number of tokens of a text, including added special tokens
   */
  LlamaEmbedder(Path gguf, int threads, int contextSize) {
    this.gguf = gguf;
    this.threads = threads;
    this.contextSize = contextSize;
  }

  /**
   * Returns the vector of a text.
   *
   * @throws BadRequestException if the text has no tokens or does not fit into the context
   * @throws IllegalStateException after {@link #close}
   */
  synchronized float[] embed(String text) {
    LlamaModel opened = opened();
    int tokens = PromptSize.of(text, opened, contextSize);
    if (tokens == 0) { // llama.cpp's binding would abort the process
      throw new BadRequestException("The text has no tokens");
    }
    int available = contextSize - SPECIAL_TOKENS;
    if (tokens > available) {
      throw new BadRequestException(
          "The text has %d tokens, but the context holds %d".formatted(tokens, available));
    }
    return opened.embed(text);
  }

  private LlamaModel opened() {
    if (closed) {
      throw new IllegalStateException("the worker is closed");
    }
    LlamaModel opened = model;
    if (opened == null) {
      NativeLibrary.load();
      opened =
          new LlamaModel(
              new ModelParameters()
                  .setModel(gguf.toString())
                  .setThreads(threads)
                  .setThreadsBatch(threads)
                  .setCtxSize(contextSize)
                  // A text is one batch.
                  .setBatchSize(contextSize)
                  .setUbatchSize(contextSize)
                  // With more slots, a text with fewer tokens than slots aborts the process.
                  .setParallel(1)
                  .setPoolingType(PoolingType.LAST)
                  .enableEmbedding()
                  .disableLog());
      model = opened;
    }
    return opened;
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (model != null) {
      model.close();
      model = null;
    }
  }
}
