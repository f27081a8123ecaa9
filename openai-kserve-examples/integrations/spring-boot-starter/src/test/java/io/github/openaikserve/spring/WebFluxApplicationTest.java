package io.github.openaikserve.spring;

import org.springframework.boot.WebApplicationType;

/** An application of WebFlux, over Netty. */
final class WebFluxApplicationTest extends RunningApplicationContract {
  WebFluxApplicationTest() {
    super(WebApplicationType.REACTIVE);
  }
}
