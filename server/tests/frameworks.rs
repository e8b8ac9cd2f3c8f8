//! One server, one question, every framework: the real Python packages beside ours, with identical tool traces; and the
//! worker's life. The packages are installed by the program itself, once for each version of their list.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

#[path = "support/program.rs"]
#[allow(dead_code)]
mod program;

use agents::testing::{Reply, ScriptedProvider};
use program::{Place, Server};
use serde_json::{Value, json};
use std::{path::Path, time::Duration};

const QUESTION: &str = "What is 15 * 23?";
/// For a process that hangs, not for a slow machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// A place with the worker's packages; they stay beside the build.
fn place() -> Place {
    let known = std::env::vars().filter(|(name, _)| ["PATH", "HOME"].contains(&&**name) || name.starts_with("PIP_"));
    let place = known.fold(Place::new(), |place, (name, value)| place.set(&name, &value));
    let packages = std::env::var("BRIDGE_DIR").unwrap_or_else(|_| format!("{}/bridge", env!("CARGO_TARGET_TMPDIR")));
    let place = place.set("BRIDGE_DIR", &packages);
    let installed = place.run(&["bridge"]);
    assert!(installed.status.success(), "{}", program::text(&installed.stderr));
    place
}

async fn agent(server: &Server, agent_type: &str, model: &str, settings: Value) -> String {
    let draft = json!({ "agent_type": agent_type, "model": model, "temperature": 0.0, "config_json": settings });
    server.post("/api/v1/agents", draft).await["id"].as_str().unwrap().to_owned()
}

/// The answer to the question: its text, and the trace of its tool calls.
async fn asked(server: &Server, agent: &str) -> (String, Vec<(Value, Value, Value)>) {
    let answer = server.post("/api/v1/chat", json!({ "agent_id": agent, "message": QUESTION })).await;
    let calls = answer["tool_calls"].as_array().unwrap().iter();
    let trace = calls.map(|call| (call["tool_name"].clone(), call["arguments_json"].clone(), call["result"].clone()));
    (answer["response"].as_str().unwrap().to_owned(), trace.collect())
}

/// An AG-UI endpoint that tells a finished run.
fn told_run() -> Reply {
    let events = [
        json!({"type": "RUN_STARTED", "threadId": "t", "runId": "r"}),
        json!({"type": "TOOL_CALL_START", "toolCallId": "c", "toolCallName": "calculate"}),
        json!({"type": "TOOL_CALL_ARGS", "toolCallId": "c", "delta": "{\"expression\":\"15 * 23\"}"}),
        json!({"type": "TOOL_CALL_END", "toolCallId": "c"}),
        json!({"type": "TOOL_CALL_RESULT", "messageId": "m", "toolCallId": "c", "content": "345"}),
        json!({"type": "TEXT_MESSAGE_CHUNK", "messageId": "n", "delta": "It is 345."}),
        json!({"type": "RUN_FINISHED", "threadId": "t", "runId": "r"}),
    ];
    Reply::raw(events.iter().map(|event| format!("data: {event}\n\n")).collect::<String>())
}

#[tokio::test]
async fn every_framework_answers_the_same_question_with_the_same_tool_trace() {
    let call = Reply::calls([("call_1", "calculate", r#"{"expression":"15 * 23"}"#)]);
    let provider = ScriptedProvider::start([call, Reply::text("It is 345.")]).await.unwrap();
    let endpoint = ScriptedProvider::start([told_run()]).await.unwrap();
    let place = place().set("OPENAI_API_KEY", "sk-test").set("OPENAI_BASE_URL", provider.base_url());
    let server = place.serve(&["serve"]);
    let expected = vec![(json!("calculate"), json!({ "expression": "15 * 23" }), json!("345"))];
    for (agent_type, model, settings) in [
        ("local", "builtin", json!({})),
        ("openai", "gpt-4o", json!({})),
        ("pydantic_ai", "local/builtin", json!({})),
        ("pydantic_ai", "local/builtin", json!({ "api": "responses", "tools": "calculate, search" })),
        ("langgraph", "local/builtin", json!({})),
        ("langgraph", "local/builtin", json!({ "api": "responses", "tools": "calculate, search" })),
        ("ag_ui", "its own", json!({ "url": endpoint.base_url() })),
    ] {
        let agent = agent(&server, agent_type, model, settings.clone()).await;
        let (reply, trace) = asked(&server, &agent).await;
        assert_eq!(trace, expected, "{agent_type} {settings}");
        assert!(reply.contains("345"), "{agent_type} {settings}: {reply}");
    }
    let status = server.get("/api/v1/bridge").await;
    assert_eq!(status["state"], "ready", "{status}");
    assert!(
        status["versions"]["pydantic-ai-slim"].is_string() && status["versions"]["langgraph"].is_string(),
        "{status}"
    );
}

#[tokio::test]
async fn a_case_brings_its_tools_to_every_framework() {
    let frameworks = [
        ("openai", "gpt-4o", json!({})),
        ("openai_chat", "gpt-4o", json!({})),
        ("pydantic_ai", "openai/gpt-4o", json!({})),
        ("langgraph", "openai/gpt-4o", json!({ "tools": "calculate" })),
    ];
    let turn = || [Reply::calls([("call_1", "lookup", r#"{"key":"a"}"#)]), Reply::text("It is 5.")];
    let provider = ScriptedProvider::start(frameworks.iter().flat_map(|_| turn())).await.unwrap();
    let place = place().set("OPENAI_API_KEY", "sk-test").set("OPENAI_BASE_URL", provider.base_url());
    let server = place.serve(&["serve"]);
    let schema = json!({"type": "object", "properties": {"key": {"type": "string"}}, "required": ["key"]});
    let case = json!({
        "user_input": "What is a?", "only_own_tools": true,
        "tool_defs": [{"name": "lookup", "description": "Looks a key up.", "parameters": schema, "result": {"value": 5}}],
        "expected_calls": [{"name": "lookup", "arguments": {"key": "a"}}], "expected_output": "5", "task_type": "contains",
    });
    let case = server.post("/api/v1/test-cases", case).await["id"].clone();
    for (agent_type, model, settings) in frameworks {
        let agent = agent(&server, agent_type, model, settings).await;
        let run = server.post("/api/v1/evaluations", json!({ "agent_id": agent, "test_case_ids": [case] })).await;
        let path = format!("/api/v1/evaluations/{}", run["id"].as_str().unwrap());
        let ended = async {
            loop {
                let run = server.get(&path).await;
                if !["pending", "running"].contains(&run["status"].as_str().unwrap()) {
                    return run;
                }
                tokio::task::yield_now().await;
            }
        };
        let run = tokio::time::timeout(PATIENCE, ended).await.unwrap();
        let result = &run["results"][0];
        assert_eq!(result["outcome"], "pass", "{agent_type}: {run}");
        assert_eq!(result["tool_calls_json"][0]["result"], r#"{"value":5}"#, "{agent_type}");
    }
    let offered = |body: &Value| -> Vec<Value> {
        let tools = body["tools"].as_array().unwrap().iter();
        tools.map(|tool| tool.get("name").or_else(|| tool["function"].get("name")).unwrap().clone()).collect()
    };
    for request in provider.requests() {
        assert_eq!(offered(&request.body), ["lookup"], "{}", request.body);
    }
}

#[tokio::test]
async fn an_agent_of_the_operators_own_is_named_and_a_wrong_name_is_told() {
    let modules = tempfile::tempdir().unwrap();
    let mine = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bridge/tests/mine.py");
    std::fs::copy(mine, modules.path().join("mine.py")).unwrap();
    let place = place().set("BRIDGE_MODULES", &modules.path().to_string_lossy());
    let server = place.serve(&["serve"]);
    for (agent_type, entry) in [("pydantic_ai", "mine:made"), ("langgraph", "mine:graph")] {
        let agent = agent(&server, agent_type, "local/builtin", json!({ "entry": entry })).await;
        assert!(asked(&server, &agent).await.0.contains("345"), "{agent_type} {entry}");
    }
    let missing = agent(&server, "pydantic_ai", "local/builtin", json!({ "entry": "mine:missing" })).await;
    let (status, problem) = server.refused("/api/v1/chat", json!({ "agent_id": missing, "message": QUESTION })).await;
    assert_eq!((status, problem["detail"].as_str()), (400, Some("the module mine has no `missing`")));
}

#[tokio::test]
async fn the_worker_comes_back_after_a_crash_and_ends_with_its_server_and_commands_have_one_too() {
    let place = place();
    let server = place.serve(&["serve"]);
    assert_eq!((server.worker(), server.get("/api/v1/bridge").await["state"].clone()), (None, json!("idle")));
    let agent = agent(&server, "pydantic_ai", "local/builtin", json!({})).await;
    assert!(asked(&server, &agent).await.0.contains("345"));
    let first = server.worker().unwrap();
    program::signal(first, "-KILL");
    ended(first).await;
    let back = async {
        while server.get("/api/v1/bridge").await["state"] != "ready" || server.worker().is_none_or(|pid| pid == first) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, back).await.unwrap();
    assert!(asked(&server, &agent).await.0.contains("345"));
    let second = server.worker().unwrap();
    server.kill();
    ended(second).await;

    let server = place.serve(&["serve"]);
    assert!(asked(&server, &agent).await.0.contains("345"));
    let third = server.worker().unwrap();
    assert_eq!(server.terminate().code(), Some(0));
    ended(third).await;

    let told = place.run(&["chat", "--agent", &agent, "--message", QUESTION]);
    assert!(program::text(&told.stdout).contains("345"), "{}", program::text(&told.stderr));
}

/// Waits until a process is gone.
async fn ended(pid: u32) {
    let gone = async {
        while program::is_alive(pid) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, gone).await.unwrap_or_else(|_| panic!("process {pid} is still there"));
}

#[tokio::test]
async fn without_python_the_answer_says_what_to_do() {
    let place = Place::new().set("PATH", "/nowhere").set("BRIDGE_DIR", "empty");
    let installed = place.run(&["bridge"]);
    assert!(!installed.status.success());
    let said = program::text(&installed.stderr);
    assert!(said.contains("`python3` was not found") && said.contains("python3-venv"), "{said}");

    let server = place.serve(&["serve"]);
    let agent = agent(&server, "langgraph", "local/builtin", json!({})).await;
    let (status, problem) = server.refused("/api/v1/chat", json!({ "agent_id": agent, "message": QUESTION })).await;
    let detail = problem["detail"].as_str().unwrap();
    assert!(status == 400 && detail.contains("`python3` was not found"), "{detail}");
    assert_eq!(server.get("/api/v1/bridge").await["error"], detail);
    server.terminate();

    let told = place.run(&["chat", "--agent", &agent, "--message", QUESTION]);
    let said = program::text(&told.stderr);
    assert!(!told.status.success() && said.contains("`python3` was not found"), "{said}");
}
