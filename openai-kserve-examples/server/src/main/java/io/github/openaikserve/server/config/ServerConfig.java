package io.github.openaikserve.server.config;

import io.github.openaikserve.server.options.HeaderText;
import io.github.openaikserve.server.options.Mistake;
import io.github.openaikserve.server.options.Section;
import io.github.openaikserve.server.options.Setting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** The configuration of the server. Immutable. */
public record ServerConfig(
    @Setting("How the server listens and what it accepts.") ListenConfig server,
    @Setting(
            value = "API keys: clients must send one of them. May be repeated.",
            unset = "no key is required",
            flag = "--api-key",
            label = "KEY",
            filled = true,
            secret = true)
        List<String> apiKeys,
    @Setting(
            value =
                "API keys of operators, which may also read `/status` and `/metrics`. May be"
                    + " repeated.",
            unset = "none",
            flag = "--operator-key",
            label = "KEY",
            filled = true,
            secret = true)
        List<String> operatorKeys,
    @Setting(
            value =
                "Check every model against its server's metadata at the start: `true` refuses to"
                    + " start if a model differs, `warn` logs it.",
            initial = "false",
            type = CheckMode.Word.class)
        CheckMode check,
    @Setting(value = "The model servers.", unset = "required") List<BackendConfig> backends,
    @Setting("The models to serve.") List<ModelConfig> models,
    @Setting("Names that distribute requests over several models by weight, such as for a canary.")
        List<RouteConfig> routes,
    @Setting("The model servers whose recognized models are all served.")
        List<DiscoverConfig> discover) {
  /** The declared options. */
  public static final Section<ServerConfig> OPTIONS = Section.of(ServerConfig.class);

  /** Checks that names are unique and that references exist. */
  public ServerConfig {
    HeaderText.checkKeys("api_keys", apiKeys);
    HeaderText.checkKeys("operator_keys", operatorKeys);
    if (models.isEmpty() && discover.isEmpty()) {
      throw new Mistake("models", "no model is configured; set 'models' or 'discover'");
    }
    if (backends.isEmpty()) {
      throw new Mistake("backends", "'backends' is missing or empty");
    }
    checkBackends(backends);
    Map<String, String> ids = checkModels(models, backends);
    checkRoutes(routes, ids);
    checkAdapters(models, ids);
    for (int i = 0; i < discover.size(); i++) {
      checkBackend(backends, discover.get(i).backend().orElse(""), "discover[" + i + "]");
    }
  }

  private static void checkBackends(List<BackendConfig> backends) {
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < backends.size(); i++) {
      unique(names, backends.get(i).name(), "backends[" + i + "].name", "name");
    }
  }

  /** Checks the models; returns their names, each with its place. */
  private static Map<String, String> checkModels(
      List<ModelConfig> models, List<BackendConfig> backends) {
    Map<String, String> ids = new HashMap<>();
    String defaultModel = "";
    for (int i = 0; i < models.size(); i++) {
      ModelConfig model = models.get(i);
      String path = "models[" + i + "]";
      checkBackend(backends, model.backend().orElse(""), path);
      unique(ids, model.id(), path + ".id", "id");
      for (int k = 0; k < model.aliases().size(); k++) {
        unique(ids, model.aliases().get(k), path + ".aliases[" + k + "]", "id");
      }
      if (model.isDefault() && !defaultModel.isEmpty()) {
        throw new Mistake(path + ".default", "only one model can be the default", defaultModel);
      }
      defaultModel = model.isDefault() ? path + ".default" : defaultModel;
    }
    return ids;
  }

  /** Must run after the check of the routes, whose targets cannot be adapters. */
  private static void checkAdapters(List<ModelConfig> models, Map<String, String> ids) {
    for (int i = 0; i < models.size(); i++) {
      for (String adapter : models.get(i).adapters().keySet()) {
        unique(ids, adapter, "models[%d].adapters.%s".formatted(i, adapter), "id");
      }
    }
  }

  private static void checkRoutes(List<RouteConfig> routes, Map<String, String> ids) {
    Map<String, String> models = Map.copyOf(ids);
    for (int i = 0; i < routes.size(); i++) {
      RouteConfig route = routes.get(i);
      String path = "routes[" + i + "]";
      unique(ids, route.id(), path + ".id", "id");
      Map<String, String> targets = new HashMap<>();
      for (int k = 0; k < route.targets().size(); k++) {
        String place = path + ".targets[" + k + "].model";
        checkTarget(models, route.targets().get(k).model(), place);
        unique(targets, route.targets().get(k).model(), place, "model");
      }
      if (route.fallback().isPresent()) {
        checkTarget(models, route.fallback().get(), path + ".fallback");
      }
    }
  }

  private static void checkTarget(Map<String, String> models, String name, String path) {
    if (!models.containsKey(name)) {
      throw new Mistake(
          path,
          "expected one of %s, found '%s'"
              .formatted(String.join(", ", new TreeSet<>(models.keySet())), name));
    }
  }

  private static void unique(Map<String, String> seen, String name, String path, String what) {
    String other = seen.putIfAbsent(name, path);
    if (other != null) {
      throw new Mistake(path, "the %s '%s' is already used".formatted(what, name), other);
    }
  }

  private static void checkBackend(List<BackendConfig> backends, String name, String path) {
    List<String> names = backends.stream().map(BackendConfig::name).toList();
    if (name.isEmpty() && names.size() > 1) {
      throw new Mistake(path, "'backend' is missing; expected one of " + String.join(", ", names));
    }
    if (!name.isEmpty() && !names.contains(name)) {
      throw new Mistake(
          path + ".backend",
          "expected one of %s, found '%s'".formatted(String.join(", ", names), name));
    }
  }

  /** Returns the backend with this name; the only backend if the name is empty. */
  public BackendConfig backend(String name) {
    return backends.stream()
        .filter(backend -> name.isEmpty() || backend.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Returns the model for requests without a model: the first one, unless another one is set. */
  public Optional<ModelConfig> defaultModel() {
    return models.stream()
        .filter(ModelConfig::isDefault)
        .findFirst()
        .or(() -> models.stream().findFirst());
  }

  /** Returns whether clients must send an API key. */
  public boolean needsKey() {
    return !apiKeys.isEmpty() || !operatorKeys.isEmpty() || server.apiKeyFile().isPresent();
  }
}
