package io.github.openaikserve.server;

import io.github.openaikserve.chat.Tokenizer;
import io.github.openaikserve.dialect.Dialect;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A running model server in the server's own process. Thread-safe. */
public interface EmbeddedWorker extends AutoCloseable {
  /** Returns the worker's gRPC address, {@code host:port}. */
  String target();

  /** Returns the dialect that the worker speaks. */
  Dialect dialect();

  /**
   * Returns the model's GGUF file, which includes its chat template. Valid until {@link #close}.
   */
  Path gguf();

  /** Returns the model's tokenizer; empty if the worker has none. Valid until {@link #close}. */
  default Optional<Tokenizer> tokenizer() {
    return Optional.empty();
  }

  /** Ends every call and frees the model. */
  @Override
  void close();

  /** Starts workers. The server finds providers by {@link java.util.ServiceLoader}. */
  interface Provider {
    /**
     * Starts a worker on a free port of the loopback interface.
     *
     * @throws IOException if the model cannot be loaded, or the platform is not supported
     */
    EmbeddedWorker start(Settings settings) throws IOException;
  }

  /**
   * The settings of a worker.
   *
   * @param gguf the model's file; empty for the worker's own small model
   * @param context the limit of prompt and answer together, in tokens; empty for the worker's
   *     default
   */
  record Settings(Optional<Path> gguf, Optional<Integer> context) {}
}
