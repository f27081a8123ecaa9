package io.github.openaikserve.examples.bench;

/**
 * What a load does.
 *
 * @param streams how many at a time
 * @param tokens of each
 * @param paceMillis between two tokens; 0 for as fast as they are taken
 * @param whole whether answers are wanted in one piece
 */
record Work(int streams, int tokens, int paceMillis, boolean whole) {
  /** The worker finds the pace in the prompt. */
  String prompt() {
    return "pace=" + paceMillis + "; Once upon a time, in a land far away, there was a benchmark.";
  }

  String line() {
    return streams + " " + tokens + " " + paceMillis + " " + whole;
  }

  static Work parse(String line) {
    String[] parts = line.strip().split(" ", -1);
    return new Work(
        Integer.parseInt(parts[0]),
        Integer.parseInt(parts[1]),
        Integer.parseInt(parts[2]),
        Boolean.parseBoolean(parts[3]));
  }
}
