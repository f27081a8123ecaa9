package io.github.openaikserve.servlet;

import jakarta.servlet.Servlet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** A servlet container with one servlet, at {@code /app} on a port of its choice. */
interface Container extends AutoCloseable {
  String CONTEXT = "/app";

  /** The containers that the tests run in. */
  enum Kind {
    JETTY {
      @Override
      Container start(Servlet servlet, String mapping, boolean asyncSupported) {
        return new Jetty(servlet, mapping, asyncSupported);
      }
    },
    TOMCAT {
      @Override
      Container start(Servlet servlet, String mapping, boolean asyncSupported) throws IOException {
        return new TomcatContainer(servlet, mapping, asyncSupported);
      }
    };

    abstract Container start(Servlet servlet, String mapping, boolean asyncSupported)
        throws IOException;

    Container start(Servlet servlet) throws IOException {
      return start(servlet, "/*", true);
    }
  }

  int port();

  @Override
  void close();

  /** Jetty. */
  final class Jetty implements Container {
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server);

    Jetty(Servlet servlet, String mapping, boolean asyncSupported) {
      connector.setHost("127.0.0.1");
      server.addConnector(connector);
      var context = new ServletContextHandler(CONTEXT);
      var holder = new ServletHolder(servlet);
      holder.setAsyncSupported(asyncSupported);
      context.addServlet(holder, mapping);
      server.setHandler(context);
      try {
        server.start();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public int port() {
      return connector.getLocalPort();
    }

    @Override
    public void close() {
      try {
        server.stop();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Tomcat. */
  final class TomcatContainer implements Container {
    private final Tomcat tomcat = new Tomcat();

    TomcatContainer(Servlet servlet, String mapping, boolean asyncSupported) throws IOException {
      Path directory = Files.createTempDirectory("tomcat");
      directory.toFile().deleteOnExit();
      tomcat.setBaseDir(directory.toString());
      tomcat.setHostname("127.0.0.1");
      tomcat.setPort(0);
      Context context = tomcat.addContext(CONTEXT, directory.toString());
      Wrapper wrapper = Tomcat.addServlet(context, "openai", servlet);
      wrapper.setAsyncSupported(asyncSupported);
      wrapper.addMapping(mapping);
      try {
        tomcat.start();
      } catch (LifecycleException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public int port() {
      return tomcat.getConnector().getLocalPort();
    }

    @Override
    public void close() {
      try {
        tomcat.stop();
        tomcat.destroy();
      } catch (LifecycleException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
