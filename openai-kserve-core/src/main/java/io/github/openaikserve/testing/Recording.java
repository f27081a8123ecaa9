package io.github.openaikserve.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a file of recorded lines tells: the calls in order, and what was told about the server.
 *
 * <p>A last line that is cut is left out: its recorder may have been ended in the middle of it.
 *
 * @param answers the lines that answer each question, in order
 */
record Recording(List<RecordedCall> calls, Map<Question, Deque<Fields>> answers) {
  private static final Set<String> CALL_FIELDS =
      Set.of(
          "call",
          "ms",
          "request",
          "response",
          "cancelled",
          FailureForm.STATUS,
          FailureForm.SAID_BY_SERVER,
          FailureForm.MESSAGE,
          FailureForm.MALFORMED);
  private static final Set<String> ANSWER_FIELDS =
      Set.of(
          "asked",
          "model_name",
          "model_version",
          "ms",
          "answer",
          FailureForm.STATUS,
          FailureForm.SAID_BY_SERVER,
          FailureForm.MESSAGE,
          FailureForm.MALFORMED);

  /**
   * Reads the lines.
   *
   * @param name what the file is called in messages
   * @throws IllegalArgumentException naming the line that is none
   */
  static Recording read(String name, BufferedReader lines) throws IOException {
    var recording = new Recording(new ArrayList<>(), new HashMap<>());
    Map<Integer, RecordedCall> running = new HashMap<>();
    int number = 0;
    @Nullable String broken = null;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      if (broken != null) {
        throw new IllegalArgumentException(broken + ": not a JSON object");
      }
      String where = name + ":" + number;
      Fields fields = Fields.parse(where, line);
      if (fields == null) {
        broken = where;
      } else {
        recording.add(fields, running);
      }
    }
    return recording;
  }

  private void add(Fields line, Map<Integer, RecordedCall> running) {
    if (line.has("recording")) {
      line.only(Set.of("recording"));
      if (line.integer("recording") != 1) {
        throw line.wrong("the format is newer than this library");
      }
      running.clear();
    } else if (line.has("asked")) {
      line.only(ANSWER_FIELDS);
      answers.computeIfAbsent(Question.read(line), q -> new ArrayDeque<>()).add(line);
    } else {
      line.only(CALL_FIELDS);
      int number = line.integer("call");
      if (line.has("request")) {
        var call = new RecordedCall(line);
        if (running.put(number, call) != null) {
          throw line.wrong("there is a call " + number + " already");
        }
        calls.add(call);
      } else {
        RecordedCall call = running.get(number);
        if (call == null) {
          throw line.wrong("there is no call " + number + " yet");
        }
        call.add(line);
      }
    }
  }
}
