package io.github.openaikserve.benchmarks;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import io.github.openaikserve.grpc.GrpcBackendBuilder;
import io.github.openaikserve.openai.ChatCompletion;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import io.github.openaikserve.resilience.BalancedBackend;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A load with the library's asynchronous Java API, without blocked threads. */
final class LibraryLoad extends Load {
  private static final int BATCH = 64;

  private final BalancedBackend backend;
  private final OpenAiKServe openai;
  private final Set<Reading> open = ConcurrentHashMap.newKeySet();
  private final Map<Long, CompletableFuture<ChatCompletion>> whole = new ConcurrentHashMap<>();
  private final AtomicLong numbers = new AtomicLong();

  LibraryLoad(String target, boolean direct) {
    GrpcBackendBuilder builder = GrpcBackend.builder().target(target);
    backend = (direct ? builder.directExecutor() : builder).balanced().build();
    openai = OpenAiKServe.builder(backend).model("m", Dialects.ANYSERVE).build();
  }

  private static CreateChatCompletionRequest.Builder request(
      CreateChatCompletionRequest.Builder request, Work work) {
    return request.user(work.prompt()).maxTokens(work.tokens());
  }

  @Override
  void open(Work work) {
    if (work.whole()) {
      CompletableFuture<ChatCompletion> answer =
          openai.chatCompletions().createAsync(r -> request(r, work));
      long number = numbers.incrementAndGet();
      whole.put(number, answer);
      answer.whenComplete(
          (done, failure) -> {
            whole.remove(number);
            if (done != null && done.usage() != null) {
              tokens.add(done.usage().completionTokens());
            }
            ended(work, failure == null);
          });
      return;
    }
    var reading = new Reading(work);
    open.add(reading);
    openai.chatCompletions().streamAsync(r -> request(r, work)).subscribe(reading);
  }

  @Override
  void cancelAll() {
    open.forEach(Reading::cancel);
    whole.forEach((number, answer) -> answer.cancel(false));
  }

  @Override
  public void close() {
    super.close();
    backend.close();
  }

  /** Reads one stream. */
  private final class Reading implements Flow.Subscriber<ChatCompletionChunk> {
    private final Work work;
    private final long begun = System.nanoTime();
    private Flow.@Nullable Subscription subscription;
    private int read;
    private int owed;

    Reading(Work work) {
      this.work = work;
    }

    void cancel() {
      Flow.Subscription current = subscription;
      if (current != null) {
        current.cancel();
      }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(BATCH);
    }

    @Override
    public void onNext(ChatCompletionChunk chunk) {
      if (read++ == 0) {
        firstTokens.add(System.nanoTime() - begun);
      }
      if (!chunk.text().isEmpty()) {
        tokens.increment();
      }
      if (++owed == BATCH / 2) {
        owed = 0;
        Flow.Subscription current = subscription;
        if (current != null) {
          current.request(BATCH / 2);
        }
      }
    }

    @Override
    public void onError(Throwable failure) {
      open.remove(this);
      ended(work, false);
    }

    @Override
    public void onComplete() {
      open.remove(this);
      ended(work, true);
    }
  }
}
