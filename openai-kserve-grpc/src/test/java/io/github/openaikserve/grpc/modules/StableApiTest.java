package io.github.openaikserve.grpc.modules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import io.grpc.ExperimentalApi;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The module does not use gRPC's experimental API, which may change in any release. */
final class StableApiTest {
  /** {@code TransportOptions} gives the reason of each exception in this list. */
  @Test
  void onlyNamedClassesUseExperimentalApi() {
    Map<String, Set<String>> found = new TreeMap<>();
    for (JavaClass one : MainClasses.ALL) {
      if (!one.getPackageName().endsWith(".proto")) {
        collect(one, found);
      }
    }

    assertThat(found).isEqualTo(Map.of("TokenCredentials", Set.of("SecurityLevel")));
  }

  private static void collect(JavaClass one, Map<String, Set<String>> found) {
    String name = one.getName().replaceAll(".*\\.", "").replaceAll("\\$.*", "");
    one.getDirectDependenciesFromSelf().stream()
        .map(dependency -> dependency.getTargetClass().getBaseComponentType())
        .filter(target -> isExperimental(target))
        .forEach(target -> add(found, name, target.getSimpleName()));
    for (JavaAccess<?> access : one.getAccessesFromSelf()) {
      access
          .getTarget()
          .resolveMember()
          .filter(member -> member.isAnnotatedWith(ExperimentalApi.class))
          .ifPresent(
              member ->
                  add(found, name, member.getOwner().getSimpleName() + "." + member.getName()));
    }
  }

  private static boolean isExperimental(JavaClass type) {
    return type.isAnnotatedWith(ExperimentalApi.class)
        || type.getEnclosingClass().filter(StableApiTest::isExperimental).isPresent();
  }

  private static void add(Map<String, Set<String>> found, String name, String used) {
    found.computeIfAbsent(name, key -> new TreeSet<>()).add(used);
  }
}
