package io.github.openaikserve.grpc.recording;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The optional library of recordings. */
final class RecordingLibraryTest {
  @Test
  void isNamedWhereItIsMissing() throws Exception {
    List<URL> path = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!entry.contains("protobuf-java-util")) {
        path.add(Path.of(entry).toUri().toURL());
      }
    }
    try (var loader =
        new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> replay = loader.loadClass(ReplayBackend.class.getName());
      Consumer<Object> none = options -> {};

      assertThatThrownBy(
              () ->
                  replay
                      .getMethod("from", InputStream.class, String.class, Consumer.class)
                      .invoke(null, new ByteArrayInputStream(new byte[0]), "none", none))
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("recordings need com.google.protobuf:protobuf-java-util");
    }
  }
}
