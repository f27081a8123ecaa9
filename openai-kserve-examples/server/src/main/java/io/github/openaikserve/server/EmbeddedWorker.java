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
   * Returns the model's file, which holds the model's chat template; valid until {@link #close}.
   */
  Path gguf();

  /** Returns the model's tokenizer, valid until {@link #close}; empty if the worker has none. */
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
     * @throws IOException if the model cannot be loaded or the worker does not run on this machine
     */
    EmbeddedWorker start(Settings settings) throws IOException;
  }

  /**
   * The settings of a worker.
   *
   * @param gguf the model's file; the worker's own small model if empty
   * @param context the limit of prompt and answer together, in tokens; the worker's choice if empty
   */
  record Settings(Optional<Path> gguf, Optional<Integer> context) {}
}
