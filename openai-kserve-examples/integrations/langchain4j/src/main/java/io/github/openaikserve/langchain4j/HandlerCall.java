package io.github.openaikserve.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.PartialToolCallContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes the events of an {@link AnswerStream} to a handler, one at a time. */
final class HandlerCall implements Flow.Subscriber<Object>, StreamingHandle {
  private static final Logger log = LoggerFactory.getLogger(HandlerCall.class);

  private final StreamingChatResponseHandler handler;
  private volatile Flow.@Nullable Subscription subscription;
  private volatile boolean cancelled;

  HandlerCall(StreamingChatResponseHandler handler) {
    this.handler = Objects.requireNonNull(handler, "handler");
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscription.request(1);
  }

  @Override
  public void onNext(Object event) {
    try {
      pass(event);
    } catch (RuntimeException e) {
      if (!cancelled) {
        cancel();
        onError(e);
      }
      return;
    }
    Flow.Subscription current = subscription;
    if (current != null && !cancelled) {
      current.request(1);
    }
  }

  private void pass(Object event) {
    if (event instanceof PartialResponse text) {
      handler.onPartialResponse(text, new PartialResponseContext(this));
    } else if (event instanceof PartialThinking thinking) {
      handler.onPartialThinking(thinking, new PartialThinkingContext(this));
    } else if (event instanceof PartialToolCall piece) {
      handler.onPartialToolCall(piece, new PartialToolCallContext(this));
    } else if (event instanceof CompleteToolCall call) {
      handler.onCompleteToolCall(call);
    } else if (event instanceof ChatResponse response) {
      handler.onCompleteResponse(response);
    }
  }

  @Override
  public void onError(Throwable failure) {
    try {
      handler.onError(failure);
    } catch (RuntimeException e) {
      log.warn("streaming handler failed in onError", e);
    }
  }

  @Override
  public void onComplete() {}

  @Override
  public void cancel() {
    cancelled = true;
    Flow.Subscription current = subscription;
    if (current != null) {
      current.cancel();
    }
  }

  @Override
  public boolean isCancelled() {
    return cancelled;
  }
}
