package io.github.openaikserve.grpc.recording;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.github.openaikserve.grpc.proto.RecordedEvent;
import java.util.Objects;

/**
 * A converter of events to and from lines of JSON. Requires the optional {@code
 * protobuf-java-util}.
 */
final class EventJson {
  private EventJson() {}

  /** A separate class, so that {@link #check} can report a missing library. */
  private static final class Json {
    static final JsonFormat.Printer PRINTER =
        JsonFormat.printer().omittingInsignificantWhitespace().preservingProtoFieldNames();
    static final JsonFormat.Parser PARSER = JsonFormat.parser();
  }

  /**
   * Checks that the library for JSON is present.
   *
   * @throws IllegalStateException if the library is missing
   */
  static void check() {
    try {
      Objects.requireNonNull(JsonFormat.parser());
    } catch (LinkageError e) {
      throw new IllegalStateException(
          "recordings need com.google.protobuf:protobuf-java-util in the version of protobuf-java",
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
   * Reads an event from a line.
   *
   * @throws InvalidProtocolBufferException if the line is not the JSON of an event
   */
  static RecordedEvent read(String line) throws InvalidProtocolBufferException {
    RecordedEvent.Builder event = RecordedEvent.newBuilder();
    Json.PARSER.merge(line, event);
    return event.build();
  }
}
