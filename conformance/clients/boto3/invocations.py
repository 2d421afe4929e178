"""invoke_model and invoke_model_with_response_stream with the native bodies of each family."""

import json
from functools import partial

from cases import CLAUDE, LLAMA, TITAN, expect, expect_in

QUESTION = "Why is the sky blue?"

# A native request for each family, and where its answer has the text: whole and in a chunk.
FAMILIES = {
    "Claude": (
        CLAUDE,
        {
            "anthropic_version": "bedrock-2023-05-31",
            "max_tokens": 200,
            "messages": [{"role": "user", "content": QUESTION}],
        },
        lambda answer: answer["content"][0]["text"],
        lambda chunk: chunk.get("delta", {}).get("text", ""),
    ),
    "Titan": (
        TITAN,
        {"inputText": QUESTION},
        lambda answer: answer["results"][0]["outputText"],
        lambda chunk: chunk["outputText"],
    ),
    "Llama": (
        LLAMA,
        {"prompt": QUESTION},
        lambda answer: answer["generation"],
        lambda chunk: chunk["generation"],
    ),
}


def whole(client, model, body, text, _piece):
    reply = client.invoke_model(modelId=model, body=json.dumps(body))
    expect_in("text", text(json.loads(reply["body"].read())), "sky blue")


def streamed(client, model, body, _text, piece):
    reply = client.invoke_model_with_response_stream(modelId=model, body=json.dumps(body))
    chunks = [json.loads(event["chunk"]["bytes"]) for event in reply["body"]]
    expect_in("text", "".join(piece(chunk) for chunk in chunks), "sky blue")
    metrics = chunks[-1]["amazon-bedrock-invocationMetrics"]
    expect("an answer costs tokens", metrics["outputTokenCount"] > 0)


def cases(client):
    """Native invocations of each family."""
    pairs = []
    for name, family in FAMILIES.items():
        pairs.append((f"invocation of {name}", partial(whole, client, *family)))
        pairs.append((f"streamed invocation of {name}", partial(streamed, client, *family)))
    return pairs
