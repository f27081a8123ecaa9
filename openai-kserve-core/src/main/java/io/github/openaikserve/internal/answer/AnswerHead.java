package io.github.openaikserve.internal.answer;

/**
 * What every chunk of an answer has in common. Immutable.
 *
 * @param created seconds since 1970
 */
record AnswerHead(String id, long created, String model) {}
