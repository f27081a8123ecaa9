/**
 * An {@link io.github.openaikserve.http.OpenAiHandler} in a Jakarta Servlet container. Begin with
 * {@link io.github.openaikserve.servlet.OpenAiServlet}.
 */
@NullMarked
package io.github.openaikserve.servlet;

import org.jspecify.annotations.NullMarked;
