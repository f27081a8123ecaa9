package io.github.openaikserve.testserver;

import io.github.openaikserve.OpenAiKServe;
import io.github.openaikserve.backend.InferenceBackend;
import io.github.openaikserve.chat.ChatTemplates;
import io.github.openaikserve.dialect.Dialects;
import io.github.openaikserve.grpc.GrpcBackend;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Starts a scripted model server, a service over it, and a server of OpenAI's API for each test,
 * and closes them after it. Needs JUnit 5.10 or newer.
 *
 * <pre>{@code
 * @ExtendWith(OpenAiKServeExtension.class)
 * class MyClientTest {
 *   @Test
 *   void retries(KServeTestServer model, OpenAiTestServer server) {
 *     model.failing(BackendCode.UNAVAILABLE, "busy");
 *     ... a client of server.baseUrl()
 *   }
 * }
 * }</pre>
 *
 * <p>A test method, and a method before or after each test, has what it asks for as parameters: a
 * {@link KServeTestServer}, an {@link OpenAiTestServer}, an {@link OpenAiKServe} and an {@link
 * InferenceBackend}, which is the service's connection. The service has the model {@value #MODEL}
 * of AnyServe's dialect. {@link #with} sets other models, for a field with
 * {@code @RegisterExtension}.
 */
public final class OpenAiKServeExtension
    implements BeforeEachCallback, AfterEachCallback, ParameterResolver {
  /** The model of a service that no test has configured. */
  public static final String MODEL = "test";

  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(OpenAiKServeExtension.class);

  private final Consumer<OpenAiKServe.Builder> configuration;

  /** An extension whose service has the model {@value #MODEL}. */
  public OpenAiKServeExtension() {
    this(
        service ->
            service.model(
                MODEL, m -> m.dialect(Dialects.ANYSERVE).chatTemplate(ChatTemplates.CHATML)));
  }

  private OpenAiKServeExtension(Consumer<OpenAiKServe.Builder> configuration) {
    this.configuration = Objects.requireNonNull(configuration, "configuration");
  }

  /** Returns an extension whose service is configured by a function: its models, its limits. */
  public static OpenAiKServeExtension with(Consumer<OpenAiKServe.Builder> configuration) {
    return new OpenAiKServeExtension(configuration);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(NAMESPACE).put(Servers.class, new Servers(configuration));
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Servers servers = context.getStore(NAMESPACE).remove(Servers.class, Servers.class);
    if (servers != null) {
      servers.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == KServeTestServer.class
        || type == OpenAiTestServer.class
        || type == OpenAiKServe.class
        || type == InferenceBackend.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Servers servers = context.getStore(NAMESPACE).get(Servers.class, Servers.class);
    if (servers == null) {
      throw new IllegalStateException("servers start before each test: use them there or later");
    }
    Class<?> type = parameter.getParameter().getType();
    if (type == KServeTestServer.class) {
      return servers.model;
    }
    if (type == OpenAiTestServer.class) {
      return servers.http;
    }
    return type == OpenAiKServe.class ? servers.openai : servers.backend;
  }

  /** What runs during one test. */
  private static final class Servers {
    final KServeTestServer model = KServeTestServer.start();
    final InferenceBackend backend = GrpcBackend.connect(model.target());
    final OpenAiKServe openai;
    final OpenAiTestServer http;

    Servers(Consumer<OpenAiKServe.Builder> configuration) {
      OpenAiKServe.Builder service = OpenAiKServe.builder(backend);
      configuration.accept(service);
      openai = service.build();
      http = OpenAiTestServer.start(openai.httpHandler());
    }

    void close() {
      http.close();
      backend.close(); // first, so that calls that hang do not hold the service open
      openai.close();
      model.close();
    }
  }
}
