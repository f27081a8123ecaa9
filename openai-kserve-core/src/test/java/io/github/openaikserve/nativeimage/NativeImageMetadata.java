package io.github.openaikserve.nativeimage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;

/**
 * What a module says of itself to GraalVM's native-image.
 *
 * <p>Source: GraalVM's reachability-metadata-schema-v1.0.0; written down here by hand.
 */
public final class NativeImageMetadata {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> TOP = Set.of("reflection", "resources");
  private static final Set<String> OF_TYPE =
      Set.of(
          "condition",
          "type",
          "methods",
          "fields",
          "allDeclaredMethods",
          "allPublicMethods",
          "allDeclaredFields",
          "allPublicFields",
          "allDeclaredConstructors",
          "allPublicConstructors",
          "unsafeAllocated",
          "serializable",
          "jniAccessible");
  private static final Set<String> OF_RESOURCE = Set.of("condition", "glob", "module", "bundle");

  /** Whoever calls one of these loads something by its name. */
  private static final Set<String> LOADING =
      Set.of(
          "java.lang.Class.forName",
          "java.lang.Class.getResource",
          "java.lang.Class.getResourceAsStream",
          "java.lang.Class.getMethod",
          "java.lang.Class.getDeclaredMethod",
          "java.lang.Class.getConstructor",
          "java.lang.Class.getDeclaredConstructor",
          "java.lang.Class.getField",
          "java.lang.Class.getDeclaredField",
          "java.lang.ClassLoader.loadClass",
          "java.lang.ClassLoader.getResource",
          "java.lang.ClassLoader.getResources",
          "java.lang.ClassLoader.getResourceAsStream",
          "java.lang.Module.getResourceAsStream",
          "java.lang.reflect.Proxy.newProxyInstance",
          "java.util.ResourceBundle.getBundle",
          "java.util.ServiceLoader.load");

  private final JsonNode root;

  private NativeImageMetadata(JsonNode root) {
    this.root = root;
  }

  /** The metadata of an artifact on the class path. */
  public static NativeImageMetadata of(String artifact) throws IOException {
    String path =
        "/META-INF/native-image/io.github.openaikserve/" + artifact + "/reachability-metadata.json";
    try (InputStream in = NativeImageMetadata.class.getResourceAsStream(path)) {
      return new NativeImageMetadata(JSON.readTree(Objects.requireNonNull(in, path)));
    }
  }

  /** The classes that load something by its name. */
  public static Set<String> loaders(JavaClasses classes) {
    Set<String> loaders = new TreeSet<>();
    for (JavaClass one : classes) {
      for (JavaAccess<?> access : one.getAccessesFromSelf()) {
        if (LOADING.contains(access.getTargetOwner().getName() + "." + access.getName())) {
          loaders.add(one.getName());
        }
      }
    }
    return loaders;
  }

  /** What is not as the schema has it. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    unknown(root, TOP, problems);
    for (JsonNode type : root.path("reflection")) {
      unknown(type, OF_TYPE, problems);
      if (!type.path("type").isTextual()) {
        problems.add("no type in " + type);
      }
      type.properties()
          .forEach(
              field -> {
                if (field.getKey().startsWith("all") && !field.getValue().isBoolean()) {
                  problems.add("no truth value in " + type);
                }
              });
    }
    for (JsonNode resource : root.path("resources")) {
      unknown(resource, OF_RESOURCE, problems);
      if (!resource.path("glob").isTextual()) {
        problems.add("no glob in " + resource);
      }
    }
    root.findValues("condition")
        .forEach(
            condition -> {
              if (condition.size() != 1 || !condition.path("typeReached").isTextual()) {
                problems.add("no condition: " + condition);
              }
            });
    return problems;
  }

  private static void unknown(JsonNode object, Set<String> known, List<String> problems) {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                problems.add("unknown: " + name);
              }
            });
  }

  /** The types that may be looked up by their names. */
  public List<String> types() {
    return StreamSupport.stream(root.path("reflection").spliterator(), false)
        .map(type -> type.path("type").textValue())
        .toList();
  }

  /** Whether a resource is part of the image. */
  public boolean holds(String resource) {
    return StreamSupport.stream(root.path("resources").spliterator(), false)
        .map(entry -> "glob:" + entry.path("glob").textValue())
        .anyMatch(glob -> FileSystems.getDefault().getPathMatcher(glob).matches(Path.of(resource)));
  }
}
