/**
 * The command line: {@code serve}, {@code check}, {@code chat} and {@code config}. The only package
 * that depends on picocli. {@link io.github.openaikserve.server.command.ServerCommand} is the main
 * class.
 */
@NullMarked
package io.github.openaikserve.server.command;

import org.jspecify.annotations.NullMarked;
