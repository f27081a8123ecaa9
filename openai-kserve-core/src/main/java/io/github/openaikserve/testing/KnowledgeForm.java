package io.github.openaikserve.testing;

import io.github.openaikserve.kserve.ModelConfig;
import io.github.openaikserve.kserve.ModelMetadata;
import io.github.openaikserve.kserve.RepositoryModel;
import io.github.openaikserve.kserve.ServerMetadata;
import io.github.openaikserve.kserve.TensorMetadata;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a server tells about itself and its models as JSON values, in the records' words. */
final class KnowledgeForm {
  private KnowledgeForm() {}

  static Map<String, @Nullable Object> write(ServerMetadata server) {
    Map<String, @Nullable Object> form = new LinkedHashMap<>();
    form.put("name", server.name());
    form.put("version", server.version());
    form.put("extensions", server.extensions());
    return form;
  }

  static ServerMetadata server(Fields form) {
    form.only(Set.of("name", "version", "extensions"));
    return new ServerMetadata(form.text("name"), form.text("version"), form.texts("extensions"));
  }

  static Map<String, @Nullable Object> write(ModelMetadata model) {
    Map<String, @Nullable Object> form = new LinkedHashMap<>();
    form.put("name", model.name());
    form.put("versions", model.versions());
    form.put("platform", model.platform());
    form.put("inputs", model.inputs().stream().map(KnowledgeForm::tensor).toList());
    form.put("outputs", model.outputs().stream().map(KnowledgeForm::tensor).toList());
    return form;
  }

  private static Map<String, @Nullable Object> tensor(TensorMetadata tensor) {
    Map<String, @Nullable Object> form = new LinkedHashMap<>();
    form.put("name", tensor.name());
    form.put("datatype", tensor.datatype());
    form.put("shape", tensor.shape());
    return form;
  }

  static ModelMetadata model(Fields form) {
    form.only(Set.of("name", "versions", "platform", "inputs", "outputs"));
    return new ModelMetadata(
        form.text("name"),
        form.texts("versions"),
        form.text("platform"),
        form.objects("inputs").stream().map(KnowledgeForm::tensor).toList(),
        form.objects("outputs").stream().map(KnowledgeForm::tensor).toList());
  }

  private static TensorMetadata tensor(Fields form) {
    form.only(Set.of("name", "datatype", "shape"));
    return new TensorMetadata(form.text("name"), form.text("datatype"), form.longs("shape"));
  }

  static Map<String, @Nullable Object> write(ModelConfig config, Redaction redaction) {
    Map<String, @Nullable Object> form = new LinkedHashMap<>();
    form.put("name", config.name());
    form.put("platform", config.platform());
    form.put("backend", config.backend());
    form.put("max_batch_size", config.maxBatchSize());
    form.put("decoupled", config.decoupled());
    Map<String, String> parameters = new TreeMap<>();
    config
        .parameters()
        .forEach(
            (name, value) ->
                parameters.put(name, redaction.redact(Redaction.Place.PARAMETER, name, value)));
    form.put("parameters", parameters);
    form.put("required_inputs", config.requiredInputs());
    return form;
  }

  static ModelConfig config(Fields form) {
    form.only(
        Set.of(
            "name",
            "platform",
            "backend",
            "max_batch_size",
            "decoupled",
            "parameters",
            "required_inputs"));
    Map<String, String> parameters = new HashMap<>();
    Fields settings = form.object("parameters");
    settings.values().keySet().forEach(n -> parameters.put((String) n, settings.text((String) n)));
    return new ModelConfig(
        form.text("name"),
        form.text("platform"),
        form.text("backend"),
        form.has("max_batch_size") ? form.integer("max_batch_size") : 0,
        form.bool("decoupled"),
        parameters,
        form.texts("required_inputs"));
  }

  static Map<String, @Nullable Object> write(RepositoryModel model) {
    Map<String, @Nullable Object> form = new LinkedHashMap<>();
    form.put("name", model.name());
    form.put("version", model.version());
    form.put("state", model.state());
    form.put("reason", model.reason());
    return form;
  }

  static List<Map<String, @Nullable Object>> write(List<RepositoryModel> models) {
    return models.stream().map(KnowledgeForm::write).toList();
  }

  static RepositoryModel listed(Fields form) {
    form.only(Set.of("name", "version", "state", "reason"));
    return new RepositoryModel(
        form.text("name"), form.text("version"), form.text("state"), form.text("reason"));
  }
}
