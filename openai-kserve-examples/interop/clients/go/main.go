// OpenAI's SDK for Go. Run with the base URL; prints one line of JSON for each case.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/shared"
)

const (
	text     = "The capital of France is Paris. Grüße 🙂"
	question = "What is the capital of France?"
)

var (
	client = openai.NewClient(option.WithBaseURL(os.Args[1]), option.WithAPIKey("none"), option.WithMaxRetries(0))
	object = map[string]any{"type": "object", "properties": map[string]any{"city": map[string]any{"type": "string"}}}
	city   = map[string]any{
		"type": "object",
		"properties": map[string]any{
			"name":       map[string]any{"type": "string"},
			"population": map[string]any{"type": "integer"},
		},
		"required":             []string{"name", "population"},
		"additionalProperties": false,
	}
)

func params(prompt string) openai.ChatCompletionNewParams {
	return openai.ChatCompletionNewParams{
		Model:    "own",
		Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage(prompt)},
	}
}

func ask(p openai.ChatCompletionNewParams) (openai.ChatCompletionMessage, error) {
	made, err := client.Chat.Completions.New(context.Background(), p)
	if err != nil {
		return openai.ChatCompletionMessage{}, err
	}
	return made.Choices[0].Message, nil
}

func expect(found, expected string) error {
	if found != expected {
		return fmt.Errorf("expected %q, found %q", expected, found)
	}
	return nil
}

func whole() error {
	message, err := ask(params(question))
	return errors.Join(err, expect(message.Content, text))
}

func streamed() error {
	stream := client.Chat.Completions.NewStreaming(context.Background(), params(question))
	sum := openai.ChatCompletionAccumulator{}
	for stream.Next() {
		sum.AddChunk(stream.Current())
	}
	if stream.Err() != nil {
		return stream.Err()
	}
	return expect(sum.Choices[0].Message.Content, text)
}

func tools() error {
	p := params("What is the weather in Paris?")
	p.Tools = []openai.ChatCompletionToolUnionParam{
		openai.ChatCompletionFunctionTool(shared.FunctionDefinitionParam{Name: "get_weather", Parameters: object}),
	}
	message, err := ask(p)
	if err != nil {
		return err
	}
	if len(message.ToolCalls) != 1 {
		return fmt.Errorf("no call: %q", message.Content)
	}
	return expect(message.ToolCalls[0].Function.Name, "get_weather")
}

func structured() error {
	p := params("A city.")
	schema := shared.ResponseFormatJSONSchemaJSONSchemaParam{Name: "city", Schema: city, Strict: openai.Bool(true)}
	p.ResponseFormat = openai.ChatCompletionNewParamsResponseFormatUnion{
		OfJSONSchema: &shared.ResponseFormatJSONSchemaParam{JSONSchema: schema},
	}
	message, err := ask(p)
	if err != nil {
		return err
	}
	var made struct{ Name string }
	return errors.Join(json.Unmarshal([]byte(message.Content), &made), expect(made.Name, "Paris"))
}

func failure() error {
	_, err := ask(params(strings.Repeat("long ", 2500)))
	var e *openai.Error
	if !errors.As(err, &e) {
		return fmt.Errorf("no error of the API: %v", err)
	}
	return expect(fmt.Sprint(e.StatusCode, " ", e.Code), "400 context_length_exceeded")
}

func cancel() error {
	leave, stop := context.WithCancel(context.Background())
	defer stop()
	stream := client.Chat.Completions.NewStreaming(leave, params("count slowly"))
	stream.Next()
	return stream.Close()
}

func main() {
	cases := []struct {
		name string
		run  func() error
	}{{"whole", whole}, {"streamed", streamed}, {"tools", tools}, {"structured", structured}, {"error", failure}, {"cancel", cancel}}
	for _, c := range cases {
		state, reason := "ok", ""
		if err := c.run(); err != nil {
			state, reason = "FAILED", err.Error()
		}
		line, _ := json.Marshal(map[string]string{"case": c.name, "state": state, "reason": reason})
		fmt.Println(strings.Replace(string(line), `"case":`, `"case": `, 1))
	}
}
