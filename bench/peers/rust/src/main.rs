//! The AWS SDK for Rust as its users call it; the same words and report as the other subjects.
use aws_sdk_bedrockruntime::config::{retry::RetryConfig, Credentials, Region};
use aws_sdk_bedrockruntime::operation::RequestId;
use aws_sdk_bedrockruntime::primitives::Blob;
use aws_sdk_bedrockruntime::types::{
    ContentBlock, ConversationRole, ConverseStreamOutput, Message, ResponseStream,
};
use aws_sdk_bedrockruntime::{Client, Config};
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

const QUESTION: &str = "Why is the sky blue, and not violet?";
type Failure = Box<dyn std::error::Error + Send + Sync>;

/// One client, and what its requests see.
struct Bench {
    client: Client,
    model: String,
    operation: String,
    waits: Mutex<Vec<i64>>,
    deltas: AtomicI64,
    ended: AtomicI64,
}

#[derive(serde::Deserialize)]
struct Chunk {
    r#type: String,
}

#[derive(serde::Deserialize)]
struct Answer {
    content: Vec<Text>,
}

#[derive(serde::Deserialize)]
struct Text {
    text: String,
}

/// The clock that the server and its clients share.
fn now() -> i64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut time) };
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

fn cpu() -> i64 {
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    unsafe { libc::getrusage(libc::RUSAGE_SELF, &mut usage) };
    let ns = |time: libc::timeval| time.tv_sec * 1_000_000_000 + time.tv_usec * 1000;
    ns(usage.ru_utime) + ns(usage.ru_stime)
}

fn peak_kib() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    line.and_then(|line| line.split_whitespace().nth(1)).and_then(|kib| kib.parse().ok()).unwrap_or(0)
}

fn native_body() -> Blob {
    let body = serde_json::json!({
        "anthropic_version": "bedrock-2023-05-31", "max_tokens": 1000, "temperature": 0.5,
        "messages": [{"role": "user", "content": [{"type": "text", "text": QUESTION}]}]});
    Blob::new(body.to_string())
}

impl Bench {
    async fn one(&self) -> Result<(), Failure> {
        match self.operation.as_str() {
            "invoke" => self.invoke().await?,
            "invoke-with-response-stream" => self.invoke_stream().await?,
            "converse-stream" => self.converse_stream().await?,
            other => return Err(format!("unknown operation {other}").into()),
        }
        self.ended.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    async fn invoke(&self) -> Result<(), Failure> {
        let call = self.client.invoke_model().model_id(&self.model);
        let answer = call.content_type("application/json").body(native_body()).send().await?;
        let answer: Answer = serde_json::from_slice(answer.body().as_ref())?;
        answer.content.first().map(|block| block.text.len()).ok_or("no text")?;
        Ok(())
    }

    async fn invoke_stream(&self) -> Result<(), Failure> {
        let call = self.client.invoke_model_with_response_stream().model_id(&self.model);
        let mut answer = call.content_type("application/json").body(native_body()).send().await?;
        let sent = answer.request_id().unwrap_or_default().parse().unwrap_or(0);
        let mut seen = 0;
        while let Some(event) = answer.body.recv().await? {
            let ResponseStream::Chunk(part) = event else { continue };
            let chunk: Chunk = serde_json::from_slice(part.bytes().ok_or("no bytes")?.as_ref())?;
            if chunk.r#type == "content_block_delta" {
                seen = self.delta(seen, sent);
            }
        }
        self.deltas.fetch_add(seen, Ordering::Relaxed);
        Ok(())
    }

    async fn converse_stream(&self) -> Result<(), Failure> {
        let question = ContentBlock::Text(QUESTION.into());
        let message = Message::builder().role(ConversationRole::User).content(question).build()?;
        let call = self.client.converse_stream().model_id(&self.model).messages(message);
        let mut answer = call.send().await?;
        let sent = answer.request_id().unwrap_or_default().parse().unwrap_or(0);
        let mut seen = 0;
        while let Some(event) = answer.stream.recv().await? {
            if let ConverseStreamOutput::ContentBlockDelta(_) = event {
                seen = self.delta(seen, sent);
            }
        }
        self.deltas.fetch_add(seen, Ordering::Relaxed);
        Ok(())
    }

    /// The server wrote its clock, `sent`, into the request id.
    fn delta(&self, seen: i64, sent: i64) -> i64 {
        if seen == 0 {
            self.waits.lock().unwrap().push(now() - sent);
        }
        seen + 1
    }
}

/// Runs `count` requests, `parallel` at once: each begins when the one before it has ended, or, in rounds, when all have.
async fn run(bench: &Arc<Bench>, count: i64, parallel: i64, in_rounds: bool) {
    let left = Arc::new(AtomicI64::new(count));
    while left.load(Ordering::Relaxed) > 0 {
        let worker = |bench: Arc<Bench>, left: Arc<AtomicI64>| async move {
            while left.fetch_sub(1, Ordering::Relaxed) > 0 {
                if let Err(failure) = bench.one().await {
                    eprintln!("rust: {failure:?}");
                }
                if in_rounds {
                    break;
                }
            }
        };
        let workers: Vec<_> =
            (0..parallel.min(count)).map(|_| tokio::spawn(worker(bench.clone(), left.clone()))).collect();
        for one in workers {
            one.await.unwrap();
        }
    }
}

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let task: HashMap<_, _> =
        words.chunks(2).map(|pair| (pair[0].trim_start_matches("--"), pair[1].as_str())).collect();
    let number = |name: &str| task.get(name).and_then(|text| text.parse::<i64>().ok()).unwrap_or(0);
    let config = Config::builder()
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("AKIDEXAMPLE", "not-a-secret", None, None, "bench"))
        .endpoint_url(task["url"])
        .retry_config(RetryConfig::disabled())
        .build();
    let bench = Arc::new(Bench {
        client: Client::from_conf(config),
        model: std::env::var("BENCH_MODEL").unwrap_or_default(),
        operation: task["operation"].into(),
        waits: Mutex::default(),
        deltas: AtomicI64::new(0),
        ended: AtomicI64::new(0),
    });
    let (count, parallel, in_rounds) = (number("count"), number("parallel"), number("rounds") != 0);
    run(&bench, number("warmup"), parallel, in_rounds).await;
    bench.waits.lock().unwrap().clear();
    bench.deltas.store(0, Ordering::Relaxed);
    bench.ended.store(0, Ordering::Relaxed);

    let (cpu_before, wall_before) = (cpu(), Instant::now());
    run(&bench, count, parallel, in_rounds).await;
    let (wall, cost) = (wall_before.elapsed(), cpu() - cpu_before);

    let mut waits = bench.waits.lock().unwrap().clone();
    waits.sort_unstable();
    let quantile = |part: f64| match waits.len() {
        0 => 0,
        size => waits[(part * (size - 1) as f64) as usize],
    };
    let ended = bench.ended.load(Ordering::Relaxed);
    println!(
        "{}",
        serde_json::json!({
            "requests": ended, "deltas": bench.deltas.load(Ordering::Relaxed), "cpu_ns": cost,
            "wall_ns": wall.as_nanos() as i64, "peak_kib": peak_kib(), "p50_ns": quantile(0.5),
            "p99_ns": quantile(0.99), "allocations": 0})
    );
    if ended != count {
        std::process::exit(1);
    }
}
