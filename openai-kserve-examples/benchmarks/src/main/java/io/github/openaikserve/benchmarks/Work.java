package io.github.openaikserve.benchmarks;

/**
 * The work of one load.
 *
 * @param streams the number of concurrent requests
 * @param tokens the number of tokens of each choice
 * @param paceMillis milliseconds between two tokens; 0 for as fast as the client reads
 * @param whole whether to request whole answers
 * @param choices the number of choices of each request; only HTTP clients request several
 */
record Work(int streams, int tokens, int paceMillis, boolean whole, int choices) {
  Work(int streams, int tokens, int paceMillis, boolean whole) {
    this(streams, tokens, paceMillis, whole, 1);
  }

  /** Returns the number of tokens of all choices of one request. */
  int tokensOfRequest() {
    return tokens * choices;
  }

  /** Returns the prompt, which contains the pace for the worker. */
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
