"""converse and converse_stream: chat, tools and images, whole and streamed."""

import json
from functools import partial

from cases import CITY_SCHEMA, CLAUDE, CLAUDE_ARN, LLAMA, NOVA, ONE_PIXEL_PNG, TITAN
from cases import expect, expect_equal, expect_in

QUESTION = "Why is the sky blue?"
TOOL_CONFIG = {
    "tools": [{"toolSpec": {"name": "get_weather", "inputSchema": {"json": CITY_SCHEMA}}}]
}
IMAGE = {"image": {"format": "png", "source": {"bytes": ONE_PIXEL_PNG}}}


def asking(*content):
    return [{"role": "user", "content": list(content)}]


def block_of(answer, kind):
    """The first block of that kind in an answer."""
    blocks = answer["output"]["message"]["content"]
    return next(block[kind] for block in blocks if kind in block)


def text_of(events):
    return "".join(
        event.get("contentBlockDelta", {}).get("delta", {}).get("text", "") for event in events
    )


def expect_usage(usage):
    expect_equal("total", usage["totalTokens"], usage["inputTokens"] + usage["outputTokens"])
    expect("an answer costs tokens", usage["outputTokens"] > 0)


def chat(client, model):
    answer = client.converse(
        modelId=model,
        messages=asking({"text": QUESTION}),
        inferenceConfig={"maxTokens": 200, "temperature": 0.5},
    )
    expect_equal("stop reason", answer["stopReason"], "end_turn")
    expect_in("text", block_of(answer, "text"), QUESTION)
    expect_usage(answer["usage"])
    expect_equal("request id", len(answer["ResponseMetadata"]["RequestId"]), 36)


def streamed_chat(client, model):
    reply = client.converse_stream(modelId=model, messages=asking({"text": QUESTION}))
    events = list(reply["stream"])
    kinds = [next(iter(event)) for event in events]
    expect_equal("first", kinds[0], "messageStart")
    expect_equal("last", kinds[-3:], ["contentBlockStop", "messageStop", "metadata"])
    expect("the text comes in pieces", kinds.count("contentBlockDelta") > 1)
    expect_in("text", text_of(events), QUESTION)
    expect_usage(events[-1]["metadata"]["usage"])


def call_tool(client):
    question = asking({"text": "Call get_weather for Lisbon."})
    call = client.converse(modelId=CLAUDE, messages=question, toolConfig=TOOL_CONFIG)
    use = block_of(call, "toolUse")
    expect_equal("stop reason", call["stopReason"], "tool_use")
    expect_equal("tool", use["name"], "get_weather")
    expect_equal("arguments", list(use["input"]), ["city"])

    result = {"toolUseId": use["toolUseId"], "content": [{"json": {"sky": "clear"}}]}
    messages = [*question, call["output"]["message"], *asking({"toolResult": result})]
    answer = client.converse(modelId=CLAUDE, messages=messages, toolConfig=TOOL_CONFIG)
    expect_equal("stop reason after the result", answer["stopReason"], "end_turn")
    expect_in("text", block_of(answer, "text"), "clear")


def call_tool_streamed(client):
    question = asking({"text": "Call get_weather for Lisbon."})
    reply = client.converse_stream(modelId=CLAUDE, messages=question, toolConfig=TOOL_CONFIG)
    name, arguments, reason = None, "", None
    for event in reply["stream"]:
        name = (
            event.get("contentBlockStart", {}).get("start", {}).get("toolUse", {}).get("name", name)
        )
        arguments += (
            event.get("contentBlockDelta", {}).get("delta", {}).get("toolUse", {}).get("input", "")
        )
        reason = event.get("messageStop", {}).get("stopReason", reason)
    expect_equal("tool", name, "get_weather")
    expect_equal("arguments", list(json.loads(arguments)), ["city"])
    expect_equal("stop reason", reason, "tool_use")


def show_image(client):
    answer = client.converse(modelId=CLAUDE, messages=asking({"text": "What is this?"}, IMAGE))
    expect_in("text", block_of(answer, "text"), "image/png, 70 bytes, 1 x 1 pixels")


def reason_aloud(client):
    answer = client.converse(
        modelId=CLAUDE,
        messages=asking({"text": "Think."}),
        inferenceConfig={"maxTokens": 2048},
        additionalModelRequestFields={"thinking": {"type": "enabled", "budget_tokens": 1024}},
    )
    reasoning = block_of(answer, "reasoningContent")["reasoningText"]
    expect("reasoning is signed", reasoning["text"] and reasoning["signature"])


def cases(client):
    """Conversations that the client must carry."""
    return [
        ("chat with Claude", partial(chat, client, CLAUDE)),
        ("chat with an ARN, which has a slash", partial(chat, client, CLAUDE_ARN)),
        ("chat with Llama", partial(chat, client, LLAMA)),
        ("chat with Nova", partial(chat, client, NOVA)),
        ("chat with Titan", partial(chat, client, TITAN)),
        ("streamed chat with Claude", partial(streamed_chat, client, CLAUDE)),
        ("streamed chat with Llama", partial(streamed_chat, client, LLAMA)),
        ("tool call and result", partial(call_tool, client)),
        ("streamed tool call", partial(call_tool_streamed, client)),
        ("image", partial(show_image, client)),
        ("reasoning", partial(reason_aloud, client)),
    ]
