package io.github.openaikserve.benchmarks;

import io.github.openaikserve.ChunkStream;
import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.error.OpenAiException;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.resilience.BalancedBackend;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A load with the library's blocking Java API, with one thread for each stream. */
final class BlockingLoad extends Load {
  private final BalancedBackend backend;
  private final OpenAiKServe openai;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<ChunkStream<ChatCompletionChunk>> open = ConcurrentHashMap.newKeySet();

  BlockingLoad(String target) {
    backend = GrpcBackend.connect(target);
    openai = OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();
  }

  @Override
  void open(Work work) {
    if (!threads.isShutdown()) {
      threads.execute(() -> read(work));
    }
  }

  private void read(Work work) {
    long begun = System.nanoTime();
    boolean well = false;
    try (ChunkStream<ChatCompletionChunk> chunks =
        openai.chatCompletions().stream(r -> r.user(work.prompt()).maxTokens(work.tokens()))) {
      open.add(chunks);
      boolean first = true;
      for (ChatCompletionChunk chunk : chunks) {
        if (first) {
          first = false;
          firstTokens.add(System.nanoTime() - begun);
        }
        if (!chunk.text().isEmpty()) {
          tokens.increment();
        }
      }
      open.remove(chunks);
      well = true;
    } catch (OpenAiException | IllegalStateException e) {
      well = false;
    }
    ended(work, well);
  }

  @Override
  void cancelAll() {
    open.forEach(ChunkStream::close);
  }

  @Override
  public void close() {
    super.close();
    threads.shutdownNow();
    backend.close();
  }
}
