package io.github.openaikserve.chat;

import org.jspecify.annotations.Nullable;

/** Takes nothing; stands where no sink has been given yet. */
enum IgnoringSink implements AnswerParser.Sink {
  INSTANCE;

  @Override
  public void content(String text) {}

  @Override
  public void reasoning(String text) {}

  @Override
  public void toolCall(@Nullable String id, String name) {}

  @Override
  public void arguments(String piece) {}

  @Override
  public void callEnd() {}

  @Override
  public void callAbandoned(String text) {}
}
