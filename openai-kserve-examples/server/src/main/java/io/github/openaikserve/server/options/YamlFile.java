package io.github.openaikserve.server.options;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** Reads a YAML file into nodes. */
final class YamlFile {
  /** The largest file that is read, in bytes. */
  static final int MAX_BYTES = 1 << 20;

  private static final int MAX_ALIASES = 100;
  private static final int MAX_DEPTH = 50;

  private YamlFile() {}

  /** Returns the content of a file. */
  static String content(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new ConfigException(file + " is larger than " + MAX_BYTES + " bytes");
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      throw new ConfigException("there is no file " + file);
    } catch (CharacterCodingException e) {
      throw new ConfigException(file + " is not UTF-8");
    } catch (IOException e) {
      throw new ConfigException("cannot read " + file + ": " + e.getMessage());
    }
  }

  /**
   * Reads a text.
   *
   * @param environment returns the value of a variable, or null
   */
  static Node.Mapping read(Path file, String text, UnaryOperator<@Nullable String> environment) {
    var nodes = new YamlNodes(file, environment);
    var settings =
        LoadSettings.builder()
            .setMaxAliasesForCollections(MAX_ALIASES)
            .setCodePointLimit(MAX_BYTES)
            .build();
    try {
      checkDepth(new Parse(settings).parseString(text).iterator(), nodes);
      return nodes.root(
          new Compose(settings)
              .composeString(text)
              .orElseThrow(() -> nodes.wrong(Optional.empty(), "", "the file is empty")));
    } catch (MarkedYamlEngineException e) {
      throw nodes.wrong(e.getProblemMark(), "", "invalid YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw nodes.wrong(Optional.empty(), "", "invalid YAML: " + e.getMessage());
    }
  }

  /** Trees are composed by recursion, events are not. */
  private static void checkDepth(Iterator<Event> events, YamlNodes nodes) {
    int depth = 0;
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case MappingStart, SequenceStart -> depth++;
        case MappingEnd, SequenceEnd -> depth--;
        default -> {}
      }
      if (depth > MAX_DEPTH) {
        throw nodes.wrong(
            event.getStartMark(), "", "is nested more than " + MAX_DEPTH + " levels deep");
      }
    }
  }
}
