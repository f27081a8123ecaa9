/**
 * Decisions: questions become chats that generate one token; its log probabilities become answers.
 */
@NullMarked
package io.github.openaikserve.internal.decisions;

import org.jspecify.annotations.NullMarked;
