/**
 * Auto-configuration of Spring Boot 3.5 and 4. Begin with {@link
 * io.github.openaikserve.spring.OpenAiKServeProperties}.
 */
@NullMarked
package io.github.openaikserve.spring;

import org.jspecify.annotations.NullMarked;
