package io.github.openaikserve.llamacpp;

import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import de.kherud.llama.args.PoolingType;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Embeds texts with llama.cpp. Thread-safe: one text after the other.
 *
 * <p>llama.cpp either generates or embeds, so this opens the model's file a second time when the
 * first text comes; the weights are mapped and shared, only the context is another one. A text's
 * vector is that of its last token, which in a model that generates is the only one that has seen
 * all of them; its length is 1.
 */
final class LlamaEmbedder implements AutoCloseable {
  /** What llama.cpp may put before and behind a text. */
  private static final int SPECIAL_TOKENS = 2;

  private final Path gguf;
  private final int threads;
  private final int contextSize;
  private @Nullable LlamaModel model;
  private boolean closed;

  /**
   * Opens nothing yet.
   *
   * @param contextSize the most tokens that a text may have, with those put around it
   */
  LlamaEmbedder(Path gguf, int threads, int contextSize) {
    this.gguf = gguf;
    this.threads = threads;
    this.contextSize = contextSize;
  }

  /**
   * The vector of a text.
   *
   * @throws BadRequestException if the text has no token or more than fit
   * @throws IllegalStateException after {@link #close}
   */
  synchronized float[] embed(String text) {
    LlamaModel opened = opened();
    int tokens = PromptSize.of(text, opened, contextSize);
    if (tokens == 0) { // of which llama.cpp's binding would abort the process
      throw new BadRequestException("The text has no tokens");
    }
    int room = contextSize - SPECIAL_TOKENS;
    if (tokens > room) {
      throw new BadRequestException(
          "The text has %d tokens, but the context holds %d".formatted(tokens, room));
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
                  // A text is embedded in one batch.
                  .setBatchSize(contextSize)
                  .setUbatchSize(contextSize)
                  // With more slots a text of fewer tokens than slots aborts the process.
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
