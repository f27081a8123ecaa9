package io.github.openaikserve.llamacpp;

import io.github.openaikserve.chat.Tokenizer;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A KServe v2 gRPC server with AnyServe's dialect that generates and embeds with llama.cpp.
 * Thread-safe.
 *
 * <p>A native thread survives {@link #close}: a program that has run a worker must end with {@link
 * System#exit}.
 */
public final class LlamaCppWorker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LlamaCppWorker.class);
  private static final int CLOSE_SECONDS = 10;

  private final Server server;
  private final ExecutorService generating;
  private final LlamaGenerator generator;
  private final ExecutorService embedding;
  private final LlamaEmbedder embedder;
  private final String modelName;
  private final Path gguf;
  private final @Nullable Path temporary;
  private final AtomicBoolean closed = new AtomicBoolean();

  private LlamaCppWorker(
      Server server,
      ExecutorService generating,
      LlamaGenerator generator,
      ExecutorService embedding,
      LlamaEmbedder embedder,
      String modelName,
      Path gguf,
      @Nullable Path temporary) {
    this.server = server;
    this.generating = generating;
    this.generator = generator;
    this.embedding = embedding;
    this.embedder = embedder;
    this.modelName = modelName;
    this.gguf = gguf;
    this.temporary = temporary;
  }

  /**
   * Returns a builder with defaults: the embedded model, on any free port of the loopback
   * interface.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the port that the worker listens on. */
  public int port() {
    return server.getPort();
  }

  /** Returns the name of the model, as {@code model_info} reports it. */
  public String modelName() {
    return modelName;
  }

  /** Returns the model's file, which has its chat template; may be deleted by {@link #close}. */
  public Path gguf() {
    return gguf;
  }

  /** Returns the model's tokenizer; its methods fail after {@link #close}. */
  public Tokenizer tokenizer() {
    return generator.tokenizer();
  }

  /** Ends every call, waits up to ten seconds for running generations, and frees the model. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    server.shutdownNow();
    generating.shutdown();
    embedding.shutdown();
    try {
      closeAfter(generating, generator::close);
      closeAfter(embedding, embedder::close);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    delete(temporary);
  }

  private static void closeAfter(ExecutorService threads, Runnable close)
      throws InterruptedException {
    if (threads.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
      close.run();
    } else {
      log.warn("call did not end, model remains in memory waited={}s", CLOSE_SECONDS);
    }
  }

  private static void delete(@Nullable Path directory) {
    if (directory == null) {
      return;
    }
    try {
      Files.deleteIfExists(directory.resolve("tiny-chat.gguf"));
      Files.deleteIfExists(directory);
    } catch (IOException e) {
      log.debug("temporary directory not deleted directory={}", directory, e);
    }
  }

  /** A builder of workers. Not thread-safe. */
  public static final class Builder {
    /** Limits a text to embed: it is one batch, whose memory grows quadratically. */
    private static final int MAX_EMBEDDED_TEXT = 4096;

    private static final int MAX_WAITING = 256;

    private @Nullable Path gguf;
    private String host = "127.0.0.1";
    private int port;
    private int threads;
    private int contextSize;
    private int slots = 4;
    private String version = "llamacpp";

    private Builder() {}

    /** Sets the GGUF file of the model (default: the embedded model). */
    public Builder gguf(Path gguf) {
      this.gguf = Objects.requireNonNull(gguf, "gguf");
      return this;
    }

    /** Sets the address of the interface to listen on (default: 127.0.0.1). */
    public Builder host(String host) {
      this.host = Objects.requireNonNull(host, "host");
      return this;
    }

    /** Sets the port to listen on (default: 0, any free port). */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** Sets the CPU threads of one generation (default: all; 1 for the embedded model). */
    public Builder threads(int threads) {
      this.threads = threads;
      return this;
    }

    /**
     * Sets the maximum number of tokens of prompt and answer together, for each slot. The default
     * is the model's training context, limited so that the contexts of all slots fit into 4 GiB; it
     * is 1024 for the embedded model.
     */
    public Builder contextSize(int contextSize) {
      this.contextSize = contextSize;
      return this;
    }

    /** Sets the number of concurrent generations, each with its own context (default: 4). */
    public Builder slots(int slots) {
      this.slots = slots;
      return this;
    }

    /** Sets the model version of the capabilities (default: {@code llamacpp}). */
    public Builder version(String version) {
      this.version = Objects.requireNonNull(version, "version");
      return this;
    }

    /**
     * Loads the model and starts to listen.
     *
     * @throws IOException if the port is in use, the embedded model cannot be unpacked, or
     *     llama.cpp cannot load the model
     * @throws IllegalArgumentException if the port is not from 0 to 65535
     */
    public LlamaCppWorker start() throws IOException {
      Path temporary = gguf == null ? Files.createTempDirectory("openai-kserve-model") : null;
      try {
        Path file =
            temporary == null ? Objects.requireNonNull(gguf) : EmbeddedModel.extractTo(temporary);
        return start(file, temporary);
      } catch (IOException | RuntimeException | LinkageError e) {
        delete(temporary);
        throw e;
      }
    }

    private LlamaCppWorker start(Path file, @Nullable Path temporary) throws IOException {
      int cpus =
          threads > 0 ? threads : gguf == null ? 1 : Runtime.getRuntime().availableProcessors();
      ModelContext own = ModelContext.of(file);
      int context = contextSize > 0 ? contextSize : ownContext(own);
      var generator = new LlamaGenerator(file, cpus, context, slots, own.vocabulary());
      var embedder = new LlamaEmbedder(file, cpus, Math.min(context, MAX_EMBEDDED_TEXT));
      ExecutorService generating = threads("llama-", slots);
      ExecutorService embedding = threads("llama-embed-", 1);
      String name = String.valueOf(file.getFileName()).replaceFirst("\\.gguf$", "");
      try {
        Server server =
            NettyServerBuilder.forAddress(new InetSocketAddress(host, port))
                .addService(
                    new AnyServeService(generator, generating, embedder, embedding, name, version))
                .build()
                .start();
        return new LlamaCppWorker(
            server, generating, generator, embedding, embedder, name, file, temporary);
      } catch (IOException | RuntimeException e) {
        generating.shutdown();
        embedding.shutdown();
        generator.close();
        throw e;
      }
    }

    private int ownContext(ModelContext own) {
      int size = own.size(slots);
      if (size < own.trained()) {
        log.info(
            "context limited tokens={} trained={} slots={} memory=4GiB option=--context",
            size,
            own.trained(),
            slots);
      }
      return size;
    }

    private static ExecutorService threads(String name, int count) {
      var number = new AtomicInteger();
      return new ThreadPoolExecutor(
          count,
          count,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_WAITING),
          task -> {
            var thread = new Thread(task, name + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
          });
    }
  }
}
