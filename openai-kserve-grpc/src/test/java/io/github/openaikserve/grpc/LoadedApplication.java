package io.github.openaikserve.grpc;

import io.github.openaikserve.OpenAiKServe;
import java.io.Closeable;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.Callable;

/** An {@link IsolatedApplication} whose threads are those of a container. */
final class LoadedApplication implements Closeable {
  private final Object instance;
  private final ClassLoader loader;

  LoadedApplication(String name, String target) throws Exception {
    URL[] urls = {
      home(OpenAiKServe.class), home(GrpcBackend.class), home(IsolatedApplication.class)
    };
    loader = new URLClassLoader(urls, new Shared(LoadedApplication.class.getClassLoader()));
    instance =
        inContext(
            () ->
                loader
                    .loadClass(IsolatedApplication.class.getName())
                    .getConstructor(String.class, String.class)
                    .newInstance(name, target));
  }

  private static URL home(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation();
  }

  Class<?> type() {
    return instance.getClass();
  }

  Object call() throws Exception {
    return inContext((Callable<?>) instance);
  }

  private <T> T inContext(Callable<T> action) throws Exception {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(loader);
    try {
      return action.call();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Override
  public void close() throws IOException {
    ((Closeable) instance).close();
  }

  /** Loads all classes except those of the application. */
  private static final class Shared extends ClassLoader {
    Shared(ClassLoader parent) {
      super(parent);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("io.github.openaikserve.")) {
        throw new ClassNotFoundException(name);
      }
      return super.loadClass(name, resolve);
    }
  }
}
