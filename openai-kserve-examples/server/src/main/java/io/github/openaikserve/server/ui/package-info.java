/**
 * The web page of the server, and the status that it shows.
 *
 * <p>{@link io.github.openaikserve.server.ui.PageHandler} serves the page at {@code /}, and {@link
 * io.github.openaikserve.server.ui.StatusHandler} serves its data at {@code /status}.
 */
@NullMarked
package io.github.openaikserve.server.ui;

import org.jspecify.annotations.NullMarked;
