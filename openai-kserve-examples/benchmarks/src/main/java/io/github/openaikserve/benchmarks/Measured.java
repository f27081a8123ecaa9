package io.github.openaikserve.benchmarks;

/**
 * The costs of one load.
 *
 * @param cpu CPU microseconds of the measured process for each token
 * @param cpuPerRequest CPU microseconds for each request
 * @param allocated allocated heap bytes for each token
 * @param resident resident memory at the end, in bytes
 * @param firstTokenP50 median time to the first token, in microseconds
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
   * The samples before and after a load.
   *
   * @param before of the process that makes the load, as is {@code after}
   * @param costBefore of the process that is measured, as is {@code costAfter}
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
