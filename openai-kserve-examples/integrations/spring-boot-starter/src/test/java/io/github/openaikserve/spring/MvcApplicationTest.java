package io.github.openaikserve.spring;

import org.springframework.boot.WebApplicationType;

/** An application with a servlet container. */
final class MvcApplicationTest extends RunningApplicationContract {
  MvcApplicationTest() {
    super(WebApplicationType.SERVLET);
  }
}
