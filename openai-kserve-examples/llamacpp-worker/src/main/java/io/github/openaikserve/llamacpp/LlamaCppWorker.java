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
 * A KServe v2 gRPC server that generates and embeds with llama.cpp and speaks AnyServe's dialect.
 * Thread-safe.
 *
 * <p>A native thread survives {@link #close}: a program that has run a worker ends only by {@link
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

  /** A builder that serves the embedded model on any free port of the loopback interface. */
  public static Builder builder() {
    return new Builder();
  }

  /** The port it listens on. */
  public int port() {
    return server.getPort();
  }

  /** The model's name, as {@code model_info} reports it. */
  public String modelName() {
    return modelName;
  }

  /** The model's file, which knows the model's own chat template; gone after {@link #close}. */
  public Path gguf() {
    return gguf;
  }

  /** The model's tokenizer; its methods fail after {@link #close}. */
  public Tokenizer tokenizer() {
    return generator.tokenizer();
  }

  /** Ends every call, waits a little for what runs to notice, and frees the model. */
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
      log.warn("a call did not end; the model stays in memory");
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
      log.debug("cannot delete {}", directory, e);
    }
  }

  /** Configures a worker. Not thread-safe. */
  public static final class Builder {
    /** A text is embedded in one batch, whose memory grows with the square of its length. */
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

    /** The model to serve; the embedded one unless set. */
    public Builder gguf(Path gguf) {
      this.gguf = Objects.requireNonNull(gguf, "gguf");
      return this;
    }

    /** The interface to listen on; loopback unless set. */
    public Builder host(String host) {
      this.host = Objects.requireNonNull(host, "host");
      return this;
    }

    /** The port to listen on; any free one unless set. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** CPU threads for one generation; one for the embedded model, else all, unless set. */
    public Builder threads(int threads) {
      this.threads = threads;
      return this;
    }

    /**
     * Tokens of prompt and answer together, of each slot. Unless set it is what the model was
     * trained with, 1024 for the embedded model, as far as the contexts of all slots take no more
     * than 4 GiB.
     */
    public Builder contextSize(int contextSize) {
      this.contextSize = contextSize;
      return this;
    }

    /** How many generations go on at once, each with a context of its own; 4 unless set. */
    public Builder slots(int slots) {
      this.slots = slots;
      return this;
    }

    /** The model version under which the capabilities are served; {@code llamacpp} unless set. */
    public Builder version(String version) {
      this.version = Objects.requireNonNull(version, "version");
      return this;
    }

    /**
     * Loads the model and listens.
     *
     * @throws IOException if the port is taken or the embedded model cannot be unpacked
     * @throws RuntimeException if llama.cpp cannot load the model
     */
    public LlamaCppWorker start() throws IOException {
      Path temporary = gguf == null ? Files.createTempDirectory("openai-kserve-model") : null;
      Path file =
          temporary == null ? Objects.requireNonNull(gguf) : EmbeddedModel.extractTo(temporary);
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
        delete(temporary);
        throw e;
      }
    }

    private int ownContext(ModelContext own) {
      int size = own.size(slots);
      if (size < own.trained()) {
        log.info(
            "context limited tokens={} trained={} slots={} memory=4GiB (--context sets it)",
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
