package io.github.openaikserve.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** CPU for each token over the number of streams, as SVG; both axes are logarithmic. */
final class Plot {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 400;
  private static final int LEFT = 60;
  private static final int RIGHT = 210;
  private static final int TOP = 40;
  private static final int BOTTOM = 50;
  private static final String[] COLOURS = {
    "#4c78a8", "#9ecae9", "#54a24b", "#88d27a", "#b79a20", "#e45756", "#f58518", "#b279a2",
    "#79706e"
  };

  private final List<Measured> results;
  private final double maxX;
  private final double minY;
  private final double maxY;
  private final StringBuilder svg = new StringBuilder();

  private Plot(List<Measured> results) {
    this.results = results;
    maxX = results.stream().mapToInt(m -> m.work().streams()).max().orElse(2);
    minY =
        Math.pow(
            10,
            Math.floor(Math.log10(results.stream().mapToDouble(Measured::cpu).min().orElse(1))));
    maxY =
        Math.pow(
            10,
            Math.ceil(Math.log10(results.stream().mapToDouble(Measured::cpu).max().orElse(10))));
  }

  static String of(List<Measured> results) {
    List<Measured> streamed =
        results.stream().filter(m -> !m.work().whole() && m.cpu() > 0).toList();
    return new Plot(streamed).draw();
  }

  private String draw() {
    add(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
        WIDTH, HEIGHT);
    add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
    add(
        "<text x=\"%d\" y=\"22\" font-size=\"14\">CPU of the measured process for each token, microseconds</text>",
        LEFT);
    for (double y = minY; y <= maxY * 1.001; y *= 10) {
      grid(LEFT, y(y), WIDTH - RIGHT, y(y));
      add(
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
          LEFT - 6, y(y) + 4, y < 1 ? "" + y : "" + (long) y);
    }
    TreeSet<Integer> counts = new TreeSet<>();
    results.forEach(m -> counts.add(m.work().streams()));
    for (int count : counts) {
      grid(x(count), TOP, x(count), HEIGHT - BOTTOM);
      add(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>",
          x(count), HEIGHT - BOTTOM + 18, count);
    }
    add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">streams at a time</text>",
        (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10);
    List<String> series = new ArrayList<>();
    for (Measured m : results) {
      if (!series.contains(name(m))) {
        series.add(name(m));
      }
    }
    for (int i = 0; i < series.size(); i++) {
      line(series.get(i), i);
    }
    add("</svg>");
    return svg.toString();
  }

  private void line(String name, int number) {
    String colour = COLOURS[number % COLOURS.length];
    var points = new StringBuilder();
    for (Measured m : results) {
      if (name(m).equals(name)) {
        String point = format("%.1f,%.1f", x(m.work().streams()), y(m.cpu()));
        points.append(point).append(' ');
        add(
            "<circle cx=\"%s\" cy=\"%s\" r=\"3\" fill=\"%s\"/>",
            point.split(",", -1)[0], point.split(",", -1)[1], colour);
      }
    }
    add("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>", points, colour);
    int y = TOP + 10 + 20 * number;
    add(
        "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/>",
        WIDTH - RIGHT + 15, y, colour);
    add("<text x=\"%d\" y=\"%d\">%s</text>", WIDTH - RIGHT + 33, y + 10, name);
  }

  private static String name(Measured m) {
    return m.work().paceMillis() == 0
        ? m.what()
        : m.what() + ", " + m.work().paceMillis() + " ms a token";
  }

  private void grid(double x1, double y1, double x2, double y2) {
    add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>", x1, y1, x2, y2);
  }

  private double x(double streams) {
    return LEFT + (WIDTH - RIGHT - LEFT) * Math.log(streams) / Math.log(Math.max(2, maxX));
  }

  private double y(double cpu) {
    double share = Math.log(cpu / minY) / Math.log(maxY / minY);
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share;
  }

  private void add(String format, Object... values) {
    svg.append(format(format, values)).append('\n');
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
