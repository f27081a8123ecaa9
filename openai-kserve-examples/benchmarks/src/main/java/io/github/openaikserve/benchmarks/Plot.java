package io.github.openaikserve.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** An SVG plot of lines with logarithmic axes. Not thread-safe. */
final class Plot {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 400;
  private static final int LEFT = 60;
  private static final int RIGHT = 210;
  private static final int TOP = 40;
  private static final int BOTTOM = 50;
  private static final double JUST_ABOVE = 1.001;
  private static final String[] COLOURS = {
    "#4c78a8", "#9ecae9", "#54a24b", "#88d27a", "#b79a20", "#e45756", "#f58518", "#b279a2",
    "#79706e"
  };

  /** A point in a plot; both coordinates are positive. */
  record Point(double x, double y) {}

  private final String title;
  private final String unitOfX;
  private final Map<String, List<Point>> lines = new LinkedHashMap<>();
  private final StringBuilder svg = new StringBuilder();
  private double minX;
  private double maxX;
  private double minY;
  private double maxY;

  Plot(String title, String unitOfX) {
    this.title = title;
    this.unitOfX = unitOfX;
  }

  /** Returns a plot over the number of streams, for streamed answers. */
  static String of(List<Measured> results, String title, ToDoubleFunction<Measured> value) {
    var plot = new Plot(title, "streams at a time");
    for (Measured m : results) {
      if (!m.work().whole() && value.applyAsDouble(m) > 0) {
        plot.add(name(m), new Point(m.work().streams(), value.applyAsDouble(m)));
      }
    }
    return plot.draw();
  }

  private static String name(Measured m) {
    return m.work().paceMillis() == 0
        ? m.what()
        : m.what() + ", " + m.work().paceMillis() + " ms a token";
  }

  /** Adds a point to the line with this name. */
  void add(String line, Point point) {
    lines.computeIfAbsent(line, first -> new ArrayList<>()).add(point);
  }

  /** Returns the SVG. */
  String draw() {
    minX = points().mapToDouble(Point::x).min().orElse(1);
    maxX = Math.max(2 * minX, points().mapToDouble(Point::x).max().orElse(2));
    minY = Math.pow(10, Math.floor(Math.log10(points().mapToDouble(Point::y).min().orElse(1))));
    maxY = Math.pow(10, Math.ceil(Math.log10(points().mapToDouble(Point::y).max().orElse(10))));
    write(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
            + " font-size=\"12\">",
        WIDTH, HEIGHT);
    write("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
    write("<text x=\"%d\" y=\"22\" font-size=\"14\">%s</text>", LEFT, title);
    axes();
    int number = 0;
    for (Map.Entry<String, List<Point>> line : lines.entrySet()) {
      line(line.getKey(), line.getValue(), number++);
    }
    write("</svg>");
    return svg.toString();
  }

  private Stream<Point> points() {
    return lines.values().stream().flatMap(List::stream);
  }

  private void axes() {
    for (double y = minY; y <= maxY * JUST_ABOVE; y *= 10) {
      grid(LEFT, y(y), WIDTH - RIGHT, y(y));
      write(
          "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>",
          LEFT - 6, y(y) + 4, y < 1 ? "" + y : "" + (long) y);
    }
    TreeSet<Double> shown = new TreeSet<>();
    points().forEach(point -> shown.add(point.x()));
    for (double x : shown) {
      grid(x(x), TOP, x(x), HEIGHT - BOTTOM);
      write(
          "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.0f</text>",
          x(x), HEIGHT - BOTTOM + 18, x);
    }
    write(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s</text>",
        (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10, unitOfX);
  }

  private void line(String name, List<Point> points, int number) {
    String colour = COLOURS[number % COLOURS.length];
    var places = new StringBuilder();
    for (Point point : points) {
      places.append(format("%.1f,%.1f ", x(point.x()), y(point.y())));
      write(
          "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>",
          x(point.x()), y(point.y()), colour);
    }
    write(
        "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>", places, colour);
    int y = TOP + 10 + 20 * number;
    write(
        "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/>",
        WIDTH - RIGHT + 15, y, colour);
    write("<text x=\"%d\" y=\"%d\">%s</text>", WIDTH - RIGHT + 33, y + 10, name);
  }

  private void grid(double x1, double y1, double x2, double y2) {
    write(
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>", x1, y1, x2, y2);
  }

  private double x(double x) {
    return LEFT + (WIDTH - RIGHT - LEFT) * Math.log(x / minX) / Math.log(maxX / minX);
  }

  private double y(double y) {
    double share = Math.log(y / minY) / Math.log(maxY / minY);
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share;
  }

  private void write(String format, Object... values) {
    svg.append(format(format, values)).append('\n');
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
