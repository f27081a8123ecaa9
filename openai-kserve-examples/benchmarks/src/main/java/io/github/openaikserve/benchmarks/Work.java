package io.github.openaikserve.benchmarks;

/**
 * The work of one load.
 *
 * @param streams requests at a time
 * @param tokens of each choice
 * @param paceMillis milliseconds between two tokens; 0 for as fast as they are taken
 * @param whole whether answers are wanted in one piece
 * @param choices choices of each request; only HTTP clients ask for more than one
 */
record Work(int streams, int tokens, int paceMillis, boolean whole, int choices) {
  Work(int streams, int tokens, int paceMillis, boolean whole) {
    this(streams, tokens, paceMillis, whole, 1);
  }

  /** Returns the tokens of one request, those of all its choices. */
  int tokensOfRequest() {
    return tokens * choices;
  }

  /** The worker finds the pace in the prompt. */
  String prompt() {
    return "pace=" + paceMillis + "; Once upon a time, in a land far away, there was a benchmark.";
  }

  String line() {
    return streams + " " + tokens + " " + paceMillis + " " + whole + " " + choices;
  }

  static Work parse(String line) {
    String[] parts = line.strip().split(" ", -1);
    return new Work(
        Integer.parseInt(parts[0]),
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]),
        Boolean.parseBoolean(parts[3]),
        Integer.parseInt(parts[4]));
  }
}
