//! async-openai. Run with the base URL; prints one line of JSON for each case.

use async_openai::config::OpenAIConfig;
use async_openai::error::OpenAIError;
use async_openai::types::chat::{ChatCompletionMessageToolCalls, CreateChatCompletionRequest};
use async_openai::Client;
use futures::StreamExt;
use serde_json::{json, Value};

type Outcome = Result<(), String>;

const TEXT: &str = "The capital of France is Paris. Grüße 🙂";
const QUESTION: &str = "What is the capital of France?";

fn client() -> Client<OpenAIConfig> {
    let url = std::env::args().nth(1).expect("the base URL");
    Client::with_config(OpenAIConfig::new().with_api_base(url).with_api_key("none"))
}

fn request(prompt: &str, more: Value) -> CreateChatCompletionRequest {
    let mut body = json!({"model": "own", "messages": [{"role": "user", "content": prompt}]});
    for (name, value) in more.as_object().expect("an object") {
        body[name] = value.clone();
    }
    serde_json::from_value(body).expect("a request")
}

fn expect<T: PartialEq + std::fmt::Debug>(found: T, expected: T) -> Outcome {
    if found == expected {
        return Ok(());
    }
    Err(format!("expected {expected:?}, found {found:?}"))
}

async fn ask(prompt: &str, more: Value) -> Result<String, OpenAIError> {
    let made = client().chat().create(request(prompt, more)).await?;
    let message = &made.choices[0].message;
    match message.tool_calls.as_ref().and_then(|calls| calls.first()) {
        Some(ChatCompletionMessageToolCalls::Function(call)) => Ok(call.function.name.clone()),
        _ => Ok(message.content.clone().unwrap_or_default()),
    }
}

async fn said(prompt: &str, more: Value) -> Result<String, String> {
    ask(prompt, more).await.map_err(|e| e.to_string())
}

async fn streamed() -> Outcome {
    let made = client().chat().create_stream(request(QUESTION, json!({"stream": true}))).await;
    let mut stream = made.map_err(|e| e.to_string())?;
    let mut text = String::new();
    while let Some(chunk) = stream.next().await {
        for choice in chunk.map_err(|e| e.to_string())?.choices {
            text.push_str(&choice.delta.content.unwrap_or_default());
        }
    }
    expect(text.as_str(), TEXT)
}

async fn tools() -> Outcome {
    let tool = json!({"type": "function", "function": {"name": "get_weather",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}});
    expect(said("What is the weather in Paris?", json!({"tools": [tool]})).await?.as_str(), "get_weather")
}

async fn structured() -> Outcome {
    let schema = json!({"type": "object", "required": ["name", "population"], "additionalProperties": false,
        "properties": {"name": {"type": "string"}, "population": {"type": "integer"}}});
    let format = json!({"type": "json_schema",
        "json_schema": {"name": "city", "strict": true, "schema": schema}});
    let text = said("A city.", json!({"response_format": format})).await?;
    let made: Value = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    expect(made["name"].as_str(), Some("Paris"))
}

async fn error() -> Outcome {
    match ask(&"long ".repeat(2500), json!({})).await {
        Err(OpenAIError::ApiError(e)) => {
            let found = (e.status_code.as_u16(), e.api_error.code);
            expect(found, (400, Some("context_length_exceeded".to_string())))
        }
        other => Err(format!("no error of the API: {other:?}")),
    }
}

async fn cancel() -> Outcome {
    let made = client().chat().create_stream(request("count slowly", json!({"stream": true}))).await;
    let mut stream = made.map_err(|e| e.to_string())?;
    stream.next().await;
    Ok(())
}

fn show(case: &str, outcome: Outcome) {
    let state = if outcome.is_ok() { "ok" } else { "FAILED" };
    let rest = json!({"state": state, "reason": outcome.err().unwrap_or_default()}).to_string();
    println!("{{\"case\": \"{case}\", {}", &rest[1..]);
}

#[tokio::main]
async fn main() {
    let whole = said(QUESTION, json!({})).await.and_then(|text| expect(text.as_str(), TEXT));
    show("whole", whole);
    show("streamed", streamed().await);
    show("tools", tools().await);
    show("structured", structured().await);
    show("error", error().await);
    show("cancel", cancel().await);
}
