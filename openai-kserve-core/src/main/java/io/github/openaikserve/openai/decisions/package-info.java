/**
 * OpenAI's objects for decisions.
 *
 * <p>Source: OpenAI's schemas {@code DecisionRequest} and {@code DecisionResponse}, in {@code
 * openai-java} 4.101.0.
 */
@NullMarked
package io.github.openaikserve.openai.decisions;

import org.jspecify.annotations.NullMarked;
