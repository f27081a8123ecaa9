package io.github.openaikserve.langchain4j;

import dev.langchain4j.model.chat.response.ChatModelStreamingEvent;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteResponse;
import java.util.concurrent.Flow;

/** Adapts an {@link AnswerStream} to the event types of LangChain4j 1.20 and later. */
final class EventPublisher implements Flow.Publisher<ChatModelStreamingEvent> {
  private final AnswerStream answer;

  EventPublisher(AnswerStream answer) {
    this.answer = answer;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ChatModelStreamingEvent> subscriber) {
    answer.subscribe(
        new Flow.Subscriber<Object>() {
          @Override
          public void onSubscribe(Flow.Subscription subscription) {
            subscriber.onSubscribe(subscription);
          }

          @Override
          public void onNext(Object event) {
            subscriber.onNext(
                event instanceof ChatResponse response
                    ? new CompleteResponse(response)
                    : (ChatModelStreamingEvent) event);
          }

          @Override
          public void onError(Throwable failure) {
            subscriber.onError(failure);
          }

          @Override
          public void onComplete() {
            subscriber.onComplete();
          }
        });
  }
}
