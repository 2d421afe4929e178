"""count_tokens, apply_guardrail and embeddings."""

import json
from functools import partial

from cases import COHERE_EMBEDDING, COUNTS_TOKENS, NOVA_EMBEDDING, TITAN, TITAN_EMBEDDING
from cases import expect, expect_equal, expect_error

MESSAGES = [{"role": "user", "content": [{"text": "Why is the sky blue?"}]}]
NATIVE_BODY = {
    "anthropic_version": "bedrock-2023-05-31",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "Why is the sky blue?"}],
}

# A request for each family of embeddings, where its answer has the vector, and how long it is.
EMBEDDINGS = {
    "Titan": (
        TITAN_EMBEDDING,
        {"inputText": "sky", "dimensions": 256},
        lambda answer: answer["embedding"],
        256,
    ),
    "Cohere": (
        COHERE_EMBEDDING,
        {"texts": ["sky"], "input_type": "search_query"},
        lambda answer: answer["embeddings"][0],
        1024,
    ),
    "Nova": (
        NOVA_EMBEDDING,
        {
            "taskType": "SINGLE_EMBEDDING",
            "singleEmbeddingParams": {
                "embeddingPurpose": "GENERIC_INDEX",
                "embeddingDimension": 1024,
                "text": {"truncationMode": "END", "value": "sky"},
            },
        },
        lambda answer: answer["embeddings"][0]["embedding"],
        1024,
    ),
}


def count(client, request):
    reply = client.count_tokens(modelId=COUNTS_TOKENS, input=request)
    expect("a prompt has tokens", reply["inputTokens"] > 0)


def refuse_count(client):
    message = "The provided model doesn't support counting tokens."
    with expect_error(client.exceptions.ValidationException, "ValidationException", 400, message):
        client.count_tokens(modelId=TITAN, input={"converse": {"messages": MESSAGES}})


def guard(client):
    reply = client.apply_guardrail(
        guardrailIdentifier="abc123",
        guardrailVersion="1",
        source="INPUT",
        content=[{"text": {"text": "Why?"}}],
    )
    expect_equal("action", reply["action"], "NONE")


def embed(client, model, body, vector_of, length):
    reply = client.invoke_model(modelId=model, body=json.dumps(body))
    expect_equal("length", len(vector_of(json.loads(reply["body"].read()))), length)


def cases(client):
    """What is neither a conversation nor a text."""
    conversation = {"converse": {"messages": MESSAGES}}
    native = {"invokeModel": {"body": json.dumps(NATIVE_BODY)}}
    pairs = [
        ("tokens of a conversation", partial(count, client, conversation)),
        ("tokens of a native body", partial(count, client, native)),
        ("refusal to count tokens", partial(refuse_count, client)),
        ("guardrail", partial(guard, client)),
    ]
    for name, family in EMBEDDINGS.items():
        pairs.append((f"embedding by {name}", partial(embed, client, *family)))
    return pairs
