package io.github.openaikserve.internal.jinja.builtin;

import io.github.openaikserve.internal.jinja.value.StepLimit;
import io.github.openaikserve.internal.jinja.value.TemplateError;
import java.time.LocalDateTime;
import java.time.format.TextStyle;
import java.util.Locale;

/** The part of Python's {@code strftime} that templates use, for {@code strftime_now}. */
final class Strftime {
  private Strftime() {}

  static String of(Object self, Args args) {
    String format = args.text(0);
    args.budget().text(format.length());
    return of(format, args.run().now(), args.budget());
  }

  private static String of(String format, LocalDateTime now, StepLimit budget) {
    var text = new StringBuilder();
    int i = 0;
    while (i < format.length()) {
      char c = format.charAt(i++);
      if (c != '%' || i == format.length()) {
        text.append(c);
        continue;
      }
      budget.call();
      boolean plain = format.charAt(i) == '-' && i + 1 < format.length();
      i += plain ? 1 : 0;
      String part = part(format.charAt(i++), now);
      text.append(plain ? withoutZeros(part) : part);
    }
    return text.toString();
  }

  private static String withoutZeros(String part) {
    int zeros = 0;
    while (zeros < part.length() - 1 && part.charAt(zeros) == '0') {
      zeros++;
    }
    return part.substring(zeros);
  }

  private static String part(char directive, LocalDateTime now) {
    return switch (directive) {
      case 'Y' -> String.valueOf(now.getYear());
      case 'y' -> padded(now.getYear() % 100, 2);
      case 'm' -> padded(now.getMonthValue(), 2);
      case 'd' -> padded(now.getDayOfMonth(), 2);
      case 'e' -> (now.getDayOfMonth() < 10 ? " " : "") + now.getDayOfMonth();
      case 'H' -> padded(now.getHour(), 2);
      case 'I' -> padded((now.getHour() + 11) % 12 + 1, 2);
      case 'M' -> padded(now.getMinute(), 2);
      case 'S' -> padded(now.getSecond(), 2);
      case 'f' -> padded(now.getNano() / 1000, 6);
      case 'j' -> padded(now.getDayOfYear(), 3);
      case 'p' -> now.getHour() < 12 ? "AM" : "PM";
      case 'A' -> now.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'a' -> now.getDayOfWeek().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'B' -> now.getMonth().getDisplayName(TextStyle.FULL, Locale.ENGLISH);
      case 'b', 'h' -> now.getMonth().getDisplayName(TextStyle.SHORT, Locale.ENGLISH);
      case 'F' -> part('Y', now) + "-" + part('m', now) + "-" + part('d', now);
      case 'T' -> part('H', now) + ":" + part('M', now) + ":" + part('S', now);
      case 'U' -> week(now, now.getDayOfWeek().getValue() % 7);
      case 'W' -> week(now, now.getDayOfWeek().getValue() - 1);
      case 'w' -> String.valueOf(now.getDayOfWeek().getValue() % 7);
      case 'u' -> String.valueOf(now.getDayOfWeek().getValue());
      case 'Z', 'z' -> "";
      case '%' -> "%";
      default -> throw new TemplateError("strftime_now does not support '%" + directive + "'");
    };
  }

  /**
   * Returns the week of the year. The days before the first whole week are in week 0.
   *
   * @param day the days since the first day of the week
   */
  private static String week(LocalDateTime now, int day) {
    return padded((now.getDayOfYear() + 6 - day) / 7, 2);
  }

  private static String padded(int number, int width) {
    String digits = String.valueOf(number);
    return "0".repeat(Math.max(0, width - digits.length())) + digits;
  }
}
