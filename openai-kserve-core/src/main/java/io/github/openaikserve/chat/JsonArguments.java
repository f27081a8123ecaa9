package io.github.openaikserve.chat;

/** Reads the JSON object that a call's arguments are, wherever it stands. One per call. */
final class JsonArguments {
  private final JsonScanner scanner = new JsonScanner();
  private boolean begun;
  private boolean done;

  /** Whether the object is whole. */
  boolean isWhole() {
    return done;
  }

  /** Takes the next character and gives it to the parser where it is one of the arguments. */
  CallParser.Step next(char c, CallParser parser) {
    if (!begun) {
      if (Character.isWhitespace(c)) {
        return CallParser.Step.MORE;
      }
      if (c != '{') {
        return CallParser.Step.REJECTED;
      }
      begun = true;
    }
    JsonScanner.Seen seen = scanner.next(c);
    if (seen == JsonScanner.Seen.WRONG) {
      return CallParser.Step.REJECTED;
    }
    parser.argument(c);
    done = seen == JsonScanner.Seen.LAST;
    return done ? CallParser.Step.LAST_CALL : CallParser.Step.MORE;
  }
}
