/** Checks of the pages of the project: links, names, commands and how easy they are to read. */
@NullMarked
package io.github.openaikserve.pages;

import org.jspecify.annotations.NullMarked;
