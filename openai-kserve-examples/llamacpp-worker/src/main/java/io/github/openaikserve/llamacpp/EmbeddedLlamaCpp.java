package io.github.openaikserve.llamacpp;

import io.github.openaikserve.chat.Tokenizer;
import io.github.openaikserve.dialect.Dialect;
import io.github.openaikserve.server.EmbeddedWorker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/** The adapter by which the server starts a {@link LlamaCppWorker} in its own process. */
public final class EmbeddedLlamaCpp implements EmbeddedWorker {
  private final LlamaCppWorker worker;

  private EmbeddedLlamaCpp(LlamaCppWorker worker) {
    this.worker = worker;
  }

  @Override
  public String target() {
    return "127.0.0.1:" + worker.port();
  }

  @Override
  public Dialect dialect() {
    return WorkerDialect.INSTANCE;
  }

  @Override
  public Path gguf() {
    return worker.gguf();
  }

  @Override
  public Optional<Tokenizer> tokenizer() {
    return Optional.of(worker.tokenizer());
  }

  @Override
  public void close() {
    worker.close();
  }

  /** Starts the worker. Registered for {@link java.util.ServiceLoader}. */
  public static final class Provider implements EmbeddedWorker.Provider {
    @Override
    public EmbeddedWorker start(Settings settings) throws IOException {
      LlamaCppWorker.Builder worker = LlamaCppWorker.builder();
      settings.gguf().ifPresent(worker::gguf);
      settings.context().ifPresent(worker::contextSize);
      try {
        return new EmbeddedLlamaCpp(worker.start());
      } catch (LinkageError e) {
        throw new IOException("llama.cpp does not support this platform: " + e.getMessage(), e);
      } catch (UncheckedIOException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
  }
}
