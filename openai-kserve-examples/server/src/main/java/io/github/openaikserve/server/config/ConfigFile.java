package io.github.openaikserve.server.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a {@link ServerConfig} from a YAML file. */
public final class ConfigFile {
  private static final int MAX_CHARACTERS = 1 << 20;
  private static final int MAX_ALIASES = 100;

  private final Source source;

  private ConfigFile(Source source) {
    this.source = source;
  }

  /**
   * Reads a file.
   *
   * @param environment gives the value of a variable, or null
   * @throws ConfigException naming file, line, column and key of what is wrong
   */
  public static ServerConfig read(Path file, UnaryOperator<@Nullable String> environment) {
    Path directory = file.toAbsolutePath().getParent();
    String text;
    try {
      text = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new ConfigException("there is no file " + file);
    } catch (CharacterCodingException e) {
      throw new ConfigException(file + " is not UTF-8");
    } catch (IOException e) {
      throw new ConfigException("cannot read " + file + ": " + e.getMessage());
    }
    var source =
        new Source(file.toString(), directory == null ? Path.of("") : directory, environment);
    return new ConfigFile(source).read(text);
  }

  /**
   * The keys that readers ask for in a file that has all sections, for the page that lists them.
   */
  static Set<String> knownKeys(String text) {
    var source = new Source("text", Path.of(""), name -> null);
    new ConfigFile(source).read(text);
    return source.knownKeys();
  }

  private ServerConfig read(String text) {
    Node root = compose(text);
    return new Value(source, root, "").section(ConfigFile::read);
  }

  private static ServerConfig read(Section section) {
    ListenConfig listen =
        section
            .find("server")
            .map(value -> value.section(ListenConfig::read))
            .orElse(ListenConfig.DEFAULT);
    List<String> apiKeys =
        section.find("api_keys").map(keys -> keys.list(Value::text)).orElse(List.of());
    List<BackendConfig> backends =
        section.require("backends").list(value -> value.section(BackendConfig::read));
    differ(section, "backends", backends.stream().map(BackendConfig::name).toList());
    var reader = new ModelReader(backends);
    List<ModelConfig> models =
        section
            .find("models")
            .map(all -> all.list(value -> value.section(reader::read)))
            .orElse(List.of());
    List<DiscoverConfig> discoveries =
        section
            .find("discover")
            .map(all -> all.list(v -> v.section(s -> DiscoverConfig.read(s, backends))))
            .orElse(List.of());
    if (models.isEmpty() && discoveries.isEmpty()) {
      throw section.require("models").wrong("no model is served");
    }
    return new ServerConfig(
        listen,
        apiKeys,
        backends,
        models,
        discoveries,
        section.find("check").map(CheckMode::read).orElse(CheckMode.OFF));
  }

  private static void differ(Section section, String key, List<String> names) {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < names.size(); i++) {
      if (!seen.add(names.get(i))) {
        throw section
            .require(key)
            .list()
            .get(i)
            .wrong("the name '%s' is there twice".formatted(names.get(i)));
      }
    }
  }

  private Node compose(String text) {
    var settings =
        LoadSettings.builder()
            .setMaxAliasesForCollections(MAX_ALIASES)
            .setCodePointLimit(MAX_CHARACTERS)
            .build();
    try {
      Optional<Node> root = new Compose(settings).composeString(text);
      return root.orElseThrow(() -> source.wrong(Optional.empty(), "", "says nothing"));
    } catch (MarkedYamlEngineException e) {
      throw source.wrong(e.getProblemMark(), "", "this is no YAML: " + e.getProblem());
    } catch (YamlEngineException e) {
      throw source.wrong(Optional.empty(), "", "this is no YAML: " + e.getMessage());
    }
  }
}
