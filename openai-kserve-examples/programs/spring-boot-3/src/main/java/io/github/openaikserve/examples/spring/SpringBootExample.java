package io.github.openaikserve.examples.spring;

import io.github.openaikserve.OpenAiKServe;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/**
 * A Spring Boot application that calls a model and serves OpenAI's API at {@code /v1}. The model
 * server is set in {@code application.yaml}.
 */
@SpringBootApplication
@RestController
public class SpringBootExample {
  private final OpenAiKServe openai;

  SpringBootExample(OpenAiKServe openai) {
    this.openai = openai;
  }

  /** Starts the application. */
  public static void main(String[] args) {
    SpringApplication.run(SpringBootExample.class, args);
  }

  @GetMapping("/ask")
  String ask(@RequestParam("question") String question) {
    return openai.chatCompletions().create(r -> r.user(question)).text();
  }
}
