/** Decisions: from questions to chats of one token, and from its likeliest values to answers. */
@NullMarked
package io.github.openaikserve.internal.decisions;

import org.jspecify.annotations.NullMarked;
