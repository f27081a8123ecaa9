package io.github.openaikserve.langchain4j;

import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import io.github.openaikserve.ChunkPublisher;
import io.github.openaikserve.openai.ChatCompletionChunk;
import io.github.openaikserve.openai.CreateChatCompletionRequest;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The events of a streamed answer; the last one is the {@link ChatResponse}. Each subscription
 * makes a call. Subscribers are called on the executor, one signal at a time, and may block.
 *
 * <p>The events are LangChain4j's {@code Partial...} classes, typed as {@code Object} because they
 * have no common supertype before version 1.20.
 */
final class AnswerStream implements Flow.Publisher<Object> {
  private static final int WINDOW = 32;

  private final ChatSettings settings;
  private final ChatRequest request;

  AnswerStream(ChatSettings settings, ChatRequest request) {
    this.settings = settings;
    this.request = request;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super Object> subscriber) {
    Objects.requireNonNull(subscriber, "subscriber");
    var call = new Call(subscriber);
    subscriber.onSubscribe(call);
    call.begin();
  }

  private final class Call implements Flow.Subscription, Flow.Subscriber<ChatCompletionChunk> {
    private final Flow.Subscriber<? super Object> subscriber;
    private final Queue<ChatCompletionChunk> chunks = new ConcurrentLinkedQueue<>();
    private final AtomicLong demand = new AtomicLong();
    private final AtomicInteger pending = new AtomicInteger();
    private volatile @Nullable ChunkPublisher<ChatCompletionChunk> source;
    private volatile Flow.@Nullable Subscription upstream;
    private volatile @Nullable Throwable failure;
    private volatile boolean completed;
    private volatile boolean illegalDemand;
    private volatile boolean cancelled;

    // Only used by the running step.
    private final ChunkReader reader = new ChunkReader();
    private final Queue<Object> events = new ArrayDeque<>();
    private int read;
    private boolean whole;

    Call(Flow.Subscriber<? super Object> subscriber) {
      this.subscriber = subscriber;
    }

    void begin() {
      try {
        CreateChatCompletionRequest chat =
            Requests.request(request, settings.change()).toBuilder().includeUsage().build();
        ChunkPublisher<ChatCompletionChunk> publisher = settings.chats().streamAsync(chat);
        source = publisher;
        publisher.subscribe(this);
      } catch (RuntimeException e) {
        onError(e);
      }
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      upstream = subscription;
      if (cancelled) {
        subscription.cancel();
      } else {
        subscription.request(WINDOW);
      }
    }

    @Override
    public void onNext(ChatCompletionChunk chunk) {
      chunks.add(chunk);
      schedule();
    }

    @Override
    public void onError(Throwable cause) {
      failure = cause;
      completed = true;
      schedule();
    }

    @Override
    public void onComplete() {
      completed = true;
      schedule();
    }

    @Override
    public void request(long n) {
      if (n <= 0) {
        illegalDemand = true;
        cancelUpstream();
      } else {
        demand.accumulateAndGet(n, (a, b) -> a + b < 0 ? Long.MAX_VALUE : a + b);
      }
      schedule();
    }

    @Override
    public void cancel() {
      cancelled = true;
      cancelUpstream();
    }

    private void cancelUpstream() {
      Flow.Subscription current = upstream;
      if (current != null) {
        current.cancel();
      }
    }

    private void schedule() {
      if (pending.getAndIncrement() != 0) {
        return;
      }
      try {
        settings.executor().execute(this::run);
      } catch (RejectedExecutionException e) {
        cancel();
        subscriber.onError(e);
      }
    }

    private void run() {
      int missed = pending.get();
      do {
        while (step()) {}
        missed = pending.addAndGet(-missed);
      } while (missed != 0);
    }

    /** Emits one signal or reads one chunk; returns false if neither is possible now. */
    private boolean step() {
      if (cancelled) {
        return false;
      }
      if (illegalDemand) {
        return fail(new IllegalArgumentException("demand must be positive"));
      }
      Object event = events.peek();
      if (event != null) {
        if (demand.get() == 0) {
          return false;
        }
        demand.decrementAndGet();
        events.remove();
        subscriber.onNext(event);
        return true;
      }
      boolean last = completed; // read before the queue, whose chunks precede the end
      ChatCompletionChunk chunk = chunks.poll();
      if (chunk != null) {
        read(chunk);
        return true;
      }
      return last && end();
    }

    private void read(ChatCompletionChunk chunk) {
      reader.read(chunk, events::add);
      Flow.Subscription current = upstream;
      if (++read == WINDOW / 2 && current != null) {
        read = 0;
        current.request(WINDOW / 2);
      }
    }

    private boolean end() {
      Throwable cause = failure;
      ChunkPublisher<ChatCompletionChunk> publisher = source;
      if (cause == null && publisher != null && !whole) {
        whole = true;
        events.add(reader.response(publisher.droppedParams()));
        return true;
      }
      if (cause != null) {
        return fail(Failures.mapped(cause));
      }
      cancelled = true; // nothing follows
      subscriber.onComplete();
      return false;
    }

    private boolean fail(RuntimeException cause) {
      cancelled = true; // nothing follows
      subscriber.onError(cause);
      return false;
    }
  }
}
