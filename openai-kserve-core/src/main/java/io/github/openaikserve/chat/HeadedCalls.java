package io.github.openaikserve.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Calls between markers of their own, with a header that ends at another marker and JSON arguments
 * after it. Not thread-safe; one per answer.
 */
final class HeadedCalls extends CallParser {
  /** What a header says. */
  record Header(@Nullable String id, String name) {}

  /** How headers are written. */
  interface Headers {
    /** The marker after which the arguments come, or more of the header. */
    String end();

    /**
     * Reads a header.
     *
     * @param rest what came after {@link #end} up to {@link #secondEnd}; null before that
     * @return null if it goes on to {@link #secondEnd}
     */
    @Nullable Header read(String header, @Nullable String rest);

    /**
     * The marker after which the arguments come where the header goes on; null if it never does.
     */
    @Nullable String secondEnd();
  }

  private static final int MAX_HEADER = 4096;

  private final Headers headers;
  private final StringBuilder text = new StringBuilder();
  private JsonArguments arguments = new JsonArguments();
  private @Nullable String firstPart;

  HeadedCalls(String opening, List<String> skipped, List<String> closings, Headers headers) {
    super(List.of(opening), skipped, closings, NONE);
    this.headers = headers;
  }

  @Override
  void opened(String marker) {
    text.setLength(0);
    firstPart = null;
    arguments = new JsonArguments();
  }

  @Override
  Step step(char c) {
    if (isCalling()) {
      return arguments.next(c, this);
    }
    text.append(c);
    String end = firstPart == null ? headers.end() : headers.secondEnd();
    if (end == null || text.length() > MAX_HEADER) {
      return Step.REJECTED;
    }
    if (!endsWith(end)) {
      return Step.MORE;
    }
    String part = text.substring(0, text.length() - end.length()).strip();
    text.setLength(0);
    return headerPart(part);
  }

  private Step headerPart(String part) {
    Header header = firstPart == null ? headers.read(part, null) : headers.read(firstPart, part);
    if (header == null) {
      firstPart = part;
      return Step.MORE;
    }
    if (header.name().isEmpty()) {
      return Step.REJECTED;
    }
    beginCall(header.id(), header.name());
    return Step.MORE;
  }

  private boolean endsWith(String end) {
    return text.length() >= end.length() && text.indexOf(end, text.length() - end.length()) >= 0;
  }

  @Override
  boolean mayEndHere() {
    return arguments.isWhole();
  }

  @Override
  boolean isBetweenCalls() {
    return false;
  }
}
