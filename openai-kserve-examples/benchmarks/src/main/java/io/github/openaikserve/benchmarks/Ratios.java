package io.github.openaikserve.benchmarks;

import java.util.List;
import java.util.Locale;

/** Ratios of CPU per token between two measurements of one run, as Markdown. */
final class Ratios {
  private static final String HEAD =
      "| ratio | streams | pace | CPU | us/token |\n|---|---|---|---|---|\n";

  private static final String NOTE =
      """

      bare writes each response separately; bare-gathered joins the responses that arrive while the
      event loop is busy into one write, as server does.
      Whole answers: raw-direct makes one unary call; raw-folded, bare, library-direct and server
      accumulate a stream.
      """;

  private Ratios() {}

  /**
   * Returns a table of the ratios for which both sides were measured.
   *
   * @param choices the measurement of requests with several choices and that of as many requests
   */
  static String of(List<Measured> results, List<Measured> choices) {
    var table = new StringBuilder(HEAD);
    add(table, results, "server", "bare");
    add(table, results, "server", "bare-gathered");
    add(table, results, "library-direct", "raw-direct");
    add(table, results, "library-direct", "raw-folded");
    if (choices.size() == 2) {
      Measured one = choices.get(0);
      Measured other = choices.get(1);
      String streams = Table.streams(one.work()) + " / " + Table.streams(other.work());
      String name = one.work().choices() + " choices / " + one.work().choices() + " requests";
      table.append(line(name, streams, one, other));
    }
    return table.append(NOTE).toString();
  }

  private static void add(
      StringBuilder table, List<Measured> results, String client, String limit) {
    for (Measured one : results) {
      for (Measured other : results) {
        if (one.what().equals(client)
            && other.what().equals(limit)
            && one.work().equals(other.work())) {
          table.append(line(client + " / " + limit, Table.streams(one.work()), one, other));
        }
      }
    }
  }

  private static String line(String name, String streams, Measured one, Measured other) {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %.2f | %.2f / %.2f |%n",
        name,
        streams,
        Table.pace(one.work()),
        one.cpu() / other.cpu(),
        one.cpu(),
        other.cpu());
  }
}
