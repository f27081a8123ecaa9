package io.github.openaikserve.chat;

import java.util.List;
import java.util.Optional;

/**
 * Reasoning between two markers at the beginning of an answer. White space next to the markers is
 * left out. One per format.
 *
 * @param opening markers, of which one may begin the answer
 * @param closing markers, of which one ends the reasoning
 * @param skipped markers after the reasoning that mean nothing by themselves
 * @param marksWithSpecialTokens whether a server leaves the markers out of the text unless asked
 */
record TaggedReasoning(
    String name,
    List<String> opening,
    List<String> closing,
    List<String> skipped,
    boolean marksWithSpecialTokens)
    implements ReasoningFormat {
  @Override
  public AnswerParser parser(String prompt) {
    int end = prompt.length();
    while (end > 0 && Character.isWhitespace(prompt.charAt(end - 1))) {
      end--;
    }
    boolean opened = false;
    for (String marker : opening) {
      opened |= prompt.startsWith(marker, end - marker.length());
    }
    return new Parser(opened);
  }

  @Override
  public String toString() {
    return name;
  }

  private enum State {
    BEFORE,
    REASONING,
    AFTER,
    CONTENT
  }

  /** Reads one answer. */
  private final class Parser implements AnswerParser {
    private final PendingText pending = new PendingText();
    private final StringBuilder space = new StringBuilder();
    private final String[] closings = closing.toArray(String[]::new);
    private final String[] skippedMarkers = skipped.toArray(String[]::new);
    private State state;
    private boolean said;

    Parser(boolean opened) {
      state = opened ? State.REASONING : State.BEFORE;
    }

    @Override
    public void next(String text, AnswerParser.Sink sink) {
      if (state == State.CONTENT && skippedMarkers.length == 0) {
        sink.content(text); // nothing is held in this state
        return;
      }
      pending.append(text);
      while (!pending.isEmpty() && proceed(sink)) {
        // until nothing more is certain
      }
    }

    private boolean proceed(AnswerParser.Sink sink) {
      return switch (state) {
        case BEFORE -> before();
        case REASONING -> reasoning(sink);
        case AFTER -> after();
        case CONTENT -> content(sink);
      };
    }

    private boolean before() {
      int blank = blanks();
      if (blank == pending.length()) {
        return false;
      }
      space.append(pending.take(blank));
      Optional<String> marker = startingMarker(opening);
      if (marker.isPresent()) {
        pending.drop(marker.get().length());
        space.setLength(0);
        state = State.REASONING;
        return true;
      }
      if (opening.stream().anyMatch(pending::mayBecome)) {
        return false;
      }
      state = State.CONTENT;
      return true;
    }

    private boolean reasoning(AnswerParser.Sink sink) {
      int certain = pending.certain(closings);
      if (certain > 0) {
        reason(pending.take(certain), sink);
        return true;
      }
      Optional<String> marker = startingMarker(closing);
      if (marker.isEmpty()) {
        return false;
      }
      pending.drop(marker.get().length());
      space.setLength(0);
      state = State.AFTER;
      return true;
    }

    /** White space after the opening is left out; that at the end waits for the closing. */
    private void reason(String text, AnswerParser.Sink sink) {
      String rest = said ? text : text.stripLeading();
      String certain = rest.stripTrailing();
      if (!certain.isEmpty()) {
        sink.reasoning(space.isEmpty() ? certain : space + certain);
        space.setLength(0);
        said = true;
      }
      space.append(rest, certain.length(), rest.length());
    }

    private boolean after() {
      int blank = blanks();
      pending.drop(blank);
      if (pending.isEmpty()) {
        return false;
      }
      state = State.CONTENT;
      return true;
    }

    private boolean content(AnswerParser.Sink sink) {
      int certain = pending.certain(skippedMarkers);
      if (certain > 0) {
        String text = pending.take(certain);
        sink.content(space.isEmpty() ? text : space + text);
        space.setLength(0);
        return true;
      }
      Optional<String> marker = startingMarker(skipped);
      marker.ifPresent(skippedMarker -> pending.drop(skippedMarker.length()));
      return marker.isPresent();
    }

    @Override
    public void end(AnswerParser.Sink sink) {
      if (state == State.REASONING) {
        if (!pending.isEmpty()) {
          reason(pending.takeAll(), sink);
        }
        if (!space.isEmpty() && said) {
          sink.reasoning(space.toString());
        }
      } else if (state != State.AFTER && !(space.isEmpty() && pending.isEmpty())) {
        sink.content(space + pending.takeAll());
      }
      space.setLength(0);
    }

    private Optional<String> startingMarker(List<String> markers) {
      for (String marker : markers) { // no stream for each token
        if (pending.startsWith(marker)) {
          return Optional.of(marker);
        }
      }
      return Optional.empty();
    }

    private int blanks() {
      int blank = 0;
      while (blank < pending.length() && Character.isWhitespace(pending.charAt(blank))) {
        blank++;
      }
      return blank;
    }
  }
}
