package io.github.openaikserve.error;

/**
 * The message of a model server, cut to what may be shown.
 *
 * @param searched what patterns are applied to: the first {@value #SEARCHED} characters before a
 *     Python traceback, and the traceback's last line
 * @param reason one line for the caller, at most {@value #SHOWN} characters; empty for none
 */
record ServerWords(String searched, String reason) {
  static final int SEARCHED = 1000;
  private static final int SHOWN = 300;
  private static final int MAX_LINES = 50;
  private static final String TRACEBACK = "Traceback (most recent call last)";

  static ServerWords of(String words) {
    int traceback = words.indexOf(TRACEBACK);
    String before = start(traceback < 0 ? words : words.substring(0, traceback), SEARCHED);
    String last = traceback < 0 ? "" : lastLine(words.substring(traceback));
    String first =
        before.lines().map(String::strip).filter(line -> !line.isEmpty()).findFirst().orElse("");
    return new ServerWords(before + "\n" + last, shown(first.isEmpty() ? last : first));
  }

  /** Returns the line that names the exception: the last one that is not indented. */
  private static String lastLine(String traceback) {
    int end = traceback.length();
    for (int lines = 0; lines < MAX_LINES; lines++) {
      int begin = traceback.lastIndexOf('\n', end - 1) + 1;
      if (begin == 0) {
        return ""; // the traceback's own head
      }
      String line = start(traceback.substring(begin, end), SEARCHED);
      if (!line.isBlank() && !Character.isWhitespace(line.charAt(0))) {
        return line.strip();
      }
      end = begin - 1;
    }
    return "";
  }

  private static String shown(String line) {
    String clean = line.replaceAll("\\p{Cntrl}", " ");
    return clean.length() > SHOWN ? start(clean, SHOWN) + "..." : clean;
  }

  /** Returns the beginning of a text, not cut within a character. */
  private static String start(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    boolean halves = Character.isHighSurrogate(text.charAt(length - 1));
    return text.substring(0, halves ? length - 1 : length);
  }
}
