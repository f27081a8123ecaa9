package io.github.openaikserve.internal.http;

import io.github.openaikserve.internal.answer.AnswerSink;

/** A sink that writes server-sent events into a buffer. Not thread-safe. */
abstract class EventSink implements AnswerSink {
  final SseBuffer buffer;
  final SseEnd end;

  EventSink(SseBuffer buffer, SseEnd end) {
    this.buffer = buffer;
    this.end = end;
  }

  @Override
  public final void flush() {
    buffer.flush();
  }

  @Override
  public void idle() {
    buffer.keepAlive();
    flush();
  }

  @Override
  public final void terminated() {
    end.onTerminated().run();
  }
}
