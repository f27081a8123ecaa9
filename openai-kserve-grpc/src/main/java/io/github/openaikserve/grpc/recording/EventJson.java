package io.github.openaikserve.grpc.recording;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.github.openaikserve.grpc.proto.RecordedEvent;
import java.util.Objects;

/** Events of a recording as lines. Needs {@code protobuf-java-util}, which is optional. */
final class EventJson {
  private EventJson() {}

  /** Apart, so that the check finds what is missing. */
  private static final class Json {
    static final JsonFormat.Printer PRINTER =
        JsonFormat.printer().omittingInsignificantWhitespace().preservingProtoFieldNames();
    static final JsonFormat.Parser PARSER = JsonFormat.parser();
  }

  /**
   * Checks that recordings can be written and read.
   *
   * @throws IllegalStateException if a library is missing
   */
  static void check() {
    try {
      Objects.requireNonNull(JsonFormat.parser());
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "recordings need com.google.protobuf:protobuf-java-util of the version of protobuf-java",
          e);
    }
  }

  static String write(RecordedEvent event) {
    try {
      return Json.PRINTER.print(event);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads a line.
   *
   * @throws InvalidProtocolBufferException if it is not the JSON of an event
   */
  static RecordedEvent read(String line) throws InvalidProtocolBufferException {
    RecordedEvent.Builder event = RecordedEvent.newBuilder();
    Json.PARSER.merge(line, event);
    return event.build();
  }
}
