package io.github.openaikserve.benchmarks;

/**
 * What one load cost.
 *
 * @param cpu microseconds of the measured process for each token
 * @param cpuPerRequest microseconds
 * @param allocated bytes of its heap for each token
 * @param resident bytes at the end
 * @param firstTokenP50 microseconds, as the next one
 */
record Measured(
    String what,
    Work work,
    double tokensPerSecond,
    double requestsPerSecond,
    double cpu,
    double cpuPerRequest,
    double allocated,
    long resident,
    long firstTokenP50,
    long firstTokenP99,
    long failures) {

  /**
   * What happened between two samples.
   *
   * @param before of whoever made the load, as {@code after}
   * @param costBefore of the process that is measured, as {@code costAfter}
   */
  static Measured between(
      String what, Work work, Sample before, Sample after, Sample costBefore, Sample costAfter) {
    double seconds = (after.nanos() - before.nanos()) / 1e9;
    double tokens = Math.max(1, after.tokens() - before.tokens());
    double requests = Math.max(1, after.requests() - before.requests());
    double cpu = (costAfter.cpu() - costBefore.cpu()) / 1e3;
    return new Measured(
        what,
        work,
        tokens / seconds,
        requests / seconds,
        cpu / tokens,
        cpu / requests,
        (costAfter.allocated() - costBefore.allocated()) / tokens,
        costAfter.resident(),
        after.firstTokenP50(),
        after.firstTokenP99(),
        after.failures() - before.failures());
  }
}
