package io.github.openaikserve.server.options;

import io.github.openaikserve.server.file.BoundedFile;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
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
  private static final int MAX_ALIASES = 100;
  private static final int MAX_DEPTH = 50;

  private YamlFile() {}

  static String content(Path file) {
    try {
      return BoundedFile.read(file);
    } catch (NoSuchFileException e) {
      throw new ConfigException("cannot read " + file + ": no such file");
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
    if (text.length() > BoundedFile.MAX_BYTES) { // the YAML reader does not count comments
      throw nodes.wrong(Optional.empty(), "", "is larger than " + BoundedFile.MAX_BYTES + " bytes");
    }
    var settings =
        LoadSettings.builder()
            .setMaxAliasesForCollections(MAX_ALIASES)
            .setCodePointLimit(BoundedFile.MAX_BYTES)
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

  /** Checks the depth on events, because composing a tree recurses. */
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
