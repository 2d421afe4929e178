"""One call by litellm, with its own defaults."""

import os

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # Otherwise the import downloads prices.
import litellm

from serve_calls import PROMPT, serve_calls

MODEL = "bedrock/converse/us.anthropic.claude-haiku-4-5-20251001-v1:0"
REQUEST = {
    "model": MODEL,
    "messages": [{"role": "user", "content": PROMPT}],
    "aws_bedrock_runtime_endpoint": os.environ["AWS_ENDPOINT_URL"],
}


def completion(limit_s, stream):
    return litellm.completion(**REQUEST, stream=stream, **({"timeout": limit_s} if limit_s else {}))


def buffered(limit_s):
    choice = completion(limit_s, False).choices[0]
    return bool(choice.message.content) and choice.finish_reason == "stop"


def stream(limit_s):
    chunks = list(completion(limit_s, True))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    # The last words of the default completion: litellm gives a finish reason of its own to a cut one.
    return text.endswith("the same format.") and chunks[-1].choices[0].finish_reason == "stop"


serve_calls({"buffered": buffered, "stream": stream})
