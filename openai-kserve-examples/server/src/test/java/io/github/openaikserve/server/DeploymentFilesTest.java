package io.github.openaikserve.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.github.openaikserve.server.config.Configuration;
import io.github.openaikserve.server.config.ListenConfig;
import io.github.openaikserve.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The Kubernetes and KServe manifests have only fields that exist, and fit each other. */
final class DeploymentFilesTest {
  private static final ObjectMapper json = new ObjectMapper();

  /** Fails for unknown fields, which the client library's types would accept. */
  private static final ObjectMapper strict =
      JsonMapper.builder()
          .annotationIntrospector(
              new JacksonAnnotationIntrospector() {
                @Override
                public Boolean hasAnySetter(Annotated member) {
                  return false;
                }
              })
          .build();

  private static final Path DEPLOY = Path.of("deploy");
  private static final Path WORKFLOWS = Path.of("..", "..", ".github", "workflows");
  private static final Pattern CREDENTIAL =
      Pattern.compile("^#?LoadCredential=([^:]+):/etc/openai-kserve/\\1$", Pattern.MULTILINE);
  private static final Pattern VARIABLE = Pattern.compile("OPENAI_KSERVE_[A-Z_]+");

  /** A manifest and the type that Kubernetes' own client library has for its kind. */
  private record Manifest(String file, Class<? extends HasMetadata> type) {
    JsonNode tree() throws IOException {
      return read(DEPLOY.resolve("kubernetes").resolve(file));
    }

    @Override
    public String toString() {
      return file;
    }
  }

  static List<Manifest> manifests() {
    return List.of(
        new Manifest("configmap.yaml", ConfigMap.class),
        new Manifest("deployment.yaml", Deployment.class),
        new Manifest("service.yaml", Service.class),
        new Manifest("poddisruptionbudget.yaml", PodDisruptionBudget.class),
        new Manifest("horizontalpodautoscaler.yaml", HorizontalPodAutoscaler.class));
  }

  @ParameterizedTest
  @MethodSource("manifests")
  void everyFieldExistsInKubernetes(Manifest manifest) throws IOException {
    assertKnown(manifest.tree(), manifest.type());
    HasMetadata read = json.treeToValue(manifest.tree(), manifest.type());
    assertThat(read.getMetadata().getName()).isEqualTo("openai-kserve");
    assertThat(read.getApiVersion()).isEqualTo(HasMetadata.getApiVersion(manifest.type()));
  }

  @Test
  void theCheckFindsAnUnknownField() throws IOException {
    JsonNode wrong = json.readTree("{\"metadata\":{\"name\":\"x\"},\"spec\":{\"port\":1}}");

    assertThatThrownBy(() -> assertKnown(wrong, Service.class)).hasMessageContaining("\"port\"");
  }

  @Test
  void everyManifestIsChecked() throws IOException {
    try (var files = Files.list(DEPLOY.resolve("kubernetes"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(manifests().stream().map(Manifest::file).toList());
    }
  }

  @Test
  void everythingSelectsThePodsOfTheDeployment() throws IOException {
    Deployment deployment = deployment();
    Map<String, String> labels = deployment.getSpec().getTemplate().getMetadata().getLabels();

    assertThat(deployment.getSpec().getSelector().getMatchLabels()).isEqualTo(labels);
    assertThat(tree("service.yaml").at("/spec/selector")).isEqualTo(json.valueToTree(labels));
    assertThat(tree("poddisruptionbudget.yaml").at("/spec/selector/matchLabels"))
        .isEqualTo(json.valueToTree(labels));
    assertThat(tree("horizontalpodautoscaler.yaml").at("/spec/scaleTargetRef/name").asText())
        .isEqualTo(deployment.getMetadata().getName());
  }

  @Test
  void aPodHasTimeToDrainBeforeItIsKilled(@TempDir Path folder) throws IOException {
    PodSpec pod = deployment().getSpec().getTemplate().getSpec();
    ListenConfig server = configuration(folder).server();
    long drain = server.shutdownDelay().plus(server.gracePeriod()).toSeconds();

    assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThanOrEqualTo(drain + 10);
    assertThat(pod.getContainers().get(0).getReadinessProbe().getPeriodSeconds()).isLessThan(5);
  }

  @Test
  void theServerReadsTheConfigurationOfTheManifests(@TempDir Path folder) throws IOException {
    assertThat(configuration(folder).discover()).hasSize(1);
  }

  private static ServerConfig configuration(Path folder) throws IOException {
    String text = tree("configmap.yaml").at("/data/config.yaml").asText();
    return Configuration.parse(folder.resolve("config.yaml"), text, Map.of()).values();
  }

  /**
   * Source: KServe's custom resource definitions (config/crd/full), of release 0.20, as far as the
   * manifests use them.
   */
  @Test
  void everyFieldOfKServesKindsIsDocumented() throws IOException {
    JsonNode runtime = read(DEPLOY.resolve("kserve/servingruntime.yaml"));
    JsonNode service = read(DEPLOY.resolve("kserve/inferenceservice.yaml"));

    assertThat(runtime.get("apiVersion").asText()).isEqualTo("serving.kserve.io/v1alpha1");
    assertThat(names(runtime.get("spec")))
        .isSubsetOf(Set.of("supportedModelFormats", "protocolVersions", "containers"));
    assertThat(names(runtime.at("/spec/supportedModelFormats/0")))
        .isSubsetOf(Set.of("name", "version", "autoSelect", "priority"));
    assertThat(service.get("apiVersion").asText()).isEqualTo("serving.kserve.io/v1beta1");
    assertThat(names(service.at("/spec/predictor")))
        .isSubsetOf(Set.of("minReplicas", "maxReplicas", "model", "containers"));
    assertThat(names(service.at("/spec/predictor/model")))
        .isSubsetOf(Set.of("modelFormat", "runtime", "protocolVersion", "storageUri"));
    assertKnown(runtime.get("metadata"), ObjectMeta.class);
    assertKnown(service.get("metadata"), ObjectMeta.class);
    assertKnown(runtime.at("/spec/containers/0"), Container.class);
    assertKnown(service.at("/spec/predictor/containers/0"), Container.class);
  }

  @Test
  void aMissingSecretDoesNotOpenTheServer() throws IOException {
    JsonNode key = tree("deployment.yaml").at("/spec/template/spec/containers/0/env/0");

    assertThat(key.at("/name").asText()).isEqualTo("OPENAI_KSERVE_API_KEY");
    assertThat(key.at("/valueFrom/secretKeyRef/name").asText()).isEqualTo("openai-kserve");
    assertThat(key.at("/valueFrom/secretKeyRef").has("optional")).isFalse();
  }

  @Test
  void theUnitPassesTheSecretsOfItsExampleOn(@TempDir Path folder) throws IOException {
    String unit = Files.readString(DEPLOY.resolve("systemd/openai-kserve-server.service"));
    String server =
        unit.lines()
            .filter(line -> line.startsWith("#   "))
            .map(line -> line.substring(2) + "\n")
            .collect(Collectors.joining());
    String backend = "backends: [{name: a, targets: ['a:1']}]\ndiscover: [{backend: a}]\n";
    for (String file : List.of("keys", "tls.crt", "tls.key")) {
      Files.createFile(folder.resolve(file));
    }
    ListenConfig config =
        Configuration.parse(
                folder.resolve("config.yaml"),
                "server:\n" + server + backend,
                Map.of("CREDENTIALS_DIRECTORY", folder.toString()))
            .values()
            .server();

    Set<Path> used =
        Set.of(
            config.apiKeyFile().orElseThrow(),
            config.tls().orElseThrow().certificates(),
            config.tls().orElseThrow().key());
    assertThat(unit).contains("DynamicUser=yes");
    assertThat(CREDENTIAL.matcher(unit).results().map(found -> folder.resolve(found.group(1))))
        .containsExactlyInAnyOrderElementsOf(used);
  }

  @Test
  void anImageIsPublishedOnlyAfterTheTests() throws IOException {
    JsonNode jobs = read(WORKFLOWS.resolve("release.yml")).get("jobs");
    List<String> uses = jobs.at("/image/steps").findValuesAsText("uses");

    assertThat(jobs.at("/maven-central/steps").findValuesAsText("run")).contains(".ci/run");
    assertThat(jobs.at("/image/needs").asText()).isEqualTo("maven-central");
    assertThat(uses).anyMatch(action -> action.startsWith("docker/setup-qemu-action@"));
  }

  @ParameterizedTest
  @MethodSource("workflows")
  void everyActionIsPinnedByItsCommit(Path workflow) throws IOException {
    assertThat(read(workflow).findValuesAsText("uses"))
        .isNotEmpty()
        .allMatch(action -> action.matches("[a-z/-]+@[0-9a-f]{40}"));
  }

  static List<Path> workflows() throws IOException {
    try (var files = Files.list(WORKFLOWS)) {
      return files.filter(file -> file.toString().endsWith(".yml")).sorted().toList();
    }
  }

  @Test
  void theVariablesOfTheImageAreOptionsOfTheServerOrOfTheLauncher() throws IOException {
    List<String> options =
        Configuration.flags().stream()
            .map(flag -> flag.name().replace("--", "OPENAI_KSERVE_").replace('-', '_'))
            .map(name -> name.toUpperCase(Locale.ROOT))
            .toList();
    String launcher = Files.readString(DEPLOY.resolve("openai-kserve-server"));

    assertThat(VARIABLE.matcher(Files.readString(Path.of("Dockerfile"))).results())
        .isNotEmpty()
        .allMatch(found -> options.contains(found.group()) || launcher.contains(found.group()));
  }

  @Test
  void anInferenceServiceUsesItsRuntimeAndItsPort() throws IOException {
    JsonNode runtime = read(DEPLOY.resolve("kserve/servingruntime.yaml"));
    JsonNode predictor = read(DEPLOY.resolve("kserve/inferenceservice.yaml")).at("/spec/predictor");

    assertThat(predictor.at("/model/runtime")).isEqualTo(runtime.at("/metadata/name"));
    assertThat(predictor.at("/containers/0/name").asText()).isEqualTo("transformer-container");
    assertThat(predictor.at("/containers/0/args/1").asText()).isEqualTo("127.0.0.1:9000");
    assertThat(runtime.at("/spec/containers/0/args").toString()).contains("--grpc-port=9000");
  }

  private static Deployment deployment() throws IOException {
    return json.treeToValue(tree("deployment.yaml"), Deployment.class);
  }

  private static JsonNode tree(String file) throws IOException {
    return read(DEPLOY.resolve("kubernetes").resolve(file));
  }

  private static JsonNode read(Path file) throws IOException {
    var settings = LoadSettings.builder().setLabel(file.toString()).build();
    return json.valueToTree(new Load(settings).loadFromString(Files.readString(file)));
  }

  private static Set<String> names(JsonNode object) {
    assertThat(object.isObject()).isTrue();
    return Set.copyOf(object.propertyStream().map(Map.Entry::getKey).toList());
  }

  private static void assertKnown(JsonNode tree, Class<?> type) throws IOException {
    assertThat(strict.treeToValue(tree, type)).isNotNull();
  }
}
