"""What the program of this folder does with its cases: one line for each, and the counts."""

import base64
import contextlib
import sys

ONE_PIXEL_PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
    "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

CITY_SCHEMA = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
}

CLAUDE = "us.anthropic.claude-haiku-4-5-20251001-v1:0"
CLAUDE_ARN = f"arn:aws:bedrock:us-east-1:123456789012:inference-profile/{CLAUDE}"
CLAUDE_WITHOUT_PROFILE = "anthropic.claude-haiku-4-5-20251001-v1:0"
COHERE_EMBEDDING = "cohere.embed-english-v3"
COUNTS_TOKENS = "anthropic.claude-sonnet-4-20250514-v1:0"
LLAMA = "meta.llama3-8b-instruct-v1:0"
NOVA = "amazon.nova-lite-v1:0"
NOVA_EMBEDDING = "amazon.nova-2-multimodal-embeddings-v1:0"
TITAN_EMBEDDING = "amazon.titan-embed-text-v2:0"
TITAN = "amazon.titan-text-express-v1"
UNKNOWN = "anthropic.claude-9-v1:0"


class Unexpected(Exception):
    """Something is not as it should be; the text says what."""


def expect_equal(what, got, expected):
    """Fails unless both are the same."""
    if got != expected:
        raise Unexpected(f"{what}: expected {expected!r}, got {got!r}")


def expect_in(what, got, part):
    """Fails unless `got` has the part."""
    if part not in got:
        raise Unexpected(f"{what}: expected {part!r} in it, got {got!r}")


def expect(what, true):
    """Fails unless it is so."""
    if not true:
        raise Unexpected(what)


@contextlib.contextmanager
def expect_error(error_class, code, status, message):
    """Fails unless the block ends with that exception of botocore."""
    try:
        yield
    except error_class as error:
        expect_equal("code", error.response["Error"]["Code"], code)
        expect_equal("status", error.response["ResponseMetadata"]["HTTPStatusCode"], status)
        expect_in("message", error.response["Error"]["Message"], message)
        return
    raise Unexpected(f"expected {code}, got an answer")


def run_cases(cases):
    """Runs pairs of name and function, and ends the program: 1 when one failed or none ran."""
    passed = failed = 0
    for name, run in cases:
        try:
            run()
            passed += 1
            print(f"ok {name}")
        except Exception as error:  # Whatever a client raises is a finding, not an end.
            failed += 1
            print(f"FAIL {name}: {type(error).__name__}: {error}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(0 if passed > 0 and failed == 0 else 1)
